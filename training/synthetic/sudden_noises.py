"""Noises that happen: clicks, keys, thumps, rustle, creaks, alarms. Mono (n,), rms -26 dBFS or less."""

from collections.abc import Callable

import numpy as np
from scipy.signal import fftconvolve

from training.synthetic.sound import Sound, Track, decibels
from training.synthetic.steady_noises import done, harmonics, shaped, wander

_Event = Callable[[], Track]


def clicks(rng: np.random.Generator, seconds: float, rate_hz: int) -> Sound:
    """Clicks and pops: single samples to a few milliseconds, some of them ringing."""

    def click() -> Track:
        return ring(rng, rate_hz, rng.uniform(200, 0.4 * rate_hz), float(np.exp(rng.uniform(-8.5, -4.5))))

    return done(scattered(rng, seconds, rate_hz, rng.uniform(0.5, 12), click), rate_hz)


def crackle(rng: np.random.Generator, seconds: float, rate_hz: int) -> Sound:
    """Static, as of an old record or a bad plug: dense uneven crackles over a little hiss."""
    count = round(seconds * rate_hz)
    hits = (rng.random(count) < rng.uniform(20, 600) / rate_hz) * rng.standard_t(2.0, count).clip(-30, 30)
    snap = ring(rng, rate_hz, rng.uniform(1500, 0.4 * rate_hz), rng.uniform(0.0002, 0.001))
    bed = shaped(rng, seconds, rate_hz, lambda hz: -3 * np.log2(np.maximum(hz, 20) / 1000))
    return done(
        fftconvolve(hits, snap)[:count] + bed / np.std(bed) * decibels(rng.uniform(-40, -20)), rate_hz
    )


def keyboard(rng: np.random.Generator, seconds: float, rate_hz: int) -> Sound:
    """Typing: bursts of keys, each a press and a softer release, in the wood of a desk."""
    count = round(seconds * rate_hz)
    desk_hz, cap_hz = rng.uniform(150, 450), rng.uniform(1800, 0.35 * rate_hz)
    out = np.zeros(count)
    at_s = float(rng.uniform(0, 0.5))
    while at_s < seconds:
        for part_s, gain_db in ((0.0, 0.0), (rng.uniform(0.05, 0.11), rng.uniform(-12, -4))):
            tick = ring(rng, rate_hz, cap_hz * rng.uniform(0.8, 1.25), rng.uniform(0.001, 0.004), noisy=0.8)
            thud = ring(rng, rate_hz, desk_hz * rng.uniform(0.9, 1.1), rng.uniform(0.006, 0.02))
            place, gain = round((at_s + part_s) * rate_hz), decibels(gain_db + rng.normal(0, 2.5))
            add(out, tick * gain, place)
            add(out, thud * gain * decibels(rng.uniform(-14, -3)), place)
        pause = rng.uniform(0.4, 1.6) if rng.random() < 0.08 else rng.gamma(4.0, 0.04)
        at_s += float(pause)
    return done(out, rate_hz)


def thumps(rng: np.random.Generator, seconds: float, rate_hz: int) -> Sound:
    """Handling: knocks and bumps on a table, a stand or the microphone."""

    def thump() -> Track:
        low = ring(rng, rate_hz, rng.uniform(35, 180), rng.uniform(0.02, 0.12))
        knock = ring(rng, rate_hz, rng.uniform(300, 1500), rng.uniform(0.003, 0.02), noisy=0.6)
        add(low, knock * decibels(rng.uniform(-20, -3)), 0)
        return low

    return done(scattered(rng, seconds, rate_hz, rng.uniform(0.4, 3), thump), rate_hz)


def rustle(rng: np.random.Generator, seconds: float, rate_hz: int) -> Sound:
    """Clothes and paper: bursts of uneven treble."""

    def burst() -> Track:
        length_s = float(rng.uniform(0.08, 0.9))
        centre_hz = rng.uniform(1500, 0.4 * rate_hz)
        noise = shaped(
            rng, length_s, rate_hz, lambda hz: -5 * np.abs(np.log2(np.maximum(hz, 20) / centre_hz))
        )
        flutter = np.exp(0.8 * wander(rng, len(noise), rate_hz, rng.uniform(8, 20)))
        return np.asarray(noise / np.std(noise) * flutter * np.hanning(len(noise)))

    return done(scattered(rng, seconds, rate_hz, rng.uniform(0.8, 4), burst), rate_hz)


