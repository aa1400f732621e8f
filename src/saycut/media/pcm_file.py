"""Sound kept as raw float32 in a private work file: random access in constant memory."""

import errno
import os
import tempfile
from pathlib import Path
from types import TracebackType

import numpy as np

from saycut.errors import DiskFull
from saycut.pcm import RATE_HZ, Blocks, Pcm

_SAMPLE_BYTES = 4


class PcmFile:
    """A `PcmReader` over raw interleaved float32 (little endian), read by os.pread.

    Safe to read from several threads. It owns its file: `close` (or leaving the `with`) closes
    and removes it.
    """

    def __init__(self, path: Path, rate_hz: int, channels: int) -> None:
        self.path = path
        self.rate_hz = rate_hz
        self.channels = channels
        self._frame_bytes = channels * _SAMPLE_BYTES
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self.samples = os.fstat(self._descriptor).st_size // self._frame_bytes

    def read(self, start: int, count: int) -> Pcm:
        """Exactly `count` samples from `start`, float32 (count, channels); zeros outside the sound."""
        out = np.zeros((count, self.channels), np.float32)
        first, last = max(start, 0), min(start + count, self.samples)
        if first >= last:
            return out
        target = out[first - start : last - start].data.cast("B")
        position = first * self._frame_bytes
        while target:
            got = os.preadv(self._descriptor, [target], position)
            if got == 0:
                raise EOFError(f"{self.path.name} is shorter than when it was opened")
            target, position = target[got:], position + got
        return out

    def close(self) -> None:
        """Close and remove the file; doing it twice is harmless."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
            self.path.unlink(missing_ok=True)

    def __enter__(self) -> "PcmFile":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def write_pcm(blocks: Blocks, folder: Path, channels: int, rate_hz: int = RATE_HZ) -> PcmFile:
    """Store `blocks` in a new file (mode 0600) in `folder`.

    Raises DiskFull; on any error the file is removed.
    """
    descriptor, name = tempfile.mkstemp(prefix="sound-", suffix=".f32", dir=folder)
    path = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for block in blocks:
                if block.ndim != 2 or block.shape[1] != channels:
                    raise ValueError(f"a block of shape {block.shape} in a sound of {channels} channels")
                file.write(np.ascontiguousarray(block, "<f4").data)
        return PcmFile(path, rate_hz, channels)
    except BaseException as error:
        path.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(folder=folder) from None
        raise
