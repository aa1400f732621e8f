"""Large files that are media all the same: a clip, and after it a box that players skip."""

import shutil
from pathlib import Path

import numpy as np

_BLOCK_BYTES = 1 << 20
_HEADER_BYTES = 16


def padded(clip: Path, size_bytes: int, out: Path) -> Path:
    """`clip` (MP4 or MOV) grown to exactly `size_bytes` by a "free" box of noise (ISO 14496-12, 8.1.2).

    Noise, so that every byte that is lost, doubled or moved changes the hash.
    """
    shutil.copyfile(clip, out)
    free_bytes = size_bytes - clip.stat().st_size
    rng = np.random.default_rng(size_bytes)
    with out.open("ab") as file:
        file.write((1).to_bytes(4, "big") + b"free" + free_bytes.to_bytes(8, "big"))
        left_bytes = free_bytes - _HEADER_BYTES
        while left_bytes:
            block = rng.bytes(min(left_bytes, _BLOCK_BYTES))
            file.write(block)
            left_bytes -= len(block)
    return out
