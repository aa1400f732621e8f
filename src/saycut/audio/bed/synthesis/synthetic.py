"""Subtractive-sounding synths, made additively so that nothing aliases: plucks, stabs, basses."""

import msgspec
import numpy as np

from saycut.audio.bed.draw import Dice
from saycut.audio.bed.synthesis.tone import (
    Wave,
    damped_partials,
    faded_end,
    hz,
    samples,
    seconds_axis,
    sine,
    soft_start,
)


class Synth(msgspec.Struct, frozen=True):
    """A saw through a closing filter: the harmonic at f dies with tau_s / (1 + f / closing_hz)."""

    tau_s: float
    closing_hz: float
    bright_hz: tuple[float, float]
    cents: float
    attack_s: float = 0.003
    most: int = 28


SYNTH_PLUCK = Synth(0.42, 420.0, (1400, 3200), 6.0)
SYNTH_STAB = Synth(0.5, 600.0, (1300, 2800), 9.0, 0.006)
SPICCATO = Synth(0.2, 1500.0, (1000, 2100), 10.0, 0.016)
MUTED_STRINGS = Synth(0.13, 900.0, (700, 1400), 9.0, 0.012)
SYNTH_BASS = Synth(0.9, 260.0, (320, 700), 3.0, 0.004, 20)
ROUND_BASS = Synth(2.2, 330.0, (150, 260), 0.0, 0.007, 10)


def closing_saw(synth: Synth, pitch: float, force: float, rng: Dice, count: int) -> Wave:
    """One note of a synth whose filter closes."""
    frequency = hz(pitch)
    soft, hard = synth.bright_hz
    bright_hz = soft + (hard - soft) * force
    partials: list[tuple[float, float, float]] = []
    for number in range(1, synth.most + 1):
        harmonic = number * frequency
        level = (1.0 / number) / (1.0 + (harmonic / bright_hz) ** 2)
        if number > 1 and level < 2e-3:
            break
        tau_s = synth.tau_s / (1.0 + (number - 1) * frequency / synth.closing_hz)
        spread = 2 ** (synth.cents / 1200)
        partials.append((harmonic * spread, 0.5 * level, tau_s))
        partials.append((harmonic / spread, 0.5 * level, tau_s))
    return faded_end(soft_start(damped_partials(count, partials, rng), synth.attack_s))


def sub_bass(pitch: float, force: float, rng: Dice, count: int) -> Wave:
    """A held sine with a little of its second and third harmonic, for loudspeakers that have no lows."""
    frequency = hz(pitch)
    phase = float(rng.random())
    wave = sine(frequency, count, phase)
    wave = np.tanh((1.1 + 0.5 * force) * wave) + 0.10 * sine(2 * frequency, count, phase)
    wave += np.float32(0.05 + 0.05 * force) * sine(3 * frequency, count, phase)
    wave *= 0.75 + 0.25 * np.exp(-seconds_axis(count) / np.float32(1.5))
    return faded_end(soft_start(wave.astype(np.float32), 0.012), 0.05)


def tail_samples(synth: Synth) -> int:
    """How long a note of `synth` can be heard."""
    return samples(7.0 * synth.tau_s)
