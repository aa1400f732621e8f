"""Generalised cross-correlation with phase transform (Knapp & Carter 1976): lags to a fraction of a sample.

The cross-spectrum is divided by its magnitude, so that every frequency votes for a lag with its phase alone
and equalisation and level drop out. The exponent is 0.8 instead of 1: over 36 pairs of 5 to 20 s it
raises the peak over the second best from a median of 9 to 11 (our measurement).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from saycut.audio.mono import Mono, excerpt, rms_dbfs
from saycut.audio.onsets import LEAST_SECOND_Z, NEIGHBOUR_S, Peak
from saycut.pcm import PcmReader
from saycut.watch import Watch

WINDOW_RATE_HZ = 16_000
SCAN_RATE_HZ = 8_000
_BAND_HZ = (100.0, 4000.0)
_SCAN_BAND_HZ = (100.0, 3800.0)  # below the transition band of the resampler at 4 kHz
_EXPONENT = 0.8
_SCAN_CHUNK_S = 240.0
_SCAN_BIN = SCAN_RATE_HZ // 4


def correlation(
    reference: Mono, recording: Mono, size: int, rate_hz: int, band_hz: tuple[float, float]
) -> Mono:
    """Circular GCC-PHAT of length `size`: entry k is the agreement at a lag of k samples (negative from
    the end). Its sign is that of the polarity between the two sounds."""
    cross = fft.rfft(reference, size) * np.conj(fft.rfft(recording, size))
    magnitude = np.abs(cross)
    first, last = (round(edge * size / rate_hz) for edge in band_hz)
    # Bins without energy (band-limited material) have no phase to trust: 1e-6 of the strongest bin.
    magnitude += 1e-6 * float(magnitude.max(initial=0.0)) + 1e-30
    cross /= magnitude**_EXPONENT
    cross[:first] = 0
    cross[last:] = 0
    out: Mono = fft.irfft(cross, size)
    return out


def summit(heights: Mono, index: int) -> float:
    """The position of the top of the parabola through `index` and its neighbours."""
    if not 0 < index < len(heights) - 1:
        return float(index)
    left, top, right = (float(heights[index + k]) for k in (-1, 0, 1))
    bend = left - 2 * top + right
    return index + 0.5 * (left - right) / bend if bend < 0 else float(index)


class WindowLag(NamedTuple):
    """What one window says."""

    lag_s: float  # reference time minus recording time, at the middle of the window
    z: float  # height of the correlation at that lag, in robust standard deviations over the search
    reference_dbfs: float
    recording_dbfs: float


def window_lag(
    reference: PcmReader,
    recording: PcmReader,
    *,
    start: int,
    count: int,
    expected_s: float,
    search_s: float,
    drift_ppm: float = 0.0,
) -> WindowLag:
    """The lag of one window of `recording` (`count` samples from `start`) within `search_s` of `expected_s`.

    The window is first stretched by `drift_ppm` about its middle, which keeps its two ends from
    voting for different lags.
    """
    rate_hz = reference.rate_hz
    margin = round(search_s * rate_hz)
    first = start + round(expected_s * rate_hz) - margin
    sound = excerpt(reference, first, count + 2 * margin, WINDOW_RATE_HZ)
    window = excerpt(recording, start, count, WINDOW_RATE_HZ, drift_ppm)
    size = fft.next_fast_len(max(len(sound), len(window)), True)
    heights = np.abs(correlation(sound, window, size, WINDOW_RATE_HZ, _BAND_HZ))
    heights = heights[: round(2 * search_s * WINDOW_RATE_HZ) + 1]
    top = int(np.argmax(heights))
    deviation = float(np.median(heights)) / 0.6745 + 1e-30  # of a Gaussian, from its magnitude
    # Stretching moved the middle of the window by half of what it made it longer.
    moved = count / 2 * drift_ppm * 1e-6
    lag_s = (first - start + moved) / rate_hz + summit(heights, top) / WINDOW_RATE_HZ
    return WindowLag(lag_s, float(heights[top]) / deviation, rms_dbfs(sound), rms_dbfs(window))


class _Scan(NamedTuple):
    lag_s: NDArray[np.float64]  # per quarter of a second of lags: where the highest point lies
    z: NDArray[np.float64]  # and how high it is, in robust standard deviations of its chunk


def scan(longer: Mono, shorter: Mono, least_overlap_s: float, watch: Watch) -> Peak:
    """Where the whole of `shorter` lies in `longer` (both at 8 kHz), in seconds of `longer`.

    Chunks of the longer sound are compared one after another, so that memory grows with the shorter
    one only. Drift smears the peak: meant for a shorter sound of at most two minutes.
    """
    found = _scanned(longer, shorter, round(least_overlap_s * SCAN_RATE_HZ), watch)
    if not len(found.z):
        return Peak(0.0, 0.0, 0.0)
    best = int(np.argmax(found.z))
    at_s, z = float(found.lag_s[best]), float(found.z[best])
    far = found.z[np.abs(found.lag_s - at_s) > NEIGHBOUR_S]
    return Peak(at_s, z, z / max(float(far.max(initial=0.0)), LEAST_SECOND_Z))


def _scanned(longer: Mono, shorter: Mono, least: int, watch: Watch) -> _Scan:
    chunk = round(min(_SCAN_CHUNK_S * SCAN_RATE_HZ, len(longer) + len(shorter)))
    chunk += -chunk % _SCAN_BIN
    size = fft.next_fast_len(chunk + 2 * len(shorter), True)
    lags: list[float] = []
    zs: list[float] = []
    for start in range(least - len(shorter), len(longer) - least + 1, chunk):
        watch.check()
        first, last = max(start, 0), min(start + chunk + len(shorter), len(longer))
        piece = np.zeros(chunk + len(shorter), np.float32)
        piece[first - start : last - start] = longer[first:last]
        heights = np.abs(correlation(piece, shorter, size, SCAN_RATE_HZ, _SCAN_BAND_HZ))
        heights = heights[: min(chunk, len(longer) - least + 1 - start)]
        deviation = float(np.median(heights)) / 0.6745  # of a Gaussian, from its magnitude
        for at in range(0, len(heights) if deviation > 0 else 0, _SCAN_BIN):
            top = at + int(np.argmax(heights[at : at + _SCAN_BIN]))
            lags.append((start + summit(heights, top)) / SCAN_RATE_HZ)
            zs.append(float(heights[top]) / deviation)
    return _Scan(np.array(lags), np.array(zs))
