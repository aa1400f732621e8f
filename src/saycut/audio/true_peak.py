"""True peak: the highest point of the wave between the samples.

ITU-R BS.1770-5, Annex 2: the sound is oversampled (4x below 96 kHz, 2x below 192 kHz, not above)
by a polyphase FIR and the largest absolute value is the true peak. Our FIR is a Kaiser-windowed
sinc of 24 taps a phase (beta 6: flat to 20 kHz of 48 kHz within 0.01 dB), which leaves the
original samples where they are; the table in the Annex has 12 taps and is not flat above 15 kHz.

Only stretches that could matter are oversampled: no point between samples can exceed the largest
sample near it times the L1 norm of the taps. What is left out provably changes nothing.
"""

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

from saycut.pcm import Blocks, Pcm

SILENCE_DB = -120.0  # what "nothing at all" is called, so that every level is a finite number

_HALF = 12  # taps on either side of the point that is interpolated
_TAPS = 2 * _HALF
_BETA = 6.0
_CHUNK = 32  # interpolated together: one row of a matrix product; at least _TAPS - 1

Samples = NDArray[np.float32]  # one channel


def oversampling(rate_hz: int) -> int:
    """The factor BS.1770-5 asks for at a sample rate."""
    return 4 if rate_hz < 96_000 else 2 if rate_hz < 192_000 else 1


class TruePeakMeter:
    """Highest true peak of a streamed sound, over all its channels."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._factor = oversampling(rate_hz)
        # Zeros before the first sample: its pre-ringing is part of what a converter plays.
        self._held = np.zeros((_TAPS - 1, channels), np.float32)
        self._sample_peak = 0.0
        self._peak = 0.0

    def push(self, block: Pcm) -> None:
        """Hear the next samples, float32 (samples, channels), any number of them."""
        if not len(block):
            return
        joined = np.concatenate((self._held, block))
        self._held = joined[len(joined) - _TAPS + 1 :]
        self._sample_peak = max(self._sample_peak, float(np.abs(block).max()))
        self._peak = max(self._peak, self._sample_peak)
        self._peak = _highest(joined, self._factor, self._peak)

    def dbtp(self) -> float:
        """True peak so far in dBTP; -120 stands for that and everything below, silence included."""
        rest = np.concatenate((self._held, np.zeros_like(self._held)))
        return decibels(_highest(rest, self._factor, self._peak))

    def sample_peak_dbfs(self) -> float:
        """Largest sample so far in dBFS, never below -120."""
        return decibels(self._sample_peak)


class PeakEnvelope:
    """The true peak around every sample, linked over the channels, for a limiter.

    Fed n samples it answers n values, `DELAY` samples late. Where nothing can exceed `floor`
    the value may be anything up to `floor` (there it is not worth interpolating).
    """

    DELAY = _HALF

    def __init__(self, rate_hz: int, channels: int, floor: float) -> None:
        self._factor = oversampling(rate_hz)
        self._floor = floor
        self._held = np.zeros((_TAPS - 1, channels), np.float32)
        self._between: Samples = np.zeros(1, np.float32)  # the last value between two samples

    def push(self, block: Pcm) -> Samples:
        """Largest |value| in (t - 1, t + 1) samples for each t, float32 (samples,)."""
        count = len(block)
        if not count:
            return np.zeros(0, np.float32)
        joined = np.concatenate((self._held, block))
        self._held = joined[len(joined) - _TAPS + 1 :]
        at_sample = linked(joined[_HALF - 1 : _HALF - 1 + count])
        between = np.zeros(count + 1, np.float32)
        between[0] = self._between[0]
        if self._factor > 1:
            for channel in range(joined.shape[1]):
                rows, chunks, values = _interpolated(joined[:, channel], self._factor, self._floor)
                if len(rows):
                    spread = np.zeros((chunks, _CHUNK), np.float32)
                    spread[rows] = np.abs(values).max(axis=1)
                    np.maximum(between[1:], spread.reshape(-1)[:count], out=between[1:])
        self._between = between[count:]
        around: Samples = np.maximum(at_sample, np.maximum(between[:-1], between[1:]))
        return around


def true_peak_dbtp(blocks: Blocks, rate_hz: int, channels: int) -> float:
    """True peak of a whole sound in dBTP (see `TruePeakMeter.dbtp`)."""
    meter = TruePeakMeter(rate_hz, channels)
    for block in blocks:
        meter.push(block)
    return meter.dbtp()


def linked(block: Pcm) -> Samples:
    """The largest |sample| over the channels, float32 (samples, channels) → (samples,)."""
    largest = np.abs(block[:, 0])
    for channel in range(1, block.shape[1]):
        np.maximum(largest, np.abs(block[:, channel]), out=largest)
    return largest


def decibels(amplitude: float) -> float:
    """20 log10, never below -120."""
    return max(20.0 * math.log10(amplitude), SILENCE_DB) if amplitude > 0.0 else SILENCE_DB


def _highest(joined: Pcm, factor: int, peak: float) -> float:
    """The larger of `peak` and every interpolated value of `joined` (with its context)."""
    if factor == 1:
        return peak
    for channel in range(joined.shape[1]):
        _, _, values = _interpolated(joined[:, channel], factor, peak)
        if values.size:
            peak = max(peak, float(values.max()), -float(values.min()))
    return peak


def _interpolated(signal: Samples, factor: int, floor: float) -> tuple[NDArray[np.intp], int, Samples]:
    """The values between samples wherever one could exceed `floor`.

    `signal` has n + 23 samples; point i lies after sample i + 11. Returns the numbers of the
    chunks that were interpolated, how many chunks there are, and their values
    (chunks, factor - 1, 32). The last chunk is filled up with points beyond n, which are zeroed.
    """
    matrix, bound = _interpolator(factor)
    points = len(signal) - _TAPS + 1
    chunks = -(-points // _CHUNK)
    padded = np.zeros((chunks + 1) * _CHUNK, np.float32)
    padded[: len(signal)] = signal
    highest = np.abs(padded).reshape(-1, _CHUNK).max(axis=1)
    rows = np.flatnonzero(np.maximum(highest[:-1], highest[1:]) * bound > floor)
    windows = np.lib.stride_tricks.sliding_window_view(padded, _CHUNK + _TAPS - 1)[::_CHUNK]
    values = (windows[rows] @ matrix).reshape(len(rows), factor - 1, _CHUNK)
    if len(rows) and rows[-1] == chunks - 1:
        values[-1, :, points - (chunks - 1) * _CHUNK :] = 0.0
    return rows, chunks, values


@cache
def _interpolator(factor: int) -> tuple[NDArray[np.float32], float]:
    """The FIR as a banded matrix (55, 32 (factor - 1)), and the largest L1 norm of a phase."""
    offsets = np.arange(1 - _HALF, _HALF + 1)
    matrix = np.zeros((_CHUNK + _TAPS - 1, factor - 1, _CHUNK))
    bound = 0.0
    for phase in range(1, factor):
        times = offsets - phase / factor
        window = np.i0(_BETA * np.sqrt(np.maximum(1.0 - (times / _HALF) ** 2, 0.0)))
        taps = np.sinc(times) * window
        taps /= taps.sum()
        bound = max(bound, float(np.abs(taps).sum()))
        for point in range(_CHUNK):
            matrix[point : point + _TAPS, phase - 1, point] = taps
    return matrix.reshape(_CHUNK + _TAPS - 1, -1).astype(np.float32), bound * 1.0001
