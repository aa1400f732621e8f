"""A short piece of our own: plucked chords, a bass, a melody and a soft beat, written as rules and a seed.

The melody, the order of the broken chords, the rhythm of the bass and the strength of every note are never
twice the same, so that a stretch of it is found in the whole without doubt.
"""

import numpy as np
from numpy.typing import NDArray

Track = NDArray[np.float64]

RATE_HZ = 48_000
BPM = 100.0
BARS = 12
BEAT_S = 60.0 / BPM
SECONDS = BARS * 4 * BEAT_S
# Bass and chord tones as MIDI notes: Dm9, Bb maj7, F, Csus4, Gm7, Am7, Bb, C6.
CHORDS = (
    (38, (62, 65, 69, 76)),
    (34, (62, 65, 69, 74)),
    (41, (60, 65, 69, 72)),
    (36, (60, 65, 67, 74)),
    (43, (62, 65, 70, 74)),
    (45, (60, 64, 67, 76)),
    (46, (62, 65, 70, 77)),
    (48, (64, 67, 69, 72)),
)
SCALE = (74, 76, 77, 79, 81, 84, 86)  # the melody's notes
ARPEGGIO = (0, 2, 1, 3, 2, 1, 3, 2)  # which chord tones the eighths of a bar play, in any order


def compose(rng: np.random.Generator) -> Track:
    """The whole song, stereo 48 kHz, (samples, 2), peak 0.5."""
    out = np.zeros((round((SECONDS + 2) * RATE_HZ), 2))
    step = 3
    for bar in range(BARS):
        start = bar * 4 * BEAT_S
        bass, tones = CHORDS[bar % len(CHORDS)]
        for beat in (0.0, *rng.choice((1.0, 1.5, 2.0, 2.5, 3.0, 3.5), 2, replace=False)):
            _place(out, start + beat * BEAT_S, _bass(bass, 1.4 * BEAT_S), 0.30 * _touch(rng), 0.0)
        for eighth, tone in enumerate(rng.permutation(ARPEGGIO)):
            pluck = _pluck(tones[tone], 0.9, 6)
            _place(out, start + eighth * BEAT_S / 2, pluck, 0.13 * _touch(rng), (-0.5, 0.5)[eighth % 2])
        for eighth in range(8):
            if rng.random() < 0.45:
                step = int(np.clip(step + rng.integers(-2, 3), 0, len(SCALE) - 1))
                bell = _pluck(SCALE[step], 1.3, 4)
                _place(out, start + eighth * BEAT_S / 2, bell, 0.12 * _touch(rng), 0.15)
            _place(out, start + eighth * BEAT_S / 2, _shaker(rng), 0.03 * _touch(rng), 0.3)
        for beat in (0, 2):
            _place(out, start + beat * BEAT_S, _drum(), 0.35 * _touch(rng), 0.0)
    out = out[: round(SECONDS * RATE_HZ)]
    fade = np.minimum(1.0, np.arange(len(out))[::-1] / (0.5 * RATE_HZ))[:, None]
    return np.asarray(out * fade * (0.5 / np.abs(out).max()))


def _touch(rng: np.random.Generator) -> float:
    """How hard one note is struck."""
    return float(rng.uniform(0.75, 1.1))


def _hz(note: int) -> float:
    return float(440.0 * 2 ** ((note - 69) / 12))


def _time(seconds: float) -> Track:
    return np.arange(round(seconds * RATE_HZ)) / RATE_HZ


def _pluck(note: int, seconds: float, partials: int) -> Track:
    """A string: partials that die away the sooner the higher they are."""
    time = _time(seconds)
    turns = 2 * np.pi * _hz(note) * time
    waves = [np.sin(k * turns) / k * np.exp(-time * (2.5 + 1.8 * k)) for k in range(1, partials + 1)]
    return np.asarray(np.sum(waves, axis=0) * np.minimum(1.0, time / 0.004))


def _bass(note: int, seconds: float) -> Track:
    time = _time(seconds)
    body = np.sin(2 * np.pi * _hz(note) * time) + 0.35 * np.sin(4 * np.pi * _hz(note) * time)
    edges = np.minimum(1.0, time / 0.01) * np.minimum(1.0, time[::-1] / 0.05)
    return np.asarray(body * np.exp(-1.6 * time) * edges)


def _drum() -> Track:
    time = _time(0.22)
    return np.asarray(np.sin(2 * np.pi * (48 * time + 3.2 * (1 - np.exp(-28 * time)))) * np.exp(-16 * time))


def _shaker(rng: np.random.Generator) -> Track:
    time = _time(0.09)
    noise = np.diff(rng.standard_normal(len(time) + 1))  # a first difference: bright
    return np.asarray(noise * np.exp(-45 * time) * np.minimum(1.0, time / 0.006))


def _place(out: Track, at_s: float, sound: Track, level: float, pan: float) -> None:
    """Add a mono sound at a time and a place (-1 left, 1 right)."""
    first = round(at_s * RATE_HZ)
    sides = np.array([np.sqrt((1 - pan) / 2), np.sqrt((1 + pan) / 2)])
    part = sound[: len(out) - first, None]
    out[first : first + len(part)] += level * part * sides
