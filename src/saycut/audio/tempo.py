"""Sound at another speed with its pitch kept, every moment where arithmetic says.

Waveform similarity overlap-add (WSOLA; Verhelst and Roelands, ICASSP 1993): the output is made of
stretches of the source, 10 ms apart, each moved by at most 5 ms so that it continues the one before
it. The place of each is counted from the sound's beginning, so nothing ever adds up, and output sample
n belongs to source sample n * tempo for any length.

Measured, in ms of output from where it should be. Tone bursts that tell when they sound: x2 within 0.3,
x0.5 within 1.7. Windows of broadband noise, which is like nothing else in its own sound (median; worst):
x2 +0.1 (4.8), x0.5 -2.8 (15.3, which is 7.7 ms of source). A vowel of 120 Hz keeps its harmonics 33 dB
over everything else, one of 90 Hz 15 dB. The filters of the pinned ffmpeg (9.0.2) do worse and give other
lengths: noise with `atempo` x2 +2.3 (9.5) and 512 samples short, x0.5 -17.5 (44.9) and 2560 short; with
`rubberband` x2 +12.1 (18.6), x0.5 -19.8 (36.5), tone bursts at x0.5 up to 51.5 early.
"""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from saycut.pcm import Blocks, Pcm, PcmReader
from saycut.watch import Watch

Floats = NDArray[np.float64]

HOP = 480  # samples between two stretches of output: 10 ms, a pitch period of most voices
REACH = 240  # how far a stretch may be moved, in source samples: 5 ms
_COARSE = 4  # the search looks at averages of four samples first
_LEANING = 0.25  # by how much a likeness counts less at the end of the reach than at its middle
_SILENT = 1e-9
_HOPS_A_BLOCK = 100

_ANGLE = (np.arange(HOP) + 0.5) / HOP * (np.pi / 2)
_OUT, _IN = np.cos(_ANGLE) ** 2, np.sin(_ANGLE) ** 2


def stretched(
    reader: PcmReader, tempo: Fraction, first: int, count: int, watch: Watch | None = None
) -> Blocks:
    """Samples [first, first + count) of `reader` played `tempo` times as fast, in blocks of a second.

    Sample n is what the source has at n * tempo, give or take 10 ms of the source up to tempo 2.
    At tempo 1 every sample is the source's own. Channels stay aligned. Memory grows with `tempo` alone.
    """
    watch = watch or Watch()
    follows = round(first * tempo)
    for done in range(0, count, HOP * _HOPS_A_BLOCK):
        wanted = min(HOP * _HOPS_A_BLOCK, count - done)
        hops = -(-wanted // HOP)
        nominal = [round((first + done + hop * HOP) * tempo) for hop in range(1, hops + 1)]
        low = min(follows, nominal[0] - HOP - REACH)
        window = _Window(reader, low, max(nominal[-1], follows) + HOP + REACH - low)
        out = np.empty((hops * HOP, reader.channels), np.float32)
        for hop, place in enumerate(nominal):
            begins, likeness = window.alike(follows, place - HOP)
            out[hop * HOP : (hop + 1) * HOP] = window.crossed(follows, begins, likeness)
            follows = begins + HOP
        watch.report("change the speed", (done + wanted) / count)
        yield out[:wanted]


class _Window:
    """A stretch of the source in memory, from sample `low` on."""

    def __init__(self, reader: PcmReader, low: int, count: int) -> None:
        self._low = low
        self._sound = reader.read(low, count)
        self._mono: Floats = self._sound.mean(axis=1, dtype=np.float64)
        whole = count - count % _COARSE
        self._coarse: Floats = self._mono[:whole].reshape(-1, _COARSE).mean(axis=1)

    def alike(self, follows: int, nominal: int) -> tuple[int, float]:
        """Where, within the reach of `nominal`, the source goes on most like it does at `follows`,
        and how alike the two are (a correlation coefficient, 0 to 1)."""
        after, centre = follows - self._low, nominal - self._low
        pattern, first = after // _COARSE, max(0, (centre - REACH) // _COARSE)
        length = HOP // _COARSE
        lags = min(2 * REACH // _COARSE, len(self._coarse) - first - length)
        scores = _likeness(
            self._coarse[first : first + lags + length], self._coarse[pattern : pattern + length]
        )
        places = (first + np.arange(len(scores))) * _COARSE + after % _COARSE
        best = int(places[np.argmax(_leaning(scores, places - centre))])
        start = max(0, best - _COARSE, centre - REACH)
        stop = max(start, min(best + _COARSE, centre + REACH, len(self._mono) - HOP))
        fine = _likeness(self._mono[start : stop + HOP], self._mono[after : after + HOP])
        found = int(np.argmax(_leaning(fine, np.arange(start, stop + 1) - centre)))
        if not np.any(fine > 0):
            return nominal, 0.0
        return self._low + start + found, float(np.clip(fine[found], 0.0, 1.0))

    def crossed(self, follows: int, begins: int, likeness: float) -> Pcm:
        """One hop that goes over from the sound at `follows` to that at `begins`, at an even power."""
        leaving = self._sound[follows - self._low :][:HOP]
        coming = self._sound[begins - self._low :][:HOP]
        power = _OUT**2 + _IN**2 + 2 * likeness * _OUT * _IN
        gain = 1 / np.sqrt(power)
        mixed = leaving * (_OUT * gain)[:, None] + coming * (_IN * gain)[:, None]
        return np.asarray(mixed, np.float32)


def _likeness(searched: Floats, pattern: Floats) -> Floats:
    """The correlation coefficient of `pattern` with every place of `searched`; 0 where either is silent."""
    length = len(pattern)
    energy = np.concatenate(([0.0], np.cumsum(searched**2)))
    energies = (energy[length:] - energy[:-length]) * float(np.sum(pattern**2))
    products = np.correlate(searched, pattern, mode="valid")
    return np.asarray(products / np.sqrt(np.maximum(energies, _SILENT**2)), np.float64)


def _leaning(scores: Floats, distance: NDArray[np.int64]) -> Floats:
    """Scores that favour the middle of the reach: what is as alike there is nearer its moment."""
    return np.asarray(scores * (1 - _LEANING * (distance / REACH) ** 2), np.float64)
