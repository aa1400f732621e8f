"""A sentence in, a voice out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from examples.voice import formants, glottis
from examples.voice.phonemes import spell
from examples.voice.prosody import FRAME_S, NASAL_POLE_HZ, Controls, controls_of

Track = NDArray[np.float64]

RATE_HZ = 24_000
OUT_HZ = 48_000
HOP = round(FRAME_S * RATE_HZ)
# Frequency and bandwidth (Hz) of what lies above the third formant (Klatt 1980; ours above F6)
UPPER = ((3300, 250), (3850, 250), (4900, 500), (5900, 700), (6900, 800), (7900, 900), (8900, 1000))
FRICTION_HZ = (3300.0, 4300.0, 6500.0)  # branches 4, 5 and 6; 2 and 3 follow the formants
FRICTION_BANDWIDTH_HZ = (200.0, 300.0, 450.0, 700.0, 2200.0)


@dataclass(frozen=True)
class Voice:
    """Who speaks: base pitch, pace (above 1: slower), vocal tract (above 1: shorter), breath in the voice."""

    pitch_hz: float = 112.0
    pace: float = 1.0
    tract: float = 1.0
    breath_db: float = -27.0


@dataclass(frozen=True)
class Utterance:
    """`pcm` is mono at 48 kHz, (samples,), RMS 0.1; `opening` is the mouth, 0 shut to 1, at 100 Hz."""

    pcm: Track
    opening: Track

    @property
    def seconds(self) -> float:
        return len(self.pcm) / OUT_HZ


FRICTION_GAIN = 1.7  # so that a stressed vowel is the 0 dB that the table's noise levels refer to (measured)


def say(words: str, voice: Voice, rng: np.random.Generator) -> Utterance:
    """Speak one sentence of words from the lexicon. Raises KeyError for a word that is not in it."""
    controls = controls_of(spell(words), voice.pitch_hz, voice.pace, voice.tract)
    pcm = _radiated(controls, voice, rng)
    pcm = signal.resample_poly(pcm, OUT_HZ // RATE_HZ, 1)
    step = round(0.01 / FRAME_S)
    width = np.clip((controls.formants_hz[:, 0] / voice.tract - 200) / 450, 0.05, 1)
    opening = (np.maximum(controls.voice, 0.5 * controls.breath) * width)[::step]
    return Utterance(pcm * (0.1 / np.sqrt(np.mean(pcm**2))), opening)


def _radiated(controls: Controls, voice: Voice, rng: np.random.Generator) -> Track:
    pitch = _per_sample(controls.pitch_hz)
    voicing, opening = glottis.pulses(pitch, RATE_HZ, rng)
    air = glottis.breath(opening, rng)
    level = _per_sample(controls.voice)
    source = level * voicing + (_per_sample(controls.breath) + level * 10 ** (voice.breath_db / 20)) * air
    return _cascade(source, controls, voice.tract) + FRICTION_GAIN * _friction(controls, opening, rng)


def _cascade(source: Track, controls: Controls, tract: float) -> Track:
    """Nose and mouth in series, as in a vowel: their relative levels come out right by themselves."""
    frames = len(controls.voice)
    pole, width = np.full(frames, NASAL_POLE_HZ), np.full(frames, 100.0)
    sound = formants.cancel(source, controls.nasal_zero_hz, width, HOP, RATE_HZ)
    sound = formants.resonate(sound, pole, width, HOP, RATE_HZ)
    for number in range(3):
        frequency, bandwidth = controls.formants_hz[:, number], controls.bandwidths_hz[:, number]
        sound = formants.resonate(sound, frequency, bandwidth, HOP, RATE_HZ)
    for frequency_hz, bandwidth_hz in UPPER:
        steady = (np.full(frames, frequency_hz * tract), np.full(frames, float(bandwidth_hz)))
        sound = formants.resonate(sound, *steady, HOP, RATE_HZ)
    return sound


def _friction(controls: Controls, opening: Track, rng: np.random.Generator) -> Track:
    """Noise made at a narrow place in the mouth, through parallel branches with the gains of the sound."""
    frames = len(controls.noise)
    voiced = np.minimum(_per_sample(controls.voice) * 2, 1)
    noise = rng.standard_normal(frames * HOP) * _per_sample(controls.noise)
    noise *= 1 - 0.5 * voiced * (1 - opening)  # in z or v the glottis chops the air
    upper = [np.full(frames, hz) for hz in FRICTION_HZ]
    centres = [controls.formants_hz[:, 1], controls.formants_hz[:, 2], *upper]
    total = noise * _per_sample(controls.shape[:, 5])
    for branch, (centre, wide) in enumerate(zip(centres, FRICTION_BANDWIDTH_HZ, strict=True)):
        fed = noise * np.repeat(controls.shape[:, branch], HOP) * np.sqrt(RATE_HZ / 3 / wide)
        total = total + (-1) ** branch * formants.band(fed, centre, wide, HOP, RATE_HZ)
    return total


def _per_sample(track: Track) -> Track:
    """One value a frame to one a sample, straight lines between."""
    at = (np.arange(len(track) * HOP) + 0.5) / HOP - 0.5
    return np.interp(at, np.arange(len(track)), track)
