"""Struck instruments: pianos, electric piano, mallets and bells."""

import math
from collections.abc import Iterator

import msgspec
import numpy as np

from saycut.audio.bed.draw import Dice
from saycut.audio.bed.synthesis.tone import (
    Wave,
    damped_partials,
    decay,
    faded_end,
    hz,
    low_passed,
    noise,
    phase_modulated,
    samples,
    seconds_axis,
    sine,
    soft_start,
)


class Hammer(msgspec.Struct, frozen=True):
    """A piano: `bright_hz` of a soft and a hard stroke, knock level, attack, decay of the middle register."""

    bright_hz: tuple[float, float]
    knock: float
    attack_s: float
    tau_s: float


FELT = Hammer((520.0, 1250.0), 0.05, 0.006, 1.5)
GRAND = Hammer((700.0, 1700.0), 0.03, 0.0025, 1.9)

_MOST_PARTIALS = 22
_STRIKE_POINT = 0.125
_DETUNE_CENTS = 0.7


def piano(hammer: Hammer, pitch: float, force: float, rng: Dice, count: int) -> Wave:
    """A piano string group: stiff strings, two-stage decay, the strike point's comb, a soft knock."""
    wave = damped_partials(count, _piano_partials(hammer, hz(pitch), force), rng)
    knock = min(count, samples(0.06))
    thud = low_passed(noise(knock, rng), 380.0) * decay(knock, 0.012)
    wave[:knock] += np.float32(hammer.knock * (0.5 + force)) * thud * np.float32(np.abs(wave).max() + 1e-9)
    return faded_end(soft_start(wave, hammer.attack_s))


def _piano_partials(hammer: Hammer, fundamental: float, force: float) -> Iterator[tuple[float, float, float]]:
    stiffness = 1.5e-4 * (fundamental / 130.0) ** 1.1  # grows towards the treble as in real pianos
    soft, hard = hammer.bright_hz
    bright_hz = (soft + (hard - soft) * force) * (fundamental / 262.0) ** 0.25
    base_tau_s = hammer.tau_s * (262.0 / fundamental) ** 0.45
    for number in range(1, _MOST_PARTIALS + 1):
        frequency = number * fundamental * math.sqrt(1 + stiffness * number * number)
        if frequency > 9000:
            return
        comb = abs(math.sin(math.pi * number * _STRIKE_POINT)) + 0.08
        amplitude = comb * math.exp(-frequency / bright_hz / 1.6) / (1 + (frequency / bright_hz) ** 2) ** 0.25
        tau_s = base_tau_s / (1 + (frequency / 1500.0) ** 0.9)
        beat = 2 ** (_DETUNE_CENTS / 1200)
        yield frequency, 0.55 * amplitude, 0.45 * tau_s  # prompt sound
        yield frequency * beat, 0.30 * amplitude, 1.6 * tau_s  # aftersound of the two strings
        if number <= 6:
            yield frequency / beat, 0.22 * amplitude, 1.5 * tau_s


def electric_piano(pitch: float, force: float, rng: Dice, count: int) -> Wave:
    """A tine piano by frequency modulation (after J. Chowning 1973 and the well-known FM patches):

    a body pair with ratio 1:1 whose index follows the force, and a bell-like tine at ratio 1:14 that
    fades within a quarter of a second.
    """
    frequency = hz(pitch)
    scaling = (262.0 / frequency) ** 0.4
    index = (0.35 + 1.1 * force) * min(1.4, scaling)
    body_index = np.float32(index) * decay(count, 0.55 * scaling) + np.float32(0.12 * index)
    out = np.zeros(count, np.float32)
    for cents, share in ((-2.2, 0.5), (2.2, 0.5)):
        detuned = frequency * 2 ** (cents / 1200)
        modulator = body_index * sine(detuned, count)
        out += np.float32(share) * phase_modulated(detuned, modulator)
    out *= 0.65 * decay(count, 0.7 * scaling) + 0.35 * decay(count, 2.2 * scaling)
    tine_hz = min(14 * frequency, 7000.0 + frequency)
    tine = sine(frequency, count, 0.25) * sine(tine_hz, count, float(rng.random())) * decay(count, 0.09)
    out += np.float32(0.05 + 0.09 * force) * tine
    return faded_end(soft_start(low_passed(out, 3200.0 + 1800.0 * force), 0.003))


class Bar(msgspec.Struct, frozen=True):
    """A tuned bar or tine: modes as (ratio, amplitude, tau at middle C), mallet noise, attack, tremolo."""

    modes: tuple[tuple[float, float, float], ...]
    mallet: float = 0.02
    attack_s: float = 0.003
    tremolo_hz: float = 0.0
    ceiling_hz: float = 6500.0


# Mode ratios: marimba and vibraphone bars are tuned 1 : 4 : ~10, glockenspiel and free bars
# 1 : 2.76 : 5.40 : 8.93, clamped tines (kalimba, celesta-like) 1 : ~5.4 (Fletcher & Rossing,
# The Physics of Musical Instruments). Amplitudes and decays are judgement: soft and dark.
MARIMBA = Bar(((1, 1, 0.42), (3.93, 0.16, 0.09), (9.6, 0.05, 0.04)), 0.05, 0.003)
VIBES = Bar(((1, 1, 1.9), (4.0, 0.13, 0.6), (10.1, 0.03, 0.15)), 0.015, 0.004, 4.6)
KALIMBA = Bar(((1, 1, 0.75), (2.0, 0.12, 0.4), (5.4, 0.10, 0.08), (3.0, 0.05, 0.3)), 0.05, 0.002)
CELESTA = Bar(((1, 1, 1.0), (2.0, 0.10, 0.5), (4.1, 0.12, 0.22), (7.2, 0.03, 0.07)), 0.012, 0.004)
GLOCKENSPIEL = Bar(((1, 1, 0.9), (2.76, 0.20, 0.3), (5.4, 0.06, 0.1)), 0.01, 0.003)
BELL = Bar(
    ((1, 1, 2.4), (0.5, 0.35, 3.0), (2.0, 0.4, 1.4), (2.4, 0.16, 0.9), (3.01, 0.12, 0.7), (4.5, 0.05, 0.3)),
    0.0,
    0.008,
)
BELL_PLUCK = Bar(
    ((1, 1, 0.5), (2.0, 0.3, 0.35), (3.0, 0.12, 0.2), (4.0, 0.1, 0.15), (7.0, 0.04, 0.06)), 0.0, 0.003
)


def struck_bar(bar: Bar, pitch: float, force: float, rng: Dice, count: int) -> Wave:
    """One stroke on a tuned bar."""
    frequency = hz(pitch)
    shorter = (262.0 / frequency) ** 0.5
    upper = 0.6 + 0.7 * force
    modes = [
        (frequency * ratio, level if ratio <= 1 else level * upper, tau_s * shorter)
        for ratio, level, tau_s in bar.modes
        if frequency * ratio < bar.ceiling_hz or ratio == 1
    ]
    wave = damped_partials(count, modes, rng)
    click = min(count, samples(0.03))
    wave[:click] += np.float32(bar.mallet) * low_passed(noise(click, rng), 1800.0) * decay(click, 0.005)
    if bar.tremolo_hz:
        phase = float(rng.random()) * 2 * np.pi
        wave *= 1.0 - np.float32(0.16) * (
            1 + np.sin(2 * np.pi * bar.tremolo_hz * seconds_axis(count) + phase)
        )
    return faded_end(soft_start(wave, bar.attack_s))
