"""What every piece of synthetic sound shares: its types, its level, its rate."""

import numpy as np
import soxr
from numpy.typing import NDArray

Sound = NDArray[np.float32]
"""Float32: (n,) mono or (n, 2) stereo."""
Track = NDArray[np.float64]
"""One number per control step or sample."""

PEAK = 0.89
_SILENT = 1e-9


def levelled(sound: NDArray[np.floating], rms_db: float = -20.0) -> Sound:
    """`sound` at `rms_db` dBFS over all channels, or lower where its peak would pass 0.89. Silence stays."""
    rms = float(np.sqrt(np.mean(np.square(sound, dtype=np.float64))))
    if rms < _SILENT:
        return np.zeros(sound.shape, np.float32)
    gain = min(10.0 ** (rms_db / 20.0) / rms, PEAK / float(np.max(np.abs(sound))))
    return np.asarray(sound * gain, np.float32)


def resampled(sound: NDArray[np.floating], from_hz: int, to_hz: int) -> Sound:
    """`sound` at another rate (libsoxr HQ), round(n * to / from) samples long."""
    if from_hz == to_hz:
        return np.asarray(sound, np.float32)
    out = soxr.resample(np.ascontiguousarray(sound, np.float32), from_hz, to_hz, quality="HQ")
    return fitted(out, round(len(sound) * to_hz / from_hz))


def fitted(sound: NDArray[np.floating], samples: int) -> Sound:
    """`sound` cut, or filled with silence, to `samples`."""
    short = max(0, samples - len(sound))
    widths = ((0, short),) + ((0, 0),) * (sound.ndim - 1)
    return np.asarray(np.pad(sound[:samples], widths), np.float32)


def decibels(gain_db: float) -> float:
    """The factor of a gain."""
    return float(10.0 ** (gain_db / 20.0))
