"""A recording put on another clock (libsoxr, quality VHQ)."""

from fractions import Fraction

import numpy as np
import soxr

from saycut.pcm import Blocks, Pcm, PcmReader, blocks_of
from saycut.watch import Watch


def corrected_samples(samples: int, drift_ppm: float) -> int:
    """How many samples `corrected` gives for a sound of `samples` samples: samples · (1 + d), rounded."""
    return round(samples * (1 + Fraction(drift_ppm) / 1_000_000))


def corrected(reader: PcmReader, drift_ppm: float, watch: Watch | None = None) -> Blocks:
    """The sound stretched by (1 + drift_ppm·1e-6): sample n of the input lands at n·(1 + d).

    Float32 blocks (samples, channels), `corrected_samples` in all; channels stay aligned. Pitch moves
    by the same parts per million, far below what can be heard. Zero drift passes the sound through
    bit for bit. Memory is constant.
    """
    watch = watch or Watch()
    wanted = left = corrected_samples(reader.samples, drift_ppm)
    for block in _stretched(reader, drift_ppm):
        watch.report("correcting the clock", 1 - left / max(1, wanted))
        fitting = block[:left]
        left -= len(fitting)
        if len(fitting):
            yield fitting
    if left:
        yield np.zeros((left, reader.channels), np.float32)


def _stretched(reader: PcmReader, drift_ppm: float) -> Blocks:
    if drift_ppm == 0:
        yield from blocks_of(reader)
        return
    to_hz = reader.rate_hz * (1 + drift_ppm * 1e-6)
    stream = soxr.ResampleStream(reader.rate_hz, to_hz, reader.channels, dtype="float32", quality="VHQ")
    for block in blocks_of(reader):
        out: Pcm = stream.resample_chunk(np.ascontiguousarray(block, np.float32))
        yield out
    tail: Pcm = stream.resample_chunk(np.zeros((0, reader.channels), np.float32), last=True)
    yield tail
