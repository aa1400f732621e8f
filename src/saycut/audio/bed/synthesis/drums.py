"""Drums and percussion from sines and shaped noise; every stroke is a little different."""

from collections.abc import Callable

import numpy as np

from saycut.audio.bed.draw import Dice
from saycut.audio.bed.synthesis.tone import (
    Wave,
    band_passed,
    damped_partials,
    decay,
    faded_end,
    high_passed,
    low_passed,
    noise,
    samples,
    seconds_axis,
    soft_start,
    swept_sine,
)

Drum = Callable[[float, Dice], Wave]


def _drop(count: int, from_hz: float, to_hz: float, tau_s: float) -> Wave:
    """A sine that falls from one frequency to another."""
    time_s = np.arange(count) / 48_000
    return swept_sine(to_hz + (from_hz - to_hz) * np.exp(-time_s / tau_s))


def _kick(from_hz: float, to_hz: float, tau_s: float, *, click: float, drive: float, click_hz: float) -> Drum:
    def stroke(force: float, rng: Dice) -> Wave:
        count = samples(5.5 * tau_s)
        detune = float(rng.uniform(0.985, 1.015))
        body = _drop(count, from_hz * detune * (0.9 + 0.2 * force), to_hz * detune, 0.028) * decay(
            count, tau_s
        )
        body += (
            np.float32(click * (0.4 + 0.8 * force))
            * low_passed(noise(count, rng), click_hz)
            * decay(count, 0.006)
        )
        if drive:
            body = np.tanh(np.float32(drive) * body) / np.float32(np.tanh(drive))
        return faded_end(soft_start(body, 0.0015))

    return stroke


def _snare(tone_hz: float, tone: float, low_hz: float, high_hz: float, tau_s: float) -> Drum:
    def stroke(force: float, rng: Dice) -> Wave:
        count = samples(6 * tau_s + 0.05)
        tune = tone_hz * float(rng.uniform(0.98, 1.02))
        shell = damped_partials(count, [(tune, 1.0, 0.06), (1.72 * tune, 0.5, 0.04)], rng)
        wires = band_passed(noise(count, rng), low_hz, high_hz * (0.8 + 0.3 * force)) * decay(count, tau_s)
        wave = np.float32(tone) * shell + wires * np.float32(0.7 + 0.4 * force)
        return faded_end(soft_start(wave, 0.0018))

    return stroke


def _hat(low_hz: float, tau_s: float, attack_s: float, ceiling_hz: float) -> Drum:
    def stroke(force: float, rng: Dice) -> Wave:
        count = samples(7 * tau_s + 0.01)
        metal = damped_partials(
            count, [(f * float(rng.uniform(0.99, 1.01)), 0.25, tau_s) for f in (5230, 6410, 7930, 9140)], rng
        )
        hiss = high_passed(noise(count, rng), low_hz) * decay(count, tau_s * (0.8 + 0.4 * force))
        return faded_end(soft_start(low_passed(hiss + 0.3 * metal, ceiling_hz), attack_s))

    return stroke


def _bursts(offsets_s: tuple[float, ...], low_hz: float, high_hz: float, tau_s: float) -> Drum:
    """Several hands at nearly the same time: claps, snaps, jingles."""

    def stroke(force: float, rng: Dice) -> Wave:
        count = samples(7 * tau_s + offsets_s[-1] + 0.02)
        wave = np.zeros(count, np.float32)
        for number, offset_s in enumerate(offsets_s):
            start = samples(offset_s * float(rng.uniform(0.85, 1.15)))
            last = number == len(offsets_s) - 1
            rest = count - start
            wave[start:] += noise(rest, rng) * decay(rest, tau_s if last else 0.007)
        return faded_end(soft_start(band_passed(wave, low_hz, high_hz * (0.8 + 0.3 * force)), 0.002))

    return stroke


def _shaker(force: float, rng: Dice) -> Wave:
    count = samples(0.14)
    wave = band_passed(noise(count, rng), 4200.0, 9500.0)
    time_s = seconds_axis(count)
    rise = np.minimum(time_s / np.float32(0.022 + 0.01 * (1 - force)), 1.0)
    return faded_end(wave * rise * np.exp(-np.maximum(time_s - 0.025, 0) / np.float32(0.022)))


