"""Sample-rate conversion of streams (libsoxr, quality HQ)."""

import numpy as np
import soxr

from saycut.pcm import Blocks, Pcm


def resample(blocks: Blocks, from_hz: int, to_hz: int, channels: int) -> Blocks:
    """The same sound at `to_hz`, time-aligned, exactly round(n * to_hz / from_hz) samples long (halves up).

    `blocks` are float32 (samples, channels) and so are the results; block sizes differ.
    Equal rates pass the blocks through untouched.
    """
    if from_hz == to_hz:
        yield from blocks
        return
    stream = soxr.ResampleStream(from_hz, to_hz, channels, dtype="float32", quality="HQ")
    taken = given = 0
    for block in blocks:
        taken += len(block)
        # soxr accepts only contiguous float32 and hands out what its filter has settled
        out: Pcm = stream.resample_chunk(np.ascontiguousarray(block, np.float32))
        if len(out):
            given += len(out)
            yield out
    wanted = (2 * taken * to_hz + from_hz) // (2 * from_hz)
    tail: Pcm = stream.resample_chunk(np.zeros((0, channels), np.float32), last=True)
    missing = wanted - given
    if missing > 0:
        yield np.pad(tail[:missing], ((0, max(0, missing - len(tail))), (0, 0)))
