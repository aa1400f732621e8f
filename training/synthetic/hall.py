"""Reverberation for synthetic sources: noise that dies away, sooner at high frequencies."""

import numpy as np
from scipy.signal import fftconvolve

from training.synthetic.sound import Sound

_BANDS_HZ = (0.0, 500.0, 2000.0, 6000.0)
_BAND_DECAY = (1.1, 1.0, 0.7, 0.4)  # of the RT60


def hall_response(rng: np.random.Generator, rt60_s: float, rate_hz: int) -> Sound:
    """A stereo response (n, 2) of unit energy without the direct sound; independent left and right."""
    count = max(1, round(1.15 * rt60_s * rate_hz))
    time_s = np.arange(count) / rate_hz
    hz = np.fft.rfftfreq(count, 1 / rate_hz)
    spectrum = np.fft.rfft(rng.standard_normal((count, 2)), axis=0)
    tail = np.zeros((count, 2))
    for low_hz, high_hz, decay in zip(_BANDS_HZ, (*_BANDS_HZ[1:], np.inf), _BAND_DECAY, strict=True):
        within = ((hz >= low_hz) & (hz < high_hz))[:, None]
        fall = 10.0 ** (-3.0 * time_s / (rt60_s * decay))
        tail += np.fft.irfft(spectrum * within, count, axis=0) * fall[:, None]
    predelay = round(rng.uniform(0.005, 0.03) * rate_hz)
    tail[:predelay] = 0
    return np.asarray(tail / max(1e-9, np.sqrt(np.sum(tail**2) / 2)), np.float32)


def in_hall(sound: Sound, rng: np.random.Generator, rate_hz: int, *, rt60_s: float, wet_db: float) -> Sound:
    """Stereo `sound` (n, 2) with its reverberation `wet_db` beside the dry; the length stays."""
    response = hall_response(rng, rt60_s, rate_hz)
    wet = fftconvolve(sound, response, axes=0)[: len(sound)]
    return np.asarray(sound + wet * 10.0 ** (wet_db / 20.0), np.float32)