def _brush(force: float, rng: Dice) -> Wave:
    count = samples(0.28)
    wave = band_passed(noise(count, rng), 1200.0, 4500.0 + 2500.0 * force)
    time_s = seconds_axis(count)
    sweep = np.exp(-(((time_s - 0.05) / np.float32(0.05)) ** 2)) * 0.6 + np.exp(-time_s / np.float32(0.05))
    return faded_end(soft_start(wave * sweep.astype(np.float32), 0.004))


def _taiko(low_hz: float, tau_s: float) -> Drum:
    def stroke(force: float, rng: Dice) -> Wave:
        count = samples(5 * tau_s)
        tune = low_hz * float(rng.uniform(0.97, 1.03))
        skin = _drop(count, 1.5 * tune, tune, 0.05) * decay(count, tau_s)
        skin += damped_partials(
            count, [(1.59 * tune, 0.35, 0.4 * tau_s), (2.14 * tune, 0.2, 0.3 * tau_s)], rng
        )
        slap = low_passed(noise(count, rng), 700.0 + 900.0 * force) * decay(count, 0.03)
        return faded_end(soft_start(skin + np.float32(0.5) * slap, 0.003))

    return stroke


def _rim(force: float, rng: Dice) -> Wave:
    count = samples(0.12)
    tune = float(rng.uniform(0.98, 1.02))
    stick = damped_partials(count, [(430 * tune, 0.8, 0.02), (1650 * tune, 0.3 + 0.5 * force, 0.012)], rng)
    return faded_end(soft_start(stick, 0.001))


def _tick(force: float, rng: Dice) -> Wave:
    count = samples(0.08)
    tune = float(rng.uniform(0.99, 1.01))
    wave = damped_partials(count, [(2350 * tune, 0.6, 0.009), (5200 * tune, 0.2 + 0.3 * force, 0.006)], rng)
    return faded_end(
        soft_start(wave + 0.2 * high_passed(noise(count, rng), 5000.0) * decay(count, 0.008), 0.001)
    )


def _cymbal(force: float, rng: Dice) -> Wave:
    count = samples(2.6)
    wave = band_passed(noise(count, rng), 3800.0, 9000.0 + 2500.0 * force) * decay(count, 0.55)
    return faded_end(soft_start(wave, 0.02), 0.2)


def _swell(force: float, rng: Dice) -> Wave:
    count = samples(2.0)
    rise = np.linspace(0.0, 1.0, count, dtype=np.float32) ** 3
    wave = band_passed(noise(count, rng), 2500.0, 7500.0 + 1800.0 * force) * rise
    return faded_end(wave, 0.06)


def _ride(force: float, rng: Dice) -> Wave:
    count = samples(0.9)
    ping = damped_partials(count, [(f, 0.3, 0.12) for f in (3120, 4370, 5210, 6830)], rng)
    wash = band_passed(noise(count, rng), 4500.0, 9500.0) * decay(count, 0.2)
    return faded_end(soft_start(ping + np.float32(0.2 + 0.25 * force) * wash, 0.0015), 0.1)


DRUMS: dict[str, Drum] = {
    "kick_felt": _kick(85, 50, 0.10, click=0.03, drive=0.0, click_hz=400),
    "kick_pop": _kick(125, 52, 0.115, click=0.12, drive=1.2, click_hz=1800),
    "kick_dusty": _kick(110, 55, 0.13, click=0.08, drive=1.8, click_hz=900),
    "kick_deep": _kick(140, 47, 0.16, click=0.10, drive=1.6, click_hz=1500),
    "snare_pop": _snare(185, 0.9, 900, 7000, 0.085),
    "snare_dusty": _snare(170, 1.0, 700, 4200, 0.075),
    "snare_tight": _snare(215, 0.9, 1000, 7500, 0.06),
    "brush": _brush,
    "rim": _rim,
    "clap": _bursts((0.0, 0.011, 0.021, 0.031), 800, 4500, 0.07),
    "snap": _bursts((0.0, 0.006), 1400, 4200, 0.035),
    "hat": _hat(6500, 0.028, 0.0012, 13_000),
    "hat_soft": _hat(5500, 0.024, 0.003, 9500),
    "hat_open": _hat(6000, 0.11, 0.003, 12_000),
    "shaker": _shaker,
    "tambourine": _bursts((0.0, 0.014, 0.027), 5500, 11_000, 0.04),
    "ride": _ride,
    "taiko": _taiko(72, 0.32),
    "boom": _taiko(46, 0.7),
    "tick": _tick,
    "cymbal": _cymbal,
    "swell": _swell,
}
