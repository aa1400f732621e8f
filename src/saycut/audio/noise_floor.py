"""Noise floor: the level of the quietest steady parts of a sound.

The power of a frame of 50 ms is the mean over its samples and channels. Without regions, the
answer is the level that a tenth of all stretches of 200 ms (50 ms apart) do not exceed: long
enough that a dip between syllables is none, and unbiased for steady noise. Digital silence (frames
below -120 dBFS: padding, gaps, muted parts) counts only when there is nothing else, and a stretch
that is part silence, part sound not at all. With regions (the pauses of a recording) the answer is
the median of the frames that lie in them, silent ones included: a breath or a click moves it
little, and before and after can be compared in the same places.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from saycut.audio.true_peak import SILENCE_DB
from saycut.pcm import Pcm

FRAME_S = 0.05
_STRETCH_FRAMES = 4
_QUIETEST = 0.10
_MEDIAN = 0.5
_BINS_PER_DB = 20
_LOUDEST_DB = 40.0  # float sound may exceed full scale
_BINS = int((_LOUDEST_DB - SILENCE_DB) * _BINS_PER_DB) + 1
_SILENT_POWER = 10 ** (SILENCE_DB / 10)

Powers = NDArray[np.float64]


class NoiseFloorMeter:
    """Noise floor of a streamed sound; memory does not grow with it (a histogram of 0.05 dB)."""

    def __init__(self, rate_hz: int, regions: Sequence[tuple[float, float]] | None = None) -> None:
        """`regions` are (start_s, end_s), ascending, not overlapping: only what lies in them counts."""
        self._frame_samples = round(FRAME_S * rate_hz)
        self._regions = None if regions is None else _in_frames(regions, rate_hz / self._frame_samples)
        self._histogram = np.zeros(_BINS, np.int64)
        self._rest: Pcm | None = None  # samples of an unfinished frame
        self._recent: Powers = np.zeros(0)  # frames whose stretch is unfinished
        self._frames = 0

    def push(self, block: Pcm) -> None:
        """Hear the next samples, float32 (samples, channels), any number of them."""
        joined = block if self._rest is None else np.concatenate((self._rest, block))
        count = len(joined) // self._frame_samples
        self._rest = joined[count * self._frame_samples :].copy()
        if not count:
            return
        frames = joined[: count * self._frame_samples].reshape(count, -1).astype(np.float64)
        powers = np.einsum("ij,ij->i", frames, frames) / frames.shape[1]
        if self._regions is None:
            self._count(self._stretches(powers))
        else:
            self._count(powers[_inside(self._regions, self._frames, count)])
        self._frames += count

    def dbfs(self) -> float | None:
        """RMS level in dBFS, -120 standing for that and below.

        None when nothing was heard: shorter than a stretch, or no frame lies in the regions.
        """
        counts = self._histogram.copy()
        if self._regions is None and counts[1:].any():
            counts[0] = 0
        if not counts.any():
            return None
        share = _MEDIAN if self._regions is not None else _QUIETEST
        reached = np.cumsum(counts) >= max(math.ceil(share * int(counts.sum())), 1)
        return SILENCE_DB + float(np.argmax(reached)) / _BINS_PER_DB

    def _stretches(self, powers: Powers) -> Powers:
        """Mean powers of the stretches that these frames complete, those half silent left out."""
        known = np.concatenate((self._recent, powers))
        self._recent = known[-(_STRETCH_FRAMES - 1) :]
        if len(known) < _STRETCH_FRAMES:
            return known[:0]
        stretches = np.lib.stride_tricks.sliding_window_view(known, _STRETCH_FRAMES)
        silent = np.count_nonzero(stretches <= _SILENT_POWER, axis=1)
        means: Powers = stretches.mean(axis=1)[(silent == 0) | (silent == _STRETCH_FRAMES)]
        return means

    def _count(self, powers: Powers) -> None:
        levels = 10.0 * np.log10(np.maximum(powers, _SILENT_POWER))
        bins = np.rint((levels - SILENCE_DB) * _BINS_PER_DB).astype(np.intp)
        self._histogram += np.bincount(np.minimum(bins, _BINS - 1), minlength=_BINS)


def _in_frames(regions: Sequence[tuple[float, float]], frames_hz: float) -> NDArray[np.int64]:
    """The whole frames in each region, int64 (regions, 2): first, and the one after the last."""
    # A thousandth of a frame forgives what binary fractions do to times like 0.15 s.
    edges = [
        (math.ceil(start * frames_hz - 1e-3), math.floor(end * frames_hz + 1e-3)) for start, end in regions
    ]
    return np.array(edges, np.int64).reshape(-1, 2)


def _inside(regions: NDArray[np.int64], first: int, count: int) -> NDArray[np.bool_]:
    """Which of `count` frames from number `first` on lie in a region."""
    numbers = np.arange(first, first + count)
    if not len(regions):
        return np.zeros(count, np.bool_)
    before = np.searchsorted(regions[:, 0], numbers, side="right") - 1
    inside: NDArray[np.bool_] = (before >= 0) & (numbers < regions[before, 1])
    return inside
