"""A voice that RNNoise takes for one, made of nothing: glottal harmonics through gliding formants."""

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from saycut.pcm import RATE_HZ, Pcm

_FORMANTS_HZ = np.array(
    [[730, 1090, 2440], [270, 2290, 3010], [300, 870, 2240], [530, 1840, 2480], [570, 840, 2410]]
)  # Peterson & Barney 1952, men
_SYLLABLE_S = 0.2


def voice(seconds: float, seed: int = 0, *, dbfs: float = -24.0) -> Pcm:
    """(samples, 1): syllables for 1.6 s, silence for 0.8 s, and so on; `dbfs` is the RMS while it speaks."""
    rng = np.random.default_rng(seed)
    count = round(seconds * RATE_HZ)
    at_s = np.arange(count) / RATE_HZ
    syllables = int(np.ceil(seconds / _SYLLABLE_S)) + 1
    pitch_hz = np.interp(at_s / _SYLLABLE_S, np.arange(syllables), rng.uniform(95, 150, syllables))
    pulses = signal.sawtooth(2 * np.pi * np.cumsum(pitch_hz) / RATE_HZ) + 0.02 * rng.standard_normal(count)
    sound = np.zeros(count)
    step = round(_SYLLABLE_S * RATE_HZ)
    for first in range(0, count, step):
        for formant_hz in _FORMANTS_HZ[rng.integers(len(_FORMANTS_HZ))]:
            numerator, denominator = signal.iirpeak(formant_hz, formant_hz / 90, RATE_HZ)
            part = signal.lfilter(numerator, denominator, pulses[first : first + step])
            sound[first : first + step] += part
    sound *= np.sin(np.pi * at_s / _SYLLABLE_S) ** 2 * spoken(count)
    level = np.sqrt(np.mean(sound[spoken(count)] ** 2))
    return np.asarray(sound * 10 ** (dbfs / 20) / level, np.float32)[:, None]


def spoken(samples: int) -> NDArray[np.bool_]:
    """When `voice` speaks."""
    at_s = np.arange(samples) / RATE_HZ
    return np.asarray(at_s % 2.4 < 1.6)
