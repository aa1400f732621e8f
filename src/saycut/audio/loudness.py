"""Loudness by ITU-R BS.1770-5 (measure), EBU R 128 with Tech 3341 (gating) and Tech 3342 (range).

The sound is K-weighted, squared, weighted by channel and summed over 100 ms sub-blocks; everything
else is computed from those sums (4 bytes each: 144 kB an hour), whatever the length of the sound.
A mono sound is one channel: it measures 3 dB lower than the same sound on two, as the standard says.
"""

import math
from array import array

import msgspec
import numpy as np
from numpy.typing import NDArray

from saycut.audio.biquads import filtered
from saycut.audio.true_peak import TruePeakMeter
from saycut.pcm import Blocks, Pcm

Powers = NDArray[np.float64]  # mean square of sub-blocks, K-weighted, summed over the channels

SUB_BLOCKS_HZ = 10
_GATING_SUB_BLOCKS = 4  # 400 ms, overlapping by 75 %
_SHORT_TERM_SUB_BLOCKS = 30  # 3 s
_OFFSET_LU = -0.691  # BS.1770-5: a 997 Hz sine at 0 dBFS on one channel reads -3.01 LUFS
_ABSOLUTE_GATE_LUFS = -70.0
_RELATIVE_GATE_LU = -10.0
_RANGE_GATE_LU = -20.0  # Tech 3342

# BS.1770-5 Table 3: 1.41 for loudspeakers 60 to 120 degrees to the side, no LFE. Channels in the
# order of WAVE and FFmpeg: FL FR FC LFE and so on; 5.1 has its pair at 110, 7.1 its sides last.
_CHANNEL_WEIGHTS = {
    5: (1.0, 1.0, 1.0, 1.41, 1.41),
    6: (1.0, 1.0, 1.0, 0.0, 1.41, 1.41),
    8: (1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.41, 1.41),
}


class Level(msgspec.Struct, frozen=True):
    """How loud a whole sound is.

    `integrated_lufs` is None when nothing passes the gate (silence, or shorter than 0.4 s),
    `range_lu` when nothing of 3 s does. Peaks are never below -120, which stands for silence.
    """

    integrated_lufs: float | None
    true_peak_dbtp: float
    range_lu: float | None
    sample_peak_dbfs: float


class KWeighting:
    """The power of a streamed sound as the ear weighs it: one value a sample over all channels."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._sections = k_weighting(rate_hz)
        self._state = np.zeros((len(self._sections), channels, 2))
        self._weights = np.array(_CHANNEL_WEIGHTS.get(channels, (1.0,) * channels))

    def push(self, block: Pcm) -> Powers:
        """float32 (samples, channels) → float64 (samples,)."""
        if not len(block):
            return np.zeros(0)
        # The offset is far below anything audible and cancels in the high pass; without it the
        # state of the filter decays into denormal numbers in digital silence, 20 times slower.
        signal = np.add(block.T, 1e-20, dtype=np.float64, order="C")
        weighted, self._state = filtered(self._sections, signal, self._state)
        np.square(weighted, out=weighted)
        power: Powers = self._weights @ weighted
        return power


class Intervals:
    """Sums (or maxima) of a streamed quantity over intervals of 1 / `hz` seconds, at any rate.

    Interval k is [k·rate/hz, (k + 1)·rate/hz), rounded down, so that nothing drifts where the rate
    is no multiple. An unfinished last interval is left out. Kept as float32: 4 bytes an interval.
    """

    def __init__(self, rate_hz: int, hz: int, reduce: np.ufunc = np.add) -> None:
        self._rate_hz = rate_hz
        self._hz = hz
        self._reduce = reduce
        self._done = array("f")
        self._samples = 0
        self._rest = 0.0

    def push(self, values: NDArray[np.floating]) -> None:
        """Hear the next values, (samples,), none below zero."""
        if not len(values):
            return
        first = len(self._done)
        last = ((self._samples + len(values) + 1) * self._hz - 1) // self._rate_hz
        starts = np.arange(first, last + 1) * self._rate_hz // self._hz - self._samples
        starts[0] = 0
        reduced = self._reduce.reduceat(values, starts[starts < len(values)])
        reduced[0] = self._reduce(reduced[0], self._rest)
        done = last - first
        self._done.frombytes(reduced[:done].astype(np.float32).tobytes())
        self._rest = float(reduced[done]) if done < len(reduced) else 0.0
        self._samples += len(values)

    def values(self) -> NDArray[np.float32]:
        """Every finished interval, float32 (intervals,)."""
        return np.array(self._done, np.float32)


class LoudnessMeter:
    """Integrated loudness, loudness range and short-term loudness of a streamed sound."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._weighting = KWeighting(rate_hz, channels)
        self._energy = Intervals(rate_hz, SUB_BLOCKS_HZ)
        self._sub_block_samples = rate_hz / SUB_BLOCKS_HZ

    def push(self, block: Pcm) -> None:
        """Hear the next samples, float32 (samples, channels), any number of them."""
        self._energy.push(self._weighting.push(block))

    def integrated_lufs(self) -> float | None:
        """Integrated loudness so far (see `integrated_lufs`)."""
        return integrated_lufs(self._sub_blocks())

    def loudness_range_lu(self) -> float | None:
        """Loudness range so far (see `loudness_range_lu`)."""
        return loudness_range_lu(self._sub_blocks())

    def short_term_lufs(self) -> NDArray[np.float64]:
        """Loudness of every 3 s, 100 ms apart, the first at 3 s; -inf for digital silence."""
        return _lufs(_moving_mean(self._sub_blocks(), _SHORT_TERM_SUB_BLOCKS))

    def _sub_blocks(self) -> Powers:
        return self._energy.values().astype(np.float64) / self._sub_block_samples


