"""Noises that go on: fans, hum, hiss, wind, traffic, rain, rooms. Each is mono (n,), rms -26 dBFS or less."""

from collections.abc import Callable, Sequence

import numpy as np
import scipy.fft
from scipy.ndimage import gaussian_filter1d
from scipy.signal import butter, fftconvolve, sosfilt

from training.synthetic.sound import Sound, Track, decibels, levelled

RMS_DB = -26.0
_CONTROL_HZ = 50
_LOWEST_HZ = 20.0


def hiss(
    rng: np.random.Generator, seconds: float, rate_hz: int, slope_db_per_octave: float | None = None
) -> Sound:
    """Noise of one slope: 0 is white, -3 pink, -6 brown; None draws one from -6 to 4.5 dB an octave."""
    slope = float(rng.uniform(-6, 4.5)) if slope_db_per_octave is None else slope_db_per_octave
    return done(shaped(rng, seconds, rate_hz, lambda hz: slope * np.log2(np.maximum(hz, 20) / 1000)), rate_hz)


def room_tone(rng: np.random.Generator, seconds: float, rate_hz: int) -> Sound:
    """The quiet of a room: dark noise with a few broad humps, and a trace of hum."""
    centres_hz = np.exp(rng.uniform(np.log(60), np.log(4000), 4))
    heights_db, fall_db = rng.uniform(3, 10, 4), rng.uniform(3, 7)

    def gain_db(hz: Track) -> Track:
        octaves = np.log2(np.maximum(hz, 20)[:, None] / centres_hz)
        humps = (heights_db * np.exp(-((octaves / 0.35) ** 2))).sum(axis=1)
        return np.asarray(humps - fall_db * np.log2(np.maximum(hz, 30) / 1000))

    floor = shaped(rng, seconds, rate_hz, gain_db)
    hum_db = rng.uniform(-30, -8)
    return done(
        floor / np.std(floor) + hum(rng, seconds, rate_hz) / decibels(RMS_DB) * decibels(hum_db), rate_hz
    )


def fan(rng: np.random.Generator, seconds: float, rate_hz: int) -> Sound:
    """A fan: rushing air, the tones of its blades and its motor, both slowly wandering."""
    corner_hz, fall_db = np.exp(rng.uniform(np.log(120), np.log(1500))), rng.uniform(3, 9)
    air = shaped(rng, seconds, rate_hz, lambda hz: -fall_db * np.log2(np.maximum(hz / corner_hz, 1)))
    air *= 1 + 0.15 * wander(rng, len(air), rate_hz, 0.5)
    blades_hz = rng.uniform(25, 320) * (1 + 0.004 * wander(rng, len(air), rate_hz, 1.0))
    tones = harmonics(rng, blades_hz, rate_hz, int(rng.integers(2, 10)), rng.uniform(0.8, 2.0))
    return done(air / np.std(air) + tones * decibels(rng.uniform(-24, 0)), rate_hz)


def hum(rng: np.random.Generator, seconds: float, rate_hz: int, mains_hz: float | None = None) -> Sound:
    """Mains hum: 50 or 60 Hz (None draws one, held within 0.1 Hz) and harmonics, at times a buzz."""
    count = round(seconds * rate_hz)
    nominal = float(rng.choice([50.0, 60.0]) + rng.uniform(-0.1, 0.1)) if mains_hz is None else mains_hz
    mains = nominal * (1 + 0.0002 * wander(rng, count, rate_hz, 0.2))
    low = harmonics(rng, mains, rate_hz, int(rng.integers(4, 17)), rng.uniform(0.5, 1.5))
    if rng.random() < 0.5:
        low = low + harmonics(rng, mains, rate_hz, int(4000 / nominal), 0.6) * decibels(rng.uniform(-20, -3))
    return done(low, rate_hz)


def wind(rng: np.random.Generator, seconds: float, rate_hz: int) -> Sound:
    """Wind at a microphone: low noise in gusts; the stronger the gust, the higher it reaches."""
    fall_db = rng.uniform(9, 15)
    layers = []
    for corner_hz, power in ((50.0, 1.0), (150.0, 2.0), (400.0, 3.0)):
        layers.append((_dark(rng, seconds, rate_hz, corner_hz, fall_db), power))
    count = round(seconds * rate_hz)
    gust = np.exp(0.5 * wander(rng, count, rate_hz, rng.uniform(0.3, 1.2)))
    return done(
        np.asarray(sum(layer / np.std(layer) * gust**power / power**3 for layer, power in layers)), rate_hz
    )


def traffic(rng: np.random.Generator, seconds: float, rate_hz: int) -> Sound:
    """A road: a low rumble, and vehicles that come by with tyre noise."""
    count = round(seconds * rate_hz)
    rumble = _dark(rng, seconds, rate_hz, rng.uniform(50, 200), rng.uniform(4, 8))
    out = rumble / np.std(rumble)
    tyres_hz = rng.uniform(500, 1200)
    tyres = shaped(rng, seconds, rate_hz, lambda hz: -6 * np.abs(np.log2(np.maximum(hz, 20) / tyres_hz)))
    time_s = np.arange(count) / rate_hz
    for _ in range(rng.poisson(0.15 * seconds) + 1):
        at_s, width_s = rng.uniform(0, seconds), rng.uniform(0.6, 3.0)
        passing = np.exp(-(((time_s - at_s) / width_s) ** 2)) * decibels(rng.uniform(-6, 8))
        out = out + passing * tyres / np.std(tyres)
    return done(out, rate_hz)