def creaks(rng: np.random.Generator, seconds: float, rate_hz: int) -> Sound:
    """A chair or a door: slip after slip, at a changing rate, into wood that rings."""

    def creak() -> Track:
        length_s = float(rng.uniform(0.15, 1.0))
        count = round(length_s * rate_hz)
        slips_hz = np.linspace(rng.uniform(25, 160), rng.uniform(25, 160), count)
        slips_hz *= 1 + 0.15 * wander(rng, count, rate_hz, 12)
        slips = np.diff(np.floor(np.cumsum(slips_hz) / rate_hz), prepend=0) * rng.uniform(0.3, 1, count)
        wood = ring(rng, rate_hz, rng.uniform(400, 1200), 0.008)
        add(wood, ring(rng, rate_hz, rng.uniform(1200, 3500), 0.004) * 0.7, 0)
        return np.asarray(fftconvolve(slips * np.hanning(count), wood)[:count])

    return done(scattered(rng, seconds, rate_hz, rng.uniform(0.3, 1.2), creak), rate_hz)


def alarms(rng: np.random.Generator, seconds: float, rate_hz: int) -> Sound:
    """Beeps, alarms and notification sounds: signals of machines, which are no music."""
    if rng.random() < 0.5:
        return done(_beeping(rng, seconds, rate_hz), rate_hz)
    tones_hz = (
        440 * 2 ** (rng.choice([0, 4, 5, 7, 9, 12, 16], int(rng.integers(1, 4))) / 12) * rng.uniform(1, 2.5)
    )
    decay_s = rng.uniform(0.08, 0.4)

    def chime() -> Track:
        out = np.zeros(round((0.15 * len(tones_hz) + 5 * decay_s) * rate_hz))
        for order, hz in enumerate(tones_hz):
            add(out, ring(rng, rate_hz, float(hz), decay_s), round(order * 0.12 * rate_hz))
        return out

    return done(scattered(rng, seconds, rate_hz, rng.uniform(0.15, 0.5), chime), rate_hz)


def _beeping(rng: np.random.Generator, seconds: float, rate_hz: int) -> Track:
    """One or two tones in a pattern that repeats without end."""
    count = round(seconds * rate_hz)
    time_s = np.arange(count) / rate_hz + rng.uniform(0, 2)
    period_s = rng.uniform(0.25, 2.0)
    phase = (time_s / period_s) % 1
    low_hz = rng.uniform(600, 3000)
    hz = np.where(phase < 0.5, low_hz, low_hz * rng.choice([1.0, 1.0, 1.25, 0.8]))
    tone = harmonics(rng, hz, rate_hz, int(rng.integers(1, 6)), 1.5)
    sounding = phase < rng.uniform(0.2, 0.6) if rng.random() < 0.8 else np.ones(count)
    ramp = np.hanning(max(3, round(0.006 * rate_hz)))
    return np.asarray(tone * fftconvolve(sounding.astype(float), ramp / ramp.sum())[:count])


def ring(rng: np.random.Generator, rate_hz: int, hz: float, decay_s: float, noisy: float = 0.2) -> Track:
    """A struck thing: a tone of `hz` that dies away in `decay_s`, `noisy` (0..1) of it noise; peak near 1."""
    time_s = np.arange(max(8, round(6 * decay_s * rate_hz))) / rate_hz
    wave = (1 - noisy) * np.sin(2 * np.pi * min(hz, 0.45 * rate_hz) * time_s + rng.uniform(0, 2 * np.pi))
    return np.asarray((wave + noisy * rng.standard_normal(len(time_s))) * np.exp(-time_s / decay_s))


def scattered(rng: np.random.Generator, seconds: float, rate_hz: int, per_s: float, event: _Event) -> Track:
    """Events at random, about `per_s` a second and at least one, of uneven strength."""
    out = np.zeros(round(seconds * rate_hz))
    for _ in range(max(1, rng.poisson(per_s * seconds))):
        sound = event()
        add(out, sound * decibels(rng.normal(0, 5)), int(rng.integers(max(1, len(out) - len(sound)))))
    return out


def add(sound: Track, part: Track, start: int) -> None:
    """Puts `part` into `sound` from `start` on, in place; what reaches over the end is lost."""
    kept = part[: max(0, len(sound) - start)]
    sound[start : start + len(kept)] += kept
