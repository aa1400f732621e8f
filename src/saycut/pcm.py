"""The one shape of sound that rooms hand each other.

Sound inside Saycut is float32, shape (samples, channels), full scale 1.0, 48 kHz unless a
function says otherwise. Streams are iterators of such blocks; random access goes through
`PcmReader`. This module knows nothing of files, projects or signal processing.
"""

from collections.abc import Iterator
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Pcm = NDArray[np.float32]
Blocks = Iterator[Pcm]

RATE_HZ = 48_000
BLOCK_SAMPLES = RATE_HZ  # one second: large enough for numpy, small enough for memory


class PcmReader(Protocol):
    """Random access to a finite sound.

    `read` returns exactly `count` samples, float32 (count, channels); what lies outside
    [0, samples) reads as zeros, so that callers never special-case the edges.
    """

    @property
    def rate_hz(self) -> int: ...
    @property
    def channels(self) -> int: ...
    @property
    def samples(self) -> int: ...
    def read(self, start: int, count: int) -> Pcm: ...


class PcmArray:
    """A `PcmReader` over an array in memory, for short sounds and tests."""

    def __init__(self, samples: Pcm, rate_hz: int = RATE_HZ) -> None:
        self._samples = samples if samples.ndim == 2 else samples[:, None]
        self.rate_hz = rate_hz

    @property
    def channels(self) -> int:
        return int(self._samples.shape[1])

    @property
    def samples(self) -> int:
        return int(self._samples.shape[0])

    def read(self, start: int, count: int) -> Pcm:
        out = np.zeros((count, self.channels), np.float32)
        first, last = max(start, 0), min(start + count, self.samples)
        if first < last:
            out[first - start : last - start] = self._samples[first:last]
        return out


def blocks_of(reader: PcmReader, block_samples: int = BLOCK_SAMPLES) -> Blocks:
    """The whole of `reader` in order, in blocks of `block_samples` (the last may be shorter)."""
    for start in range(0, reader.samples, block_samples):
        yield reader.read(start, min(block_samples, reader.samples - start))


def reblock(blocks: Blocks, block_samples: int) -> Blocks:
    """The same samples in blocks of exactly `block_samples` (the last may be shorter)."""
    held: list[Pcm] = []
    count = 0
    for block in blocks:
        held.append(block)
        count += len(block)
        if count >= block_samples:
            joined = np.concatenate(held)
            whole = count - count % block_samples
            for start in range(0, whole, block_samples):
                yield joined[start : start + block_samples]
            held, count = [joined[whole:]], count - whole
    if count:
        yield np.concatenate(held)
