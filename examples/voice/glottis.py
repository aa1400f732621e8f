"""The voice before the mouth: glottal pulses and breath.

Pulses are KLGLOTT88 (Klatt and Klatt, JASA 87(2), 1990): the derivative of the flow is 2u - 3u² over the
open part of the period and nothing over the closed part, then a one-pole tilt. Jitter, shimmer and a slow
flutter keep it from sounding like a buzzer.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import signal

Track = NDArray[np.float64]

OVERSAMPLE = 4  # the closing edge of the pulse is sharp: made at 4 times the rate, so that it does not alias
OPEN_QUOTIENT = 0.62
TILT_HZ = 2600.0
JITTER = 0.006
SHIMMER_DB = 0.35
FLUTTER = ((12.7, 0.3), (7.1, 1.1), (4.7, 2.9))  # Hz (Klatt and Klatt 1990, eq. 1) and phase


def pulses(pitch_hz: Track, rate_hz: int, rng: np.random.Generator) -> tuple[Track, Track]:
    """Glottal flow derivative at this pitch (one value a sample), RMS about 1, and how open the glottis is.

    Returns (samples,), (samples,): the second is 0..1 and shapes the breath noise.
    """
    fast = np.repeat(pitch_hz, OVERSAMPLE)
    time = np.arange(len(fast)) / (rate_hz * OVERSAMPLE)
    flutter = sum(np.sin(2 * np.pi * hz * time + phase) for hz, phase in FLUTTER)
    steady = np.cumsum(fast * (1 + 0.004 * flutter)) / (rate_hz * OVERSAMPLE)
    jitter = JITTER * rng.standard_normal(int(steady[-1]) + 2)
    phase = steady + np.interp(steady, np.arange(len(jitter)), np.cumsum(jitter))
    phase -= phase[0]
    cycle = np.floor(phase).astype(int)
    level = 10 ** (SHIMMER_DB * rng.standard_normal(cycle.max() + 1) / 20)
    inside = np.clip((phase - cycle) / OPEN_QUOTIENT, 0, 1)
    opened = phase - cycle < OPEN_QUOTIENT
    flow = np.where(opened, 2 * inside - 3 * inside**2, 0.0) * level[cycle]
    opening = np.where(opened, 4 * inside * (1 - inside), 0.0)
    slow = signal.resample_poly(flow, 1, OVERSAMPLE)[: len(pitch_hz)]
    pole = np.exp(-2 * np.pi * TILT_HZ / rate_hz)
    tilted = signal.lfilter([1 - pole], [1, -pole], slow)
    return 2.6 * tilted, opening[::OVERSAMPLE]


def breath(opening: Track, rng: np.random.Generator) -> Track:
    """Aspiration noise, RMS about 1, stronger while the glottis is open."""
    return rng.standard_normal(len(opening)) * (0.5 + 0.8 * opening)
