"""Clicks: found where they are, redrawn close to what was there, and nothing else touched."""

import numpy as np
import pytest

from saycut.audio.clicks import declicked
from saycut.pcm import RATE_HZ, Pcm
from tests.audio.signals import in_blocks, joined, talk, tone
from tests.audio.takes import decoded
from tests.audio.voices import voice
from tests.shared import shared_data

PLACES = (12_345, 40_000, 60_003, 70_000, 96_500)
SEAM = 47 * 1_024  # where the second block of the repair begins


def repaired(sound: Pcm, block_samples: int = RATE_HZ) -> tuple[Pcm, int]:
    counts: list[int] = []
    out = joined(declicked(in_blocks(sound, block_samples), counts.append))
    return out, sum(counts)


def with_clicks(sound: Pcm, places: tuple[int, ...] = PLACES, samples: int = 3, height: float = 0.5) -> Pcm:
    clicked = sound.copy()
    shape = np.array([1, -0.7, 0.4, -0.2, 0.1, 0.05])[:samples, None]
    for place in places:
        clicked[place : place + samples] += np.float32(height) * shape[: len(clicked) - place]
    return np.asarray(clicked, np.float32)


def spoken_noise(seconds: float = 3.0) -> Pcm:
    hiss = np.random.default_rng(2).normal(0, 1e-3, (round(seconds * RATE_HZ), 1))
    return np.asarray(voice(seconds) + hiss, np.float32)


@pytest.mark.parametrize("samples", [1, 3, 6])
def test_clicks_are_found_and_redrawn(samples: int) -> None:
    sound = spoken_noise()
    places = (12_345, 47_990, 70_000, 96_500)
    clicked = with_clicks(sound, places, samples)
    out, count = repaired(clicked)
    assert count == len(places)
    assert np.abs(clicked - sound).max() == pytest.approx(0.5, abs=0.01)
    assert np.abs(out - sound).max() < 0.05


def test_what_is_away_from_a_click_is_not_touched() -> None:
    sound = spoken_noise()
    out, _ = repaired(with_clicks(sound))
    far = np.ones(len(sound), np.bool_)
    for place in PLACES:
        far[place - 200 : place + 200] = False
    np.testing.assert_array_equal(out[far], sound[far])


def test_a_tone_is_redrawn_in_its_phase() -> None:
    sound = tone(440.0, -12.0, 2.0, channels=1)
    sound += np.random.default_rng(4).normal(0, 1e-4, sound.shape).astype(np.float32)
    out, count = repaired(with_clicks(sound, (30_000,)))
    assert count == 1
    assert np.abs(out - sound).max() < 2e-3


@pytest.mark.parametrize("name", ["speech", "talk", "music", "tone", "silence"])
def test_sound_without_clicks_is_itself(name: str) -> None:
    if name == "speech":
        sound = decoded(shared_data("media/jfk.wav"))[: 6 * RATE_HZ]
    elif name == "music":
        sound = decoded(shared_data("separation_eval/02_music.flac"), channels=2)[: 4 * RATE_HZ]
    else:
        made = {"talk": talk(3.0), "tone": tone(1_000.0, -3.0, 2.0), "silence": np.zeros((RATE_HZ, 2))}
        sound = np.asarray(made[name], np.float32)
    out, count = repaired(sound)
    assert count == 0
    np.testing.assert_array_equal(out, sound)


def test_a_blow_that_lasts_is_a_sound() -> None:
    sound = spoken_noise()
    blow = np.exp(-np.arange(2_400) / 600) * np.random.default_rng(6).normal(0, 0.2, 2_400)
    sound[60_000:62_400, 0] += blow.astype(np.float32)
    out, _ = repaired(sound)
    before, after = (float(np.std(track[60_100:62_400])) for track in (sound, out))
    assert after == pytest.approx(before, rel=0.1)


def test_a_rattle_is_left_alone() -> None:
    sound = with_clicks(spoken_noise(1.0), tuple(range(2_000, 46_000, 500)))
    out, count = repaired(sound)
    assert count == 0
    np.testing.assert_array_equal(out, sound)


def test_one_side_is_redrawn_and_the_other_is_itself() -> None:
    mono = spoken_noise()
    sound = np.concatenate((with_clicks(mono), mono), axis=1)
    out, count = repaired(sound)
    assert count == len(PLACES)
    np.testing.assert_array_equal(out[:, 1], sound[:, 1])
    assert np.abs(out[:, 0] - mono[:, 0]).max() < 0.1


@pytest.mark.parametrize("place", [SEAM + offset for offset in (-30, -13, -3, -1, 0, 1, 11, 20)])
def test_a_click_at_a_seam_is_redrawn_whole_and_counted_once(place: int) -> None:
    sound = spoken_noise()
    out, count = repaired(with_clicks(sound, (place,), 6))
    assert count == 1
    assert np.abs(out - sound).max() < 0.05


@pytest.mark.parametrize("block", [777, 20_000, 150_000])
def test_blocks_of_any_size_give_the_same(block: int) -> None:
    sound = with_clicks(spoken_noise())
    whole = repaired(sound)
    apart = repaired(sound, block)
    assert apart[1] == whole[1]
    np.testing.assert_array_equal(apart[0], whole[0])


@pytest.mark.parametrize("samples", [1, 24, 100, 1_025, RATE_HZ + 1])
def test_short_sounds_keep_their_length(samples: int) -> None:
    sound = with_clicks(
        np.random.default_rng(1).normal(0, 1e-3, (samples, 1)).astype(np.float32), (samples // 2,)
    )
    assert repaired(sound)[0].shape == sound.shape
