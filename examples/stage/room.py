"""Where it is said: a small room, the hiss and hum of a camera, and a lavalier recorder on its own clock."""

import numpy as np
from numpy.typing import NDArray
from scipy import signal

Track = NDArray[np.float64]

RATE_HZ = 48_000
REVERB_S = 0.28  # RT60 of a furnished room
DIRECT_TO_REVERB_DB = 9.0
HUM_HZ = 50.0
HUM_DB = (0.0, -4.0, -9.0, -12.0, -18.0)  # the fundamental and its harmonics
DRIFT = (25_001, 25_000)  # the recorder's clock runs 40 ppm fast: it counts this many samples for that many


def db(value: float) -> float:
    """The amplitude factor of a level in dB."""
    return float(10 ** (value / 20))


def reverberant(voice: Track, rng: np.random.Generator) -> Track:
    """The voice as two camera microphones hear it, (samples, 2); the direct sound stays where it was."""
    count = round(REVERB_S * RATE_HZ)
    decay = 10 ** (-3 * np.arange(count) / count)
    tail = rng.standard_normal((count, 2)) * decay[:, None]
    tail[: round(0.004 * RATE_HZ)] = 0  # the nearest wall is 0.7 m away
    tail = signal.lfilter(*signal.butter(1, 5000, fs=RATE_HZ), tail, axis=0)
    tail *= db(-DIRECT_TO_REVERB_DB) / np.sqrt(np.sum(tail**2, axis=0))
    wet = signal.oaconvolve(voice[:, None], tail, axes=0)[: len(voice)]
    return voice[:, None] + wet


def hiss(samples: int, rng: np.random.Generator) -> Track:
    """Microphone noise, RMS 1, (samples, 2): white, with a rise below 400 Hz; both sides independent."""
    white = rng.standard_normal((samples, 2))
    low = signal.lfilter(*signal.butter(1, 400, fs=RATE_HZ), rng.standard_normal((samples, 2)), axis=0)
    both = white + 4.0 * low
    return np.asarray(both / np.sqrt(np.mean(both**2)))


def hum(samples: int) -> Track:
    """Mains hum with harmonics, RMS 1, (samples, 2), the same on both sides."""
    time = np.arange(samples) / RATE_HZ
    tones = (db(level) * np.sin(2 * np.pi * HUM_HZ * k * time + k) for k, level in enumerate(HUM_DB, start=1))
    wave = np.sum(list(tones), axis=0)
    return np.repeat((wave / np.sqrt(np.mean(wave**2)))[:, None], 2, axis=1)


def lavalier(
    voice: Track, before_s: float, after_s: float, gain_db: float, rng: np.random.Generator
) -> Track:
    """The dry voice on a recorder that runs from `before_s` before to `after_s` after the camera, (samples,).

    A lavalier on the chest: bass cut at 110 Hz, a lift of about 4 dB around 5 kHz, its own faint noise, and
    its own clock (`DRIFT`).
    """
    padded = np.pad(voice, (round(before_s * RATE_HZ), round(after_s * RATE_HZ)))
    cut = signal.sosfilt(signal.butter(2, 110, "highpass", fs=RATE_HZ, output="sos"), padded)
    lift = signal.sosfilt(signal.butter(1, (3500, 7500), "bandpass", fs=RATE_HZ, output="sos"), cut)
    heard = signal.resample_poly((cut + 0.6 * lift) * db(gain_db), *DRIFT)
    return np.asarray(heard + db(-72) * rng.standard_normal(len(heard)))
