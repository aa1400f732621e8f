"""Consonants of a singer: how they close the voice, and the noise they make."""

from dataclasses import dataclass

import numpy as np

from training.synthetic.sound import Track, decibels


@dataclass(frozen=True)
class Consonant:
    """What happens before the beat: for `lasts_s` the mouth is at `tube` and the voice at `voice_db`.

    `tube` is a key of FORMANTS_HZ ("": the coming vowel). A hiss or burst of `noise_db` (of the voice's
    rms) fills the band for `noise_s`.
    """

    lasts_s: float
    voice_db: float
    tube: str = ""
    noise_db: float = -99.0
    noise_s: float = 0.0
    band_hz: tuple[float, float] = (0.0, 0.0)


CONSONANTS: dict[str, Consonant] = {
    "s": Consonant(0.12, -60, "", -14, 0.12, (4800, 10_000)),
    "sh": Consonant(0.12, -60, "", -12, 0.12, (2200, 6500)),
    "f": Consonant(0.10, -60, "", -24, 0.10, (1400, 9000)),
    "h": Consonant(0.09, -60, "", -20, 0.09, (500, 3500)),
    "t": Consonant(0.07, -60, "", -10, 0.03, (3000, 8000)),
    "k": Consonant(0.08, -60, "", -10, 0.035, (1500, 3200)),
    "p": Consonant(0.07, -60, "", -14, 0.025, (300, 1800)),
    "d": Consonant(0.06, -22, "n", -14, 0.015, (2500, 6000)),
    "v": Consonant(0.07, -14, "u", -28, 0.07, (1400, 8000)),
    "z": Consonant(0.09, -14, "i", -18, 0.09, (4500, 9500)),
    "m": Consonant(0.10, -7, "m"),
    "n": Consonant(0.09, -7, "n"),
    "l": Consonant(0.07, -5, "l"),
    "r": Consonant(0.08, -5, "r"),
}


def consonant_noise(kind: Consonant, rng: np.random.Generator, rate_hz: int, stretch: float) -> Track:
    """The hiss or burst, `noise_s` x `stretch` long; its rms is `noise_db`. It ends as the vowel begins."""
    count = max(16, round(kind.noise_s * stretch * rate_hz))
    spectrum = np.fft.rfft(rng.standard_normal(count))
    hz = np.fft.rfftfreq(count, 1 / rate_hz)
    low_hz, high_hz = kind.band_hz
    slopes_db = -18.0 * np.maximum(0.0, np.log2(np.maximum(low_hz, 1) / np.maximum(hz, 1)))
    slopes_db -= 18.0 * np.maximum(0.0, np.log2(np.maximum(hz, 1) / high_hz))
    noise = np.fft.irfft(spectrum * 10.0 ** (slopes_db / 20.0), count)
    place = np.linspace(0, 1, count)
    burst = kind.noise_s < 0.05
    shape = np.exp(-4.0 * place) * np.minimum(1, place * 20) if burst else np.sin(np.pi * place) ** 0.7
    noise *= shape
    return np.asarray(noise * decibels(kind.noise_db) / (np.sqrt(np.mean(noise**2)) + 1e-12))
