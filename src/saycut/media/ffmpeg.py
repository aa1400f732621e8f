"""The pinned ffmpeg: where it is, how it opens files, how it is run."""

import os
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from importlib import metadata
from pathlib import Path

import numpy as np

from saycut.errors import Internal
from saycut.media import sandbox
from saycut.media.allowed import MOST_PIXELS, decoder_whitelist
from saycut.media.info import Source
from saycut.media.progress import ProgressReader
from saycut.media.sandbox import Limits
from saycut.pcm import Blocks
from saycut.watch import Watch

PACKAGE_VERSION = "0.8.1"
FFMPEG_RELEASE = "9.0.2"
ENCODE_LIMITS = Limits(memory_bytes=8 << 30, cpu_s=None, wall_s=24 * 3600.0)
COPY_LIMITS = Limits(memory_bytes=2 << 30, cpu_s=3600, wall_s=2 * 3600.0)


@lru_cache(maxsize=1)
def binary() -> Path:
    """The ffmpeg inside the pinned imageio-ffmpeg package; never one from PATH or from a variable.

    Option syntax differs between releases, so another version is as good as none: raises Internal.
    """
    found = metadata.version("imageio-ffmpeg")
    if found != PACKAGE_VERSION:
        raise Internal(reason=f"imageio-ffmpeg {found} is installed; Saycut works with {PACKAGE_VERSION}.")
    files = metadata.files("imageio-ffmpeg") or []
    for file in files:
        if file.parent.name == "binaries" and file.name.startswith("ffmpeg-"):
            path = Path(os.fspath(file.locate()))
            if f"v{FFMPEG_RELEASE}" not in file.name:
                raise Internal(reason=f"{file.name} is installed; Saycut works with ffmpeg {FFMPEG_RELEASE}.")
            if os.access(path, os.X_OK):
                return path
    raise Internal(reason="the ffmpeg program of imageio-ffmpeg is not there; install the package again.")


def head() -> list[str]:
    """The program and the options before any input."""
    return [str(binary()), "-hide_banner", "-nostdin", "-loglevel", "error", "-y"]


def input_args(source: Source) -> list[str]:
    """Open `source` with its sniffed demuxer only and from files only; the path is data whatever is in it."""
    demuxer = source.info.demuxer
    return [
        *(
            "-format_whitelist",
            demuxer,
            "-protocol_whitelist",
            "file",
            "-codec_whitelist",
            decoder_whitelist(),
        ),
        *("-max_pixels", str(MOST_PIXELS), "-f", demuxer, "-i", file_operand(source.path)),
    ]


def file_operand(path: Path) -> str:
    """An absolute path behind `file:`, so that it can be neither option nor protocol nor pattern."""
    return f"file:{path.absolute()}"


def pcm_input_args(channels: int, rate_hz: int) -> list[str]:
    """Take raw float32 sound from stdin."""
    return [
        *("-protocol_whitelist", "pipe", "-f", "f32le", "-ar", str(rate_hz), "-ac", str(channels)),
        *("-i", "pipe:0"),
    ]


def execute(
    argv: Sequence[str],
    *,
    expected_s: Fraction | float | None = None,
    stage: str = "encode",
    watch: Watch | None = None,
    sound: Blocks | None = None,
    limits: Limits = ENCODE_LIMITS,
    reads: Sequence[Path] = (),
    writes: Sequence[Path] = (),
    on_fraction: Callable[[float], None] | None = None,
    devices: bool = False,
) -> None:
    """Run an argv built in this room to its end; `sound` goes to its stdin as f32le.

    `reads` and `writes` are all the files it may touch; `devices` opens the chips that encode. Progress
    is reported to `watch` under `stage` against `expected_s`, or to `on_fraction`. Raises Cancelled,
    DiskFull, LimitExceeded, EngineFailed. A return means exit status 0, no more: results are probed by
    whoever publishes them.
    """

    def report(fraction: float) -> None:
        if on_fraction is not None:
            on_fraction(fraction)
        elif watch is not None:
            watch.report(stage, fraction)

    progress = ProgressReader(expected_s, report) if expected_s is not None else None
    sandbox.run(
        [argv[0], "-progress", "pipe:1", "-stats_period", "0.25", *argv[1:]],
        limits=limits,
        stdin=None if sound is None else _raw(sound),
        on_stdout=progress.feed if progress is not None else _ignore,
        watch=watch,
        reads=reads,
        writes=writes,
        devices=devices,
    )


def _raw(blocks: Blocks) -> Iterator[bytes]:
    for block in blocks:
        yield np.ascontiguousarray(block, "<f4").tobytes()


def _ignore(_: bytes) -> None:
    return
