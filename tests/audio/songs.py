"""Songs and voices made from dice: stereo notes like nothing but themselves, bursts like words."""

import numpy as np

from saycut.pcm import RATE_HZ, Pcm


def song(seconds: float, seed: int = 1) -> Pcm:
    """Stereo chords of random pitch (of four octaves), length and place."""
    rng = np.random.default_rng(seed)
    out = np.zeros((round(seconds * RATE_HZ), 2))
    at = 0.0
    while at < seconds:
        start, length_s = int(at * RATE_HZ), float(rng.uniform(0.3, 0.9))
        ticks = np.arange(min(int(length_s * RATE_HZ), len(out) - start)) / RATE_HZ
        chord = 110 * 2 ** (rng.integers(0, 48, 3) / 12)
        tone = sum(np.sin(2 * np.pi * pitch * k * ticks) / k for pitch in chord for k in (1, 2, 3)) / 2
        pan = rng.uniform(0.2, 0.8)
        out[start : start + len(ticks)] += np.outer(tone * np.exp(-3 * ticks), (pan, 1 - pan)) * 0.1
        at += float(rng.uniform(0.1, 0.3))
    return out.astype(np.float32)


def voice(samples: int, channels: int = 2) -> Pcm:
    """Noise bursts like words, with pauses between them."""
    rng = np.random.default_rng(9)
    gate = (np.sin(2 * np.pi * np.arange(samples) / RATE_HZ / 1.7) > 0.2).astype(float)
    mono = rng.standard_normal(samples) * 0.05 * gate
    return np.repeat(mono[:, None], channels, axis=1).astype(np.float32)


def left_db(out: Pcm, truth: Pcm, music: Pcm) -> float:
    """How far the music is down, everything that is not the truth counted as music."""
    return float(10 * np.log10(np.mean((out - truth) ** 2) / np.mean(music**2)))
