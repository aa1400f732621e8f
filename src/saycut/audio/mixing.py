"""Layers of sound added up, gains, fades at the ends."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from saycut.errors import Internal
from saycut.pcm import RATE_HZ, Blocks, Pcm


def mix(layers: Sequence[Blocks]) -> Blocks:
    """The sum of layers of one length and channel count, whatever the size of their blocks.

    Nothing is clipped or scaled: a limiter comes last. The blocks follow those of the first layer.
    Raises Internal when a layer ends before or after the first one.
    """
    if not layers:
        return
    first, *others = layers
    sources = [_Source(layer) for layer in others]
    for block in first:
        total = block
        for source in sources:
            total = total + source.take(len(block))
        yield total
    if any(source.left() for source in sources):
        raise Internal(reason="a layer of sound is longer than the first one")


def amplify(blocks: Blocks, gain_db: float) -> Blocks:
    """One static gain; 0 dB leaves every sample as it is."""
    gain = np.float32(10 ** (gain_db / 20))
    for block in blocks:
        yield block if gain == 1.0 else block * gain


def fade(blocks: Blocks, total: int, in_s: float, out_s: float, rate_hz: int = RATE_HZ) -> Blocks:
    """Fade in from the first sample and out to the last of `total`, by sine-squared ramps.

    Between the ramps the samples are not touched. Ramps longer than the sound overlap.
    """
    into, out = round(in_s * rate_hz), round(out_s * rate_hz)
    start = 0
    for block in blocks:
        stop = start + len(block)
        places = np.arange(start, stop, dtype=np.float64) + 0.5
        faded: Pcm = block
        if start < into:
            faded = faded * _ramp(places, into)
        if stop > total - out:
            faded = faded * _ramp(total - places, out)
        yield faded
        start = stop


def _ramp(places: NDArray[np.float64], length: int) -> Pcm:
    """0 at place 0, 1 from `length` on: float32 (samples, 1)."""
    angle = np.clip(places / length, 0.0, 1.0) * (math.pi / 2)
    return np.asarray(np.sin(angle) ** 2, np.float32)[:, None]


class _Source:
    """A layer read in pieces of another size than its blocks."""

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks
        self._held: list[Pcm] = []
        self._count = 0

    def take(self, count: int) -> Pcm:
        """The next `count` samples."""
        while self._count < count:
            block = next(self._blocks, None)
            if block is None:
                raise Internal(reason="a layer of sound is shorter than the first one")
            self._held.append(block)
            self._count += len(block)
        joined = self._held[0] if len(self._held) == 1 else np.concatenate(self._held)
        self._held, self._count = [joined[count:]], self._count - count
        return joined[:count]

    def left(self) -> bool:
        """Whether samples remain."""
        return self._count > 0 or any(len(block) for block in self._blocks)
