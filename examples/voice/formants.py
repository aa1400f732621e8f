"""The mouth: Klatt's resonators with moving frequencies.

A resonator is y[n] = A x[n] + B y[n-1] + C y[n-2] with C = -exp(-2 pi bw T), B = 2 exp(-pi bw T)
cos(2 pi f T), A = 1 - B - C (Klatt 1980, eq. 2); its state is its own last two outputs, so that changing
A, B, C every 2.5 ms makes no clicks. The antiresonator is its exact inverse.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import signal

Track = NDArray[np.float64]


def resonate(sound: Track, frequency_hz: Track, bandwidth_hz: Track, hop: int, rate_hz: int) -> Track:
    """`sound` through one resonator of unit gain at 0 Hz, set anew for each `hop` samples."""
    a, b, c = _coefficients(frequency_hz, bandwidth_hz, rate_hz)
    out = np.empty_like(sound)
    last, before = 0.0, 0.0
    for frame in range(len(a)):
        part = slice(frame * hop, (frame + 1) * hop)
        state = [b[frame] * last + c[frame] * before, c[frame] * last]
        out[part], _ = signal.lfilter([a[frame]], [1.0, -b[frame], -c[frame]], sound[part], zi=state)
        last, before = out[part][-1], out[part][-2]
    return out


def cancel(sound: Track, frequency_hz: Track, bandwidth_hz: Track, hop: int, rate_hz: int) -> Track:
    """`sound` through one antiresonator (a pair of zeros) of unit gain at 0 Hz."""
    coefficients = _coefficients(frequency_hz, bandwidth_hz, rate_hz)
    a, b, c = (np.repeat(each, hop)[: len(sound)] for each in coefficients)
    back1 = np.concatenate(([0.0], sound[:-1]))
    back2 = np.concatenate(([0.0, 0.0], sound[:-2]))
    return (sound - b * back1 - c * back2) / a


def band(sound: Track, frequency_hz: Track, bandwidth_hz: float, hop: int, rate_hz: int) -> Track:
    """`sound` through a resonator of about unit gain at its centre, for the parallel branches."""
    wide = np.full_like(frequency_hz, bandwidth_hz)
    a, _b, c = _coefficients(frequency_hz, wide, rate_hz)
    radius = np.sqrt(-c)
    peak = (1 - radius) * np.sqrt(1 - 2 * radius * np.cos(4 * np.pi * frequency_hz / rate_hz) + radius**2)
    level = np.repeat(peak / a, hop)[: len(sound)]
    return resonate(sound * level, frequency_hz, wide, hop, rate_hz)


def _coefficients(frequency_hz: Track, bandwidth_hz: Track, rate_hz: int) -> tuple[Track, Track, Track]:
    c = -np.exp(-2 * np.pi * bandwidth_hz / rate_hz)
    b = 2 * np.exp(-np.pi * bandwidth_hz / rate_hz) * np.cos(2 * np.pi * frequency_hz / rate_hz)
    return 1 - b - c, b, c
