"""Plucked strings: Karplus–Strong, evaluated in the frequency domain.

A burst runs round a delay line of one period and loses a little at every turn, the highs more than
the lows (Karplus & Strong 1983, Computer Music Journal 7(2)). The loop's transfer function is known,
1 / (1 - g L(w) exp(-i w D)), so the whole note is one division of spectra: the period D need not be a
whole number of samples, and every pitch is in tune. The transform is long enough for the note
to have died before it wraps around.
"""

from functools import lru_cache

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import fft

from saycut.audio.bed.draw import Dice
from saycut.audio.bed.synthesis.tone import (
    Wave,
    damped_partials,
    faded_end,
    hz,
    peak_section,
    samples,
    soft_start,
)
from saycut.pcm import RATE_HZ

Spectrum = NDArray[np.complex64]

_ROW = 512
_GRID = 8193
_SPREAD_S, _SPREAD_CORNER_HZ = 0.004, 1200.0
_WRAP_T60 = 1.25  # what wraps around is 75 dB down


class PluckedString(msgspec.Struct, frozen=True):
    """A string and its body.

    t60_s: time to fall by 60 dB at 220 Hz; loss: 0..0.25, how fast the highs die; pick: where it is
    plucked (share of the length); pick_hz: brightness of a soft and a hard pluck; snap: share of noise
    in the burst; body: peaks as (Hz, Q, dB).
    """

    t60_s: float
    loss: float
    pick: float
    pick_hz: tuple[float, float]
    snap: float
    body: tuple[tuple[float, float, float], ...]
    floor_hz: float = 70.0
    attack_s: float = 0.0025
    fundamental: float = 0.0


NYLON = PluckedString(
    3.2, 0.10, 0.22, (1300, 3000), 0.4, ((105, 3, 4), (210, 3, 3), (420, 2.5, 2), (2600, 1, -4))
)
STEEL = PluckedString(
    3.8,
    0.05,
    0.16,
    (1800, 4000),
    0.3,
    ((110, 3, 4), (220, 3, 3), (480, 2, 1), (2400, 0.9, -4), (6500, 0.8, -2)),
)
UKULELE = PluckedString(
    1.5, 0.09, 0.2, (1700, 3600), 0.45, ((290, 3, 4), (520, 3, 4), (1000, 2, 2), (2800, 1, -4)), 120
)
MUTED = PluckedString(0.55, 0.16, 0.13, (1600, 3600), 0.45, ((180, 2, 3), (700, 1.5, 2), (2600, 1, -3)))
CLAV = PluckedString(0.9, 0.06, 0.1, (2600, 5200), 0.4, ((900, 1.5, 5), (2400, 1, -3)), 120)
PIZZICATO = PluckedString(0.8, 0.15, 0.25, (1300, 2600), 0.4, ((300, 2, 4), (550, 2, 4), (2600, 1, -4)), 100)
FINGER_BASS = PluckedString(2.6, 0.18, 0.2, (700, 1700), 0.25, ((90, 1.5, 3), (750, 1.2, 2)), 28, 0.003, 0.55)
UPRIGHT_BASS = PluckedString(
    1.5, 0.22, 0.28, (550, 1300), 0.35, ((95, 2, 3), (190, 2, 2), (600, 1.2, 2)), 28, 0.004, 0.6
)


def plucked(string: PluckedString, pitch: float, force: float, rng: Dice, count: int) -> Wave:
    """One pluck of at most `count` samples at MIDI `pitch`; `force` 0..1 makes it brighter."""
    frequency = hz(pitch)
    # High strings die sooner; the exponent fits guitars roughly (half the time two octaves up).
    t60_s = string.t60_s * (220.0 / frequency) ** 0.5
    count = min(count, round(1.1 * t60_s * RATE_HZ))
    size = _transform_size(max(count, round(_WRAP_T60 * t60_s * RATE_HZ)))
    line = _burst(string, frequency, force, rng, size) / _loop(string, frequency, t60_s, size)
    wave: Wave = fft.irfft(line * _body(string, size), size)[:count]
    if string.fundamental:  # small loudspeakers and thin strings: the pitch itself, underneath
        level = string.fundamental * float(np.abs(wave[: samples(0.3)]).max(initial=1e-9))
        under = [(frequency, level, t60_s / 5.5), (2 * frequency, 0.25 * level, t60_s / 9)]
        wave = wave + damped_partials(count, under, rng)
    return faded_end(soft_start(wave, string.attack_s))


