"""Sung vocals, which count as music: soloists, duets and choirs that exist nowhere else.

A source of glottal pulses follows the pitch of a tune, a moving tube of formants gives it vowels, consonants
open the syllables. It is no recording: words are nonsense and the timbre is a synthesiser's. It teaches a
network that a held, tuned, vibrating voice is music; it does not show it how real singers breathe and slur.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from training.synthetic.autotune import autotuned
from training.synthetic.consonants import CONSONANTS, consonant_noise
from training.synthetic.glottis import pulses
from training.synthetic.hall import in_hall
from training.synthetic.sound import Sound, Track, decibels, levelled, resampled
from training.synthetic.tunes import SungNote, Tune, harmony, tune
from training.synthetic.vowels import FORMANTS_HZ, HOP_S, formed

__all__ = ["Voice", "autotuned", "random_voice", "sing", "sung"]

RENDER_HZ = 48_000
_PITCH_HZ = 1000  # control steps of the pitch per second
REGISTERS: dict[str, tuple[int, int, float]] = {
    # lowest and highest MIDI pitch, scale of the formants
    "bass": (40, 62, 0.90),
    "baritone": (45, 66, 0.95),
    "tenor": (48, 70, 1.0),
    "alto": (53, 75, 1.12),
    "mezzo": (57, 78, 1.16),
    "soprano": (60, 83, 1.21),
    "child": (60, 80, 1.34),
}


@dataclass(frozen=True)
class Voice:
    """A singer: range, size of the head, and habits. Times in seconds, depths in cents (peak)."""

    low: int = 48
    high: int = 70
    scale: float = 1.0
    vibrato_cents: float = 45.0
    vibrato_hz: float = 5.5
    vibrato_after_s: float = 0.25
    portamento_s: float = 0.03
    scoop_cents: float = 80.0
    jitter_cents: float = 6.0
    detune_cents: float = 0.0
    late_s: float = 0.0
    breath_db: float = -30.0
    open_quotient: float = 0.6
    tilt_hz: float = 3000.0
    consonants_db: float = 0.0


def random_voice(rng: np.random.Generator) -> Voice:
    """Any singer: register, timbre and manner drawn at random."""
    low, high, scale = REGISTERS[str(rng.choice(list(REGISTERS)))]
    return Voice(
        low=low,
        high=high,
        scale=float(scale * rng.uniform(0.95, 1.06)),
        vibrato_cents=float(rng.choice([0.0, 15.0, 35.0, 55.0, 80.0, 110.0])),
        vibrato_hz=float(rng.uniform(4.6, 6.8)),
        vibrato_after_s=float(rng.uniform(0.0, 0.5)),
        portamento_s=float(
            rng.choice([0.004, 0.015, 0.03, 0.06])
        ),  # the first: as a pitch corrector leaves it
        scoop_cents=float(rng.choice([0.0, 40.0, 100.0, 200.0])),
        jitter_cents=float(rng.uniform(2, 10)),
        breath_db=float(rng.uniform(-42, -14)),
        open_quotient=float(rng.uniform(0.45, 0.85)),
        tilt_hz=float(np.exp(rng.uniform(np.log(1500), np.log(12_000)))),
        consonants_db=float(rng.uniform(-8, 6)),
    )


def sing(
    notes: Sequence[SungNote], voice: Voice, rng: np.random.Generator, seconds: float, rate_hz: int
) -> Sound:
    """One voice singing `notes`: mono (n,), rms -20 dBFS or less where the peak would pass 0.89."""
    samples = round(seconds * RENDER_HZ)
    frames = round(seconds / HOP_S) + 1
    voiced, formants_hz = _articulation(notes, voice, frames, rng)
    f0_hz = np.interp(np.arange(samples) / RENDER_HZ, *_pitch(notes, voice, seconds, rng))
    loudness = np.interp(np.arange(samples) / RENDER_HZ, HOP_S * np.arange(frames), voiced)
    source = pulses(
        f0_hz, RENDER_HZ, open_quotient=voice.open_quotient, tilt_hz=voice.tilt_hz, phase=float(rng.random())
    )
    breath = rng.standard_normal(samples) * decibels(voice.breath_db) * (0.4 + 0.6 * np.clip(source, 0, 1.5))
    lifted = np.maximum(
        formants_hz[:, 0], np.interp(HOP_S * np.arange(frames), np.arange(samples) / RENDER_HZ, f0_hz)
    )
    formants_hz[:, 0] = np.minimum(
        lifted, 0.85 * formants_hz[:, 1]
    )  # as high singers do: F1 follows the pitch
    sound = formed((source + breath) * loudness, formants_hz, RENDER_HZ, voice.scale)
    sound /= np.sqrt(np.mean(sound**2)) + 1e-9
    _add_consonants(sound, notes, voice, rng)
    return levelled(resampled(sound, RENDER_HZ, rate_hz))


def sung(rng: np.random.Generator, seconds: float, rate_hz: int) -> Sound:
    """A vocal piece, stereo (n, 2): a soloist, two in thirds, a doubled voice or a choir; often in a hall."""
    voice = random_voice(rng)
    melody = tune(rng, seconds, voice.low, voice.high)
    ensemble = str(rng.choice(["solo", "doubled", "thirds", "choir"], p=[0.45, 0.15, 0.22, 0.18]))
    out = np.zeros((round(seconds * rate_hz), 2), np.float32)
    for notes, singer, gain_db, pan in _ensemble(ensemble, melody, voice, rng):
        line = sing(notes, singer, rng, seconds, rate_hz) * decibels(gain_db)
        angle = (pan + 1) * np.pi / 4
        out += line[:, None] * np.array([np.cos(angle), np.sin(angle)], np.float32)
    if rng.random() < 0.7:
        out = in_hall(
            out, rng, rate_hz, rt60_s=float(rng.uniform(0.4, 3.0)), wet_db=float(rng.uniform(-22, -4))
        )
    return levelled(out)


_Part = tuple[Sequence[SungNote], Voice, float, float]


def _ensemble(kind: str, melody: Tune, voice: Voice, rng: np.random.Generator) -> list[_Part]:
    lead: _Part = (melody.notes, voice, 0.0, float(rng.uniform(-0.15, 0.15)))
    if kind == "solo":
        return [lead]
    if kind == "doubled":
        return [lead, *((melody.notes, _fellow(voice, rng), -5.0, pan) for pan in (-0.7, 0.7))]
    if kind == "thirds":
        steps = int(rng.choice([2, 2, -2, 4]))
        return [
            lead,
            (harmony(melody, steps), _fellow(voice, rng), float(rng.uniform(-8, -2)), rng.uniform(-0.7, 0.7)),
        ]
    parts = [harmony(melody, steps) for steps in (0, 0, 2, -3)[: int(rng.integers(2, 5))]]
    each = int(rng.integers(2, 4))
    return [
        (part, _fellow(voice, rng), 0.0, float(rng.uniform(-0.9, 0.9))) for part in parts for _ in range(each)
    ]


def _fellow(voice: Voice, rng: np.random.Generator) -> Voice:
    """Somebody who sings the same, but is not the same."""
    return replace(
        voice,
        scale=voice.scale * rng.uniform(0.94, 1.06),
        vibrato_hz=voice.vibrato_hz * rng.uniform(0.9, 1.1),
        vibrato_cents=voice.vibrato_cents * rng.uniform(0.5, 1.0),
        detune_cents=float(rng.normal(0, 7)),
        late_s=float(rng.uniform(0.0, 0.045)),
        consonants_db=voice.consonants_db - 5.0,
    )


def _pitch(
    notes: Sequence[SungNote], voice: Voice, seconds: float, rng: np.random.Generator
) -> tuple[Track, Track]:
    """Times in seconds and the fundamental in Hz at each."""
    count = round(seconds * _PITCH_HZ) + 1
    time_s = np.arange(count) / _PITCH_HZ
    cents = np.full(count, 100.0 * (notes[0].midi if notes else 60.0))
    bent = np.zeros(count)
    for note in notes:
        start_s = note.start_s + voice.late_s
        cents[time_s >= start_s] = 100.0 * note.midi
        since_s = time_s - start_s
        within = (since_s >= 0) & (since_s < note.duration_s)
        swell = np.clip((since_s[within] - voice.vibrato_after_s) / 0.25, 0, 1)
        swing = np.sin(2 * np.pi * voice.vibrato_hz * since_s[within] + rng.uniform(-0.5, 0.5))
        bent[within] = voice.vibrato_cents * swell * swing
        if note.first:
            bent[within] -= voice.scoop_cents * np.exp(-since_s[within] / 0.05)
    glide = gaussian_filter1d(cents, max(1.0, voice.portamento_s * _PITCH_HZ))
    wander = gaussian_filter1d(rng.standard_normal(count), 0.02 * _PITCH_HZ)
    wander *= voice.jitter_cents / (np.std(wander) + 1e-9)
    midi = (glide + gaussian_filter1d(bent, 6.0) + wander + voice.detune_cents) / 100.0
    return time_s, 440.0 * 2.0 ** ((midi - 69.0) / 12.0)


def _articulation(
    notes: Sequence[SungNote], voice: Voice, frames: int, rng: np.random.Generator
) -> tuple[Track, NDArray[np.float64]]:
    """Per 5 ms frame: the gain of the voice, and four formants in Hz."""
    gain_db = np.full(frames, -90.0)
    tube = np.tile(np.log(FORMANTS_HZ["uh"]), (frames, 1))
    shade = rng.normal(0, 0.04, 4)  # no two mouths are alike
    for order, note in enumerate(notes):
        first = max(0, round((note.start_s + voice.late_s) / HOP_S))
        end = min(frames, first + round(note.duration_s / HOP_S))
        followed = order + 1 < len(notes) and not notes[order + 1].first
        if not followed:
            end = max(first + 1, end - round(0.06 / HOP_S))
        gain_db[first:end] = note.loudness_db + np.linspace(0, -2.5, end - first)
        tube[first:] = np.log(FORMANTS_HZ[note.vowel])
        kind = CONSONANTS.get(note.consonant)
        if kind is None:
            continue
        before = max(0, first - round(kind.lasts_s / HOP_S))
        gain_db[before:first] = note.loudness_db + kind.voice_db
        tube[before:first] = np.log(FORMANTS_HZ[kind.tube or note.vowel])
    gain = gaussian_filter1d(10.0 ** (gain_db / 20.0), 0.012 / HOP_S)
    shimmer = gaussian_filter1d(rng.standard_normal(frames), 4.0)
    gain *= 10.0 ** (0.8 * shimmer / (np.std(shimmer) + 1e-9) / 20.0)
    gain[gain < 1e-4] = 0
    return gain, np.exp(gaussian_filter1d(tube + shade, 0.02 / HOP_S, axis=0)) * voice.scale


def _add_consonants(sound: Track, notes: Sequence[SungNote], voice: Voice, rng: np.random.Generator) -> None:
    """The noises of the consonants, and a breath before some phrases; into `sound`, in place."""
    for note in notes:
        start = round((note.start_s + voice.late_s) * RENDER_HZ)
        if note.first and rng.random() < 0.5:
            breath = replace(CONSONANTS["h"], noise_db=-30.0, noise_s=0.3, band_hz=(900.0, 6000.0))
            _add(
                sound,
                consonant_noise(breath, rng, RENDER_HZ, 1.0) * decibels(note.loudness_db),
                start - 20_000,
            )
        kind = CONSONANTS.get(note.consonant)
        if kind is not None and kind.noise_s > 0:
            noise = consonant_noise(kind, rng, RENDER_HZ, float(rng.uniform(0.8, 1.4)))
            _add(sound, noise * decibels(note.loudness_db + voice.consonants_db), start - len(noise))


def _add(sound: Track, part: Track, start: int) -> None:
    first = max(0, start)
    end = min(len(sound), start + len(part))
    if end > first:
        sound[first:end] += part[first - start : end - start]
