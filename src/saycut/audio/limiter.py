"""One static gain, then a look-ahead true-peak limiter.

The wave between the samples is known 5 ms ahead (`true_peak.PeakEnvelope`), so the gain is down
before a peak comes: the reduction each peak needs is held over the look-ahead, released
exponentially in decibels (80 ms) and smoothed by a raised cosine as long as the look-ahead. Every
value under the cosine is at least the reduction needed, so their mean is too, and the gain never
has an edge. All channels share one gain (the stereo image stands still).

A gain that moves also moves the wave between the samples. Because it stands still around the peak
that sets it, that is little: at most 0.005 dB above the ceiling in 1500 random hostile signals
(clicks, squares, noise, tones near Nyquist, 8 to 96 kHz). Where nothing exceeds the ceiling the
samples are not touched.
"""

import math

import numpy as np
from numpy.typing import NDArray

from saycut.audio.true_peak import PeakEnvelope
from saycut.pcm import Blocks, Pcm

LOOK_AHEAD_S = 0.005
RELEASE_S = 0.080
_INAUDIBLE_DB = 1e-4  # a releasing gain is back at exactly one below this
_MAX_EXPONENT = 50.0  # of the growth that is divided out at a time: e^50 is far from overflow

Decibels = NDArray[np.float64]


class Limiter:
    """One gain and one ceiling for one stream; it tells how much it limited."""

    def __init__(self, rate_hz: int, ceiling_dbtp: float, gain_db: float = 0.0) -> None:
        self._rate_hz = rate_hz
        self._ceiling = 10 ** (ceiling_dbtp / 20)
        self._gain = np.float32(10 ** (gain_db / 20))
        self._curve = ReductionCurve(rate_hz)
        self.max_reduction_db = 0.0  # the most the level was reduced so far

    def limit(self, blocks: Blocks) -> Blocks:
        """The same number of samples, aligned to the sample, true peak <= ceiling + 0.05 dB.

        Takes blocks of any size; those that come out have other sizes.
        """
        envelope: PeakEnvelope | None = None
        late: Pcm = np.zeros((0, 0), np.float32)  # the sound, waiting for its gain
        delay = PeakEnvelope.DELAY + self._curve.look_ahead
        to_drop = delay
        for block in blocks:
            amplified = block if self._gain == 1.0 else block * self._gain
            if envelope is None:
                envelope = PeakEnvelope(self._rate_hz, block.shape[1], self._ceiling)
                late = np.zeros((delay, block.shape[1]), np.float32)
            joined = np.concatenate((late, amplified))
            late = joined[len(block) :]
            out = self._reduced(joined[: len(block)], envelope.push(amplified))
            if len(out) > to_drop:
                yield out[to_drop:]
            to_drop = max(to_drop - len(out), 0)
        if envelope is not None:
            out = self._reduced(late, envelope.push(np.zeros_like(late)))
            yield out[to_drop:]

    def _reduced(self, late: Pcm, peaks: NDArray[np.float32]) -> Pcm:
        over = peaks > self._ceiling
        if self._curve.idle and not over.any():
            return late
        needed = np.zeros(len(peaks))
        needed[over] = 20.0 * np.log10(peaks[over] / self._ceiling)
        reduction = self._curve.push(needed)
        if not reduction.any():
            return late
        self.max_reduction_db = max(self.max_reduction_db, float(reduction.max()))
        gain = np.exp(reduction * (-math.log(10) / 20)).astype(np.float32)
        return late * gain[:, None]


def limit(blocks: Blocks, rate_hz: int, ceiling_dbtp: float, gain_db: float = 0.0) -> Blocks:
    """`Limiter(rate_hz, ceiling_dbtp, gain_db).limit(blocks)`, for callers who need no report."""
    return Limiter(rate_hz, ceiling_dbtp, gain_db).limit(blocks)


class ReductionCurve:
    """From the reduction every moment needs to the one that is applied, streamed.

    Fed n values in dB >= 0 it answers n values, `look_ahead` values late. `rate_hz` is the rate
    of the values: samples in the limiter, frames where limiting is only foreseen.
    """

    def __init__(self, rate_hz: float) -> None:
        self.look_ahead = max(round(LOOK_AHEAD_S * rate_hz), 1)
        window = np.hanning(self.look_ahead + 3)[1:-1]
        self._smoothing = window / window.sum()
        self._decay_per_value = 1.0 / (RELEASE_S * rate_hz)
        self._needed = np.zeros(self.look_ahead)  # not yet decided upon
        self._held = np.zeros(self.look_ahead)  # decided upon, still under the cosine

    @property
    def idle(self) -> bool:
        """Whether nothing that was heard so far reduces anything that is still to come."""
        return not (self._held.any() or self._needed.any())

    def push(self, needed: Decibels) -> Decibels:
        """float64 (values,) → float64 (values,)."""
        from scipy.ndimage import maximum_filter1d

        from saycut.audio.convolving import convolved

        count = len(needed)
        if not count:
            return needed
        ahead = np.concatenate((self._needed, needed))
        self._needed = ahead[count:]
        width = self.look_ahead + 1
        # This origin makes the window of value i [i, i + look_ahead].
        peaks = maximum_filter1d(ahead, width, mode="constant", origin=-(width // 2))[:count]
        held = np.concatenate((self._held, self._released(peaks)))
        self._held = held[count:]
        smooth: Decibels = convolved(held, self._smoothing)
        # The transform leaves noise where nothing is reduced.
        return np.where(smooth > _INAUDIBLE_DB / 1e3, smooth, 0.0)

    def _released(self, peaks: Decibels) -> Decibels:
        """max(peak, what the value before has decayed to), value after value."""
        out = np.empty_like(peaks)
        last = self._held[-1]
        # Growth by exp(n / release) turns the decay into a running maximum, a stretch at a time.
        stretch = max(int(_MAX_EXPONENT / self._decay_per_value), 1)
        for start in range(0, len(peaks), stretch):
            part = peaks[start : start + stretch]
            growth = np.exp(np.arange(1, len(part) + 1) * self._decay_per_value)
            risen = np.maximum.accumulate(np.maximum(part * growth, last))
            out[start : start + len(part)] = risen / growth
            last = out[start + len(part) - 1]
        out[out < _INAUDIBLE_DB] = 0.0
        return out
