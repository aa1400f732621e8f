"""A known song taken out of a mix: aligned, subtracted, refused when it is not the song."""

import numpy as np
import pytest

from saycut.audio.cancellation import cancel
from saycut.errors import Impossible
from saycut.pcm import Pcm, PcmArray

RATE = 48_000


def song(seconds: int, seed: int = 1) -> Pcm:
    """Stereo notes of random pitch and length, so that it is like nothing but itself."""
    rng = np.random.default_rng(seed)
    out = np.zeros((seconds * RATE, 2))
    at = 0.0
    while at < seconds:
        start, length_s = int(at * RATE), float(rng.uniform(0.3, 0.9))
        ticks = np.arange(min(int(length_s * RATE), len(out) - start)) / RATE
        tone = sum(np.sin(2 * np.pi * rng.uniform(110, 1800) * k * ticks) / k for k in (1, 2, 3))
        pan = rng.uniform(0.2, 0.8)
        out[start : start + len(ticks)] += np.outer(tone * np.exp(-3 * ticks), (pan, 1 - pan)) * 0.1
        at += float(rng.uniform(0.1, 0.3))
    return out.astype(np.float32)


def voice(samples: int) -> Pcm:
    """Noise bursts like words, with pauses between them."""
    rng = np.random.default_rng(9)
    gate = (np.sin(2 * np.pi * np.arange(samples) / RATE / 1.7) > 0.2).astype(float)
    mono = rng.standard_normal(samples) * 0.05 * gate
    return np.repeat(mono[:, None], 2, axis=1).astype(np.float32)


def residue_db(out: Pcm, truth: Pcm, music: Pcm) -> float:
    """How far the music is down, everything that is not the truth counted as music."""
    return float(10 * np.log10(np.mean((out - truth) ** 2) / np.mean(music**2)))


@pytest.mark.parametrize("offset_s", [0.0, 3.2])
def test_the_song_goes_and_the_voice_stays(offset_s: float) -> None:
    track, start = song(45), int(offset_s * RATE)
    music = track[start : start + 30 * RATE] * 0.6
    spoken = voice(len(music))
    blocks, report = cancel(PcmArray(spoken + music), PcmArray(track))
    out = np.concatenate(list(blocks))
    assert out.shape == music.shape
    assert report.offset_s == pytest.approx(-offset_s, abs=0.0005)
    assert report.music_attenuation_db > 20
    assert residue_db(out, spoken, music) < -20


def test_what_plays_before_the_song_begins_is_left_alone() -> None:
    track = song(30)
    music = np.concatenate((np.zeros((30 * RATE, 2), np.float32), track[: 25 * RATE]))
    spoken = voice(len(music))
    blocks, report = cancel(PcmArray(spoken + music), PcmArray(track))
    out = np.concatenate(list(blocks))
    assert report.blocks_aligned < report.blocks_total
    np.testing.assert_array_equal(out[: 15 * RATE], spoken[: 15 * RATE])
    assert residue_db(out[32 * RATE :], spoken[32 * RATE :], music[32 * RATE :]) < -15


def test_another_song_is_refused_in_both_languages() -> None:
    mix = voice(20 * RATE) + song(20)
    with pytest.raises(Impossible) as refusal:
        cancel(PcmArray(mix), PcmArray(song(20, seed=2)))
    assert refusal.value.sentence("en")
    assert refusal.value.sentence("zh")
