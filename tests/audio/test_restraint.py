"""The further the voice stands above the music, the more of it is left alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saycut.audio.isolation import isolate_voice, leave_out_music
from saycut.audio.restraint import NO_RESTRAINT, Restraint, least_gain, restraint
from saycut.audio.sound_map import STEP_FRAMES, STEP_S, SoundMap
from saycut.audio.speech import Regions
from saycut.audio.suppression import Frames
from saycut.pcm import PcmArray
from tests.audio.signals import joined
from tests.audio.test_isolation import SPEECH, mixed, power_db

STEPS = 60


def heard(speech_dbfs: float, music_dbfs: float) -> SoundMap:
    """Somebody speaks all the time."""
    return mapped((speech_dbfs,) * STEPS, (music_dbfs,) * STEPS)


def mapped(
    speech: tuple[float, ...], music: tuple[float, ...], speech_s: Regions = ((0.0, STEPS * STEP_S),)
) -> SoundMap:
    return SoundMap(STEPS * STEP_S, speech, music, (-100.0,) * STEPS, (), speech_s, ())


def frames(first: int, count: int) -> Frames:
    ones = np.ones((count, 3), np.float32)
    return Frames(first, ones[None].astype(np.complex64), ones, ones, ones)


@pytest.mark.parametrize(("over_db", "kept"), [(-10, 0.0), (8, 0.0), (16, 0.5), (24, 1.0), (60, 1.0)])
def test_by_how_far_the_voice_is_above(over_db: float, kept: float) -> None:
    found = restraint(heard(-30 + over_db, -30))
    np.testing.assert_allclose(found.of_words(frames(0, 20))[:, 0], kept, atol=1e-6)
    assert found.everywhere == 0


def test_it_follows_the_recording() -> None:
    """Loud music in the first half, hardly any in the second."""
    half = STEPS // 2
    music = (-20.0,) * half + (-60.0,) * half
    found = restraint(mapped((-20.0,) * STEPS, music))
    assert found.in_words[0] == 0
    assert found.in_words[-1] == 1
    assert all(
        before <= after + 1e-9 for before, after in zip(found.in_words, found.in_words[1:], strict=False)
    )


def test_where_nobody_speaks_nothing_is_held_back() -> None:
    found = restraint(mapped((-20.0,) * STEPS, (-60.0,) * STEPS, ((5 * STEP_S, 10 * STEP_S),)))
    assert found.in_words == (0.0,) * 4 + (1.0,) * 7 + (0.0,) * (STEPS - 11)


def test_between_steps_it_glides() -> None:
    found = Restraint((0.0, 1.0))
    least = found.of_words(frames(0, 3 * STEP_FRAMES))[:, 0]
    assert (least[0], least[-1]) == (0, 1)
    assert np.diff(least).max() <= 1.01 / STEP_FRAMES
    assert found.of_words(frames(900, 2))[:, 0].tolist() == [1.0, 1.0]


def test_a_sound_of_no_length() -> None:
    empty = restraint(SoundMap(0.0, (), (), (), (), (), ()))
    assert empty.of_words(frames(0, 3))[:, 0].tolist() == [0.0] * 3


@settings(max_examples=50, deadline=None)
@given(st.floats(0.1, 60))
def test_what_is_left_of_a_sound_that_goes_down(down_db: float) -> None:
    assert -20 * np.log10(least_gain(down_db)) == pytest.approx(down_db)
    assert least_gain(None) == 0


def test_nothing_goes_down_by_more_than_was_asked() -> None:
    mix = mixed()
    held = Restraint(everywhere=least_gain(12))
    blocks, report = isolate_voice(PcmArray(mix), SPEECH, restrained=held)
    out = joined(blocks)
    pause = slice(round(1.9 * 48_000), round(2.2 * 48_000))
    assert power_db(mix[pause]) - power_db(out[pause]) == pytest.approx(12, abs=0.3)
    assert report.pause_attenuation_db == pytest.approx(12, abs=0.3)


def test_a_voice_that_is_kept_is_not_harmed() -> None:
    """All of every word stays: what goes is in the pauses."""
    held = Restraint((1.0,))
    blocks, report = isolate_voice(PcmArray(mixed()), SPEECH, restrained=held)
    out = joined(blocks)
    words = slice(round(0.3 * 48_000), round(1.3 * 48_000))
    np.testing.assert_allclose(out[words], mixed()[words], atol=1e-5)
    free = isolate_voice(PcmArray(mixed()), SPEECH, restrained=NO_RESTRAINT)
    joined(free[0])
    assert report.voice_damage_db is not None
    assert free[1].voice_damage_db is not None
    assert report.voice_damage_db < free[1].voice_damage_db < 0


def test_without_a_voice_there_is_nothing_to_harm() -> None:
    blocks, report = isolate_voice(PcmArray(np.zeros((48_000, 2), np.float32)), ())
    joined(blocks)
    assert report.voice_damage_db is None


def test_with_the_ambience_kept_it_holds_too() -> None:
    mix = mixed()
    blocks, report = leave_out_music(PcmArray(mix), restrained=Restraint((1.0,)))
    np.testing.assert_allclose(joined(blocks), mix, atol=1e-5)
    assert report.overall_attenuation_db == pytest.approx(0, abs=0.01)