def rain(rng: np.random.Generator, seconds: float, rate_hz: int) -> Sound:
    """Rain: so many drops that they hiss, and nearer ones that tick."""
    count = round(seconds * rate_hz)
    bed = shaped(rng, seconds, rate_hz, lambda hz: -3 * np.abs(np.log2(np.maximum(hz, 20) / 3000)))
    out = bed / np.std(bed)
    for _ in range(4):
        drops = (rng.random(count) < rng.uniform(5, 60) / rate_hz) * rng.standard_normal(count)
        ring_hz, decay_s = rng.uniform(800, 0.4 * rate_hz), rng.uniform(0.0008, 0.006)
        time_s = np.arange(round(6 * decay_s * rate_hz)) / rate_hz
        drop = np.sin(2 * np.pi * ring_hz * time_s) * np.exp(-time_s / decay_s)
        out = out + fftconvolve(drops, drop)[:count] * decibels(rng.uniform(3, 16))
    return done(out, rate_hz)


def babble(
    speakers: Sequence[Sound], rng: np.random.Generator, seconds: float, rate_hz: int, voices: int = 8
) -> Sound:
    """A crowd: `voices` voices talking at once, each a recording (n,) of `speakers` from a random place on.

    Recordings that end begin again. Raises ValueError when there are none.
    """
    if not any(len(speaker) for speaker in speakers):
        raise ValueError("babble needs at least one recording of speech")
    count = round(seconds * rate_hz)
    spoken = [speaker for speaker in speakers if len(speaker)]
    out = np.zeros(count)
    for turn in range(voices):
        speaker = spoken[(turn + int(rng.integers(len(spoken)))) % len(spoken)]
        first = int(rng.integers(len(speaker)))
        voice = np.take(speaker, np.arange(first, first + count), mode="wrap").astype(np.float64)
        out += voice / (np.std(voice) + 1e-9) * decibels(rng.uniform(-8, 0))
    if rng.random() < 0.5:  # farther away: dull
        out = gaussian_filter1d(out, rate_hz / rng.uniform(12_000, 30_000))
    return done(out, rate_hz)


def done(sound: Track, rate_hz: int) -> Sound:
    """Without what lies below hearing, at the level of all noises."""
    low_cut = butter(1, _LOWEST_HZ, "highpass", fs=rate_hz, output="sos")
    return levelled(sosfilt(low_cut, sound), RMS_DB)


def shaped(
    rng: np.random.Generator, seconds: float, rate_hz: int, gain_db: Callable[[Track], Track]
) -> Track:
    """Gaussian noise with the spectrum `gain_db` of frequencies in Hz; nothing below 10 Hz."""
    count = round(seconds * rate_hz)
    size = scipy.fft.next_fast_len(max(count, 64), real=True)
    hz = np.linspace(0, rate_hz / 2, size // 2 + 1, dtype=np.float64)
    spectrum = (rng.standard_normal(len(hz)) + 1j * rng.standard_normal(len(hz))) * 10 ** (gain_db(hz) / 20)
    spectrum[hz < 10] = 0
    return np.asarray(scipy.fft.irfft(spectrum, size)[:count], np.float64)


def wander(rng: np.random.Generator, count: int, rate_hz: int, per_s: float) -> Track:
    """A slow random curve of unit deviation with about `per_s` turns a second."""
    steps = max(8, int(count / rate_hz * _CONTROL_HZ) + 2)
    curve = gaussian_filter1d(rng.standard_normal(steps), _CONTROL_HZ / per_s / 4, mode="wrap")
    curve /= np.std(curve) + 1e-9
    return np.asarray(np.interp(np.linspace(0, steps - 1, count), np.arange(steps), curve))


def harmonics(rng: np.random.Generator, hz: Track, rate_hz: int, count: int, falling: float) -> Track:
    """`count` harmonics of the track `hz`, uneven, falling as k^-falling; unit rms, none over rate/2."""
    turns = 2 * np.pi * np.cumsum(hz) / rate_hz
    top = min(count, int(0.48 * rate_hz / np.max(hz)))
    out = np.zeros(len(hz))
    for order in range(1, max(top, 1) + 1):
        strength = order**-falling * rng.uniform(0.3, 1.0)
        out += strength * np.sin(order * turns + rng.uniform(0, 2 * np.pi))
    return out / (np.std(out) + 1e-9)


def _dark(rng: np.random.Generator, seconds: float, rate_hz: int, corner_hz: float, fall_db: float) -> Track:
    return shaped(rng, seconds, rate_hz, lambda hz: -fall_db * np.log2(np.maximum(hz / corner_hz, 1)))
