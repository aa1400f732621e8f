"""Building blocks of every instrument: time, partials, noise, envelopes, small filters.

Everything is mono float32 at 48 kHz unless a function says otherwise.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from saycut.audio.bed.draw import Dice
from saycut.pcm import RATE_HZ

Wave = NDArray[np.float32]

_ROW = 512


def hz(pitch: float) -> float:
    """The frequency of a MIDI pitch (A4 = 69 = 440 Hz)."""
    return float(440.0 * 2.0 ** ((pitch - 69.0) / 12.0))


def samples(seconds: float) -> int:
    return round(seconds * RATE_HZ)


def seconds_axis(count: int) -> Wave:
    return (np.arange(count, dtype=np.float64) / RATE_HZ).astype(np.float32)


def sine(frequency_hz: float, count: int, phase: float = 0.0) -> Wave:
    """A sine that starts at `phase` (in turns)."""
    return _turning(
        np.array([2j * np.pi * frequency_hz]), np.array([-1j * np.exp(2j * np.pi * phase)]), count
    )


def swept_sine(frequency_hz: NDArray[np.float64], phase: float = 0.0) -> Wave:
    """A sine whose frequency is given at each sample."""
    turns = np.cumsum(frequency_hz / RATE_HZ) + phase
    turns -= np.floor(turns)
    wave: Wave = np.sin(turns.astype(np.float32) * np.float32(2.0 * np.pi))
    return wave


def phase_modulated(frequency_hz: float, modulation: Wave) -> Wave:
    """sin(2 pi f t + modulation)."""
    turns = np.arange(len(modulation), dtype=np.float64) * (frequency_hz / RATE_HZ)
    turns -= np.floor(turns)
    wave: Wave = np.sin(np.float32(2.0 * np.pi) * turns.astype(np.float32) + modulation)
    return wave


def decay(count: int, tau_s: float) -> Wave:
    """exp(-t / tau)."""
    return _turning(np.array([-1.0 / tau_s + 0j]), np.array([1.0 + 0j]), count)


def damped_partials(count: int, partials: Iterable[tuple[float, float, float]], rng: Dice) -> Wave:
    """The sum of exponentially damped sines given as (Hz, amplitude, tau in seconds), phases at random."""
    heard = [partial for partial in partials if partial[0] < 0.45 * RATE_HZ and partial[1] != 0.0]
    if not heard:
        return np.zeros(count, np.float32)
    frequencies, amplitudes, taus = np.array(heard).T
    phases = np.exp(2j * np.pi * rng.random(len(heard)))
    return _turning(2j * np.pi * frequencies - 1.0 / taus, amplitudes * phases, count)


def _turning(rates: NDArray[np.complex128], weights: NDArray[np.complex128], count: int) -> Wave:
    """The real part of the sum of weights * exp(rates * t), as one product of two small matrices.

    exp(r (a + b)) = exp(r a) exp(r b): with t cut into rows of 512 samples, a row start times a place
    in the row, thousands of exponentials stand for hundreds of thousands.
    """
    rows = -(-count // _ROW)
    starts = np.exp(np.outer(np.arange(rows) * (_ROW / RATE_HZ), rates)) * weights
    inside = np.exp(np.outer(rates, np.arange(_ROW) / RATE_HZ))
    left = np.concatenate([starts.real, -starts.imag], axis=1).astype(np.float32)
    right = np.concatenate([inside.real, inside.imag], axis=0).astype(np.float32)
    product: Wave = (left @ right).reshape(-1)[:count]
    return product


def noise(count: int, rng: Dice) -> Wave:
    return rng.standard_normal(count, dtype=np.float32)


def soft_start(wave: Wave, attack_s: float) -> Wave:
    """Raise the first `attack_s` along a half cosine: no click, a soft transient."""
    length = min(len(wave), max(1, samples(attack_s)))
    ramp = 0.5 - 0.5 * np.cos(np.pi * np.arange(length, dtype=np.float32) / length)
    wave[:length] *= ramp.astype(np.float32)
    return wave


def faded_end(wave: Wave, fade_s: float = 0.03) -> Wave:
    """Bring the last `fade_s` to zero, so that a decay that is cut off leaves no step."""
    length = min(len(wave), samples(fade_s))
    if length:
        wave[-length:] *= (0.5 + 0.5 * np.cos(np.pi * np.arange(length) / length)).astype(np.float32)
    return wave


def low_passed(wave: Wave, corner_hz: float, order: int = 2) -> Wave:
    return _butter(wave, "lowpass", corner_hz, order)


def high_passed(wave: Wave, corner_hz: float, order: int = 2) -> Wave:
    return _butter(wave, "highpass", corner_hz, order)


def band_passed(wave: Wave, low_hz: float, high_hz: float, order: int = 2) -> Wave:
    return low_passed(high_passed(wave, low_hz, order), high_hz, order)


def _butter(wave: Wave, kind: Literal["lowpass", "highpass"], corner_hz: float, order: int) -> Wave:
    sections = _butter_sections(kind, corner_hz, order)
    filtered: Wave = signal.sosfilt(sections, wave.astype(np.float64)).astype(np.float32)
    return filtered


@lru_cache(maxsize=256)
def _butter_sections(
    kind: Literal["lowpass", "highpass"], corner_hz: float, order: int
) -> NDArray[np.float64]:
    return signal.butter(order, corner_hz, kind, fs=RATE_HZ, output="sos")


def peak_section(centre_hz: float, q: float, gain_db: float) -> NDArray[np.float64]:
    """One second-order section of a peaking equaliser (R. Bristow-Johnson, Audio EQ Cookbook)."""
    amplitude = 10.0 ** (gain_db / 40.0)
    omega = 2.0 * np.pi * centre_hz / RATE_HZ
    alpha = np.sin(omega) / (2.0 * q)
    cosine = -2.0 * np.cos(omega)
    rows = [
        1 + alpha * amplitude,
        cosine,
        1 - alpha * amplitude,
        1 + alpha / amplitude,
        cosine,
        1 - alpha / amplitude,
    ]
    section: NDArray[np.float64] = np.asarray(rows, np.float64) / rows[3]
    return section