def measure(blocks: Blocks, rate_hz: int, channels: int) -> Level:
    """Loudness, range and peaks of a whole sound in one pass."""
    loudness = LoudnessMeter(rate_hz, channels)
    peak = TruePeakMeter(rate_hz, channels)
    for block in blocks:
        loudness.push(block)
        peak.push(block)
    return Level(
        integrated_lufs=loudness.integrated_lufs(),
        true_peak_dbtp=peak.dbtp(),
        range_lu=loudness.loudness_range_lu(),
        sample_peak_dbfs=peak.sample_peak_dbfs(),
    )


def integrated_lufs(sub_blocks: Powers) -> float | None:
    """BS.1770-5 gated loudness of 100 ms sub-blocks; None when nothing passes the gate."""
    blocks = _moving_mean(sub_blocks, _GATING_SUB_BLOCKS)
    heard = _gated(blocks, _RELATIVE_GATE_LU)
    return float(_lufs(heard.mean())) if len(heard) else None


def loudness_range_lu(sub_blocks: Powers) -> float | None:
    """Tech 3342: 95th less 10th percentile of gated short-term loudness, 100 ms apart."""
    heard = _gated(_moving_mean(sub_blocks, _SHORT_TERM_SUB_BLOCKS), _RANGE_GATE_LU)
    if not len(heard):
        return None
    low, high = np.percentile(_lufs(heard), (10, 95), method="nearest")
    return float(high - low)


def k_weighting(rate_hz: int) -> NDArray[np.float64]:
    """The two biquads of BS.1770-5, Annex 1, for any sample rate, float64 (2, 6).

    The standard gives coefficients for 48 kHz only. The analogue prototypes behind them (a high
    shelf and a high pass) and their bilinear transform are those of B. De Man, "Evaluation of
    implementations of the EBU R128 loudness measurement", AES Convention 145 (2018), as also
    used by libebur128; at 48 kHz they give the standard's table to 1e-8.
    """
    k = math.tan(math.pi * 1681.974450955533 / rate_hz)
    q = 0.7071752369554196
    high = 10 ** (3.999843853973347 / 20)
    band = high**0.4996667741545416
    norm = 1 + k / q + k * k
    shelf = (
        (high + band * k / q + k * k) / norm,
        2 * (k * k - high) / norm,
        (high - band * k / q + k * k) / norm,
        1.0,
        2 * (k * k - 1) / norm,
        (1 - k / q + k * k) / norm,
    )
    k = math.tan(math.pi * 38.13547087602444 / rate_hz)
    q = 0.5003270373238773
    norm = 1 + k / q + k * k
    high_pass = (1.0, -2.0, 1.0, 1.0, 2 * (k * k - 1) / norm, (1 - k / q + k * k) / norm)
    return np.array((shelf, high_pass))


def _moving_mean(powers: Powers, count: int) -> Powers:
    if len(powers) < count:
        return powers[:0]
    means: Powers = np.lib.stride_tricks.sliding_window_view(powers, count).mean(axis=1)
    return means


def _gated(powers: Powers, relative_lu: float) -> Powers:
    """What passes the absolute gate and then the one relative to the mean of that."""
    heard = powers[powers > _power(_ABSOLUTE_GATE_LUFS)]
    if not len(heard):
        return heard
    foreground: Powers = heard[heard > heard.mean() * 10 ** (relative_lu / 10)]
    return foreground


def _power(lufs: float) -> float:
    return float(10 ** ((lufs - _OFFSET_LU) / 10))


def _lufs(power: Powers) -> NDArray[np.float64]:
    with np.errstate(divide="ignore"):
        lufs: NDArray[np.float64] = _OFFSET_LU + 10 * np.log10(power)
        return lufs