def _burst(string: PluckedString, frequency: float, force: float, rng: Dice, size: int) -> Spectrum:
    """A finger or pick: an impulse and some noise, dulled by the force, combed by the place it plucks at."""
    period = RATE_HZ / frequency
    length = round(period)
    raw = string.snap * rng.standard_normal(length)
    raw[length // 3] += 3.0 * (1.0 - string.snap) * np.sqrt(length / 100.0)
    spectrum: Spectrum = fft.rfft((raw - raw.mean()).astype(np.float32), size)
    soft, hard = string.pick_hz
    corner = np.float32(2.0 * np.pi * (soft + (hard - soft) * force) / RATE_HZ)
    spectrum *= 1.0 / (1.0 + np.square(_axis(size) / corner))
    spectrum *= 1.0 - np.float32(0.9) * _delayed(string.pick * period, size)
    return spectrum


def _loop(string: PluckedString, frequency: float, t60_s: float, size: int) -> Spectrum:
    per_turn = np.float32(10.0 ** (-3.0 / (frequency * t60_s)))
    loss = 1.0 - np.float32(2.0 * string.loss) * (1.0 - _cosine(size))
    loop: Spectrum = 1.0 - per_turn * loss * _delayed(RATE_HZ / frequency, size)
    return loop


def _transform_size(least: int) -> int:
    """Few different sizes, so that what depends on them alone can be kept."""
    return int(fft.next_fast_len(RATE_HZ * -(-least // RATE_HZ), real=True))


def _delayed(delay: float, size: int) -> Spectrum:
    """exp(-i w delay) on the bins of a transform, as the product of coarse and fine turns."""
    bins = size // 2 + 1
    step = -2j * np.pi * delay / size
    coarse = np.exp(step * _ROW * np.arange(-(-bins // _ROW))).astype(np.complex64)
    fine = np.exp(step * np.arange(_ROW)).astype(np.complex64)
    turns: Spectrum = (coarse[:, None] * fine[None, :]).reshape(-1)[:bins]
    return turns


@lru_cache(maxsize=8)
def _axis(size: int) -> Wave:
    return np.linspace(0.0, np.pi, size // 2 + 1).astype(np.float32)


@lru_cache(maxsize=8)
def _cosine(size: int) -> Wave:
    return np.cos(_axis(size))


@lru_cache(maxsize=16)
def _body(string: PluckedString, size: int) -> Spectrum:
    """The response of body and string on the bins of a transform."""
    grid, response = _body_on_grid(string)
    real, imaginary = (np.interp(_axis(size), grid, part) for part in (response.real, response.imag))
    ready: Spectrum = (real + 1j * imaginary).astype(np.complex64)
    return ready


@lru_cache(maxsize=16)
def _body_on_grid(string: PluckedString) -> tuple[NDArray[np.float64], NDArray[np.complex128]]:
    """Body peaks, a second-order floor under the fundamental, and the stiffness of the string, every 3 Hz.

    Stiff strings carry highs and lows at different speeds, which spreads the pulse over some milliseconds.
    """
    omega = np.linspace(0.0, np.pi, _GRID)
    squared = (omega * RATE_HZ / (2.0 * np.pi * string.floor_hz)) ** 2
    spread = omega * RATE_HZ / (2.0 * np.pi * _SPREAD_CORNER_HZ)
    late = 2.0 * np.pi * _SPREAD_S * _SPREAD_CORNER_HZ * (spread - np.log1p(spread))
    response = squared / (1.0 + squared) * np.exp(-1j * late)
    turn = np.exp(-1j * omega)
    for peak in string.body:
        b0, b1, b2, _, a1, a2 = peak_section(*peak)
        response *= (b0 + turn * (b1 + turn * b2)) / (1.0 + turn * (a1 + turn * a2))
    return omega, response
