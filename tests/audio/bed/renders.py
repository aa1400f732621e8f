"""Rendered beds, made once a session, and what tests measure on them."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from saycut.audio.bed.compose import compose
from saycut.audio.bed.render import render
from saycut.audio.bed.spec import BedSpec
from saycut.pcm import RATE_HZ, Pcm

Double = NDArray[np.float64]
STANDARD_S = 12.0


@cache
def rendered(mood: str, seed: int = 1, duration_s: float = STANDARD_S) -> Pcm:
    """The whole bed; do not write into it."""
    sound = np.concatenate(list(render(compose(BedSpec(mood, seed, duration_s)))))
    sound.setflags(write=False)
    return sound


def level_db(sound: Pcm) -> float:
    """RMS over both channels in dBFS."""
    return float(10.0 * np.log10(np.mean(np.square(sound, dtype=np.float64)) + 1e-18))


def around(sound: Pcm, share: float, span_s: float = 0.1) -> Pcm:
    """`span_s` of the sound around a share of its length."""
    half = round(span_s * RATE_HZ / 2)
    place = round(share * len(sound))
    return sound[max(0, place - half) : place + half]


def centroid_hz(sound: Pcm) -> float:
    """The centre of the magnitude spectrum of the mono sum."""
    mono = sound.mean(axis=1)
    magnitude = np.abs(np.fft.rfft(mono))
    return float((magnitude * np.fft.rfftfreq(len(mono), 1 / RATE_HZ)).sum() / magnitude.sum())
