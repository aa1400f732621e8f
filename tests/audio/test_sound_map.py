"""The map of a recording: music, speech and silence where they are, and nothing where they are not."""

from collections.abc import Iterator

import numpy as np
import pytest

from saycut.audio.sound_map import STEP_S, drawn
from saycut.audio.suppression import FRAME_S, Frames
from saycut.pcm import RATE_HZ

BINS = 64
PER_S = round(1 / FRAME_S)


def frames(*parts: tuple[float, float, float, float], batch_s: float = 10.0) -> Iterator[Frames]:
    """Frames of (seconds, speech, music, rest): amplitudes of three sounds in bins of their own."""
    spectra, shares = [], []
    for seconds, *amplitudes in parts:
        count = round(seconds / FRAME_S)
        one = np.zeros((1, count, BINS), np.complex64)
        share = np.zeros((2, count, BINS), np.float32)
        for number, amplitude in enumerate(amplitudes):
            one[0, :, 10 * number + 5] = amplitude * 2304 / 2  # as a sine of that level reads in these frames
            if number < 2:
                share[number, :, 10 * number : 10 * number + 10] = 1
        spectra.append(one)
        shares.append(share)
    whole, share = np.concatenate(spectra, axis=1), np.concatenate(shares, axis=1)
    size = round(batch_s / FRAME_S)
    for first in range(0, whole.shape[1], size):
        cut = slice(first, first + size)
        power = np.abs(whole[0, cut]) ** 2
        yield Frames(first, whole[:, cut], power, share[0, cut], share[0, cut], music=share[1, cut])


def near(spans: tuple[tuple[float, float], ...], wanted: list[tuple[float, float]], slack_s: float) -> None:
    assert len(spans) == len(wanted), spans
    for span, want in zip(spans, wanted, strict=True):
        assert span == pytest.approx(want, abs=slack_s)


def test_music_speech_and_silence_are_where_they_are() -> None:
    parts = ((10, 0.1, 0, 0.001), (10, 0.1, 0.04, 0.001), (10, 0, 0.04, 0.001), (10, 0, 0, 0))
    found = drawn(frames(*parts), 40.0)
    near(found.music_s, [(10, 30)], 1.7)
    near(found.speech_s, [(0, 20)], 2 * STEP_S)
    near(found.silence_s, [(30, 40)], 2 * STEP_S)
    assert found.voice_over_music_db == pytest.approx(20 * np.log10(0.1 / 0.04), abs=1.0)


def test_traces_of_music_under_a_voice_are_no_music() -> None:
    found = drawn(frames((20, 0.1, 0.01, 0.001)), 20.0)
    assert found.music_s == ()
    assert found.perhaps_music_s == ((0.0, 20.0),)  # unless somebody says that they are
    assert found.voice_over_music_db is None


def test_what_is_music_is_so_for_whoever_says_it() -> None:
    found = drawn(frames((20, 0.1, 0.02, 0.001)), 20.0)
    assert found.music_s == found.perhaps_music_s == ((0.0, 20.0),)
    assert drawn(frames((20, 0.1, 0.0001, 0.001)), 20.0).perhaps_music_s == ()


def test_inaudible_music_is_none() -> None:
    assert drawn(frames((20, 0, 0.0003, 0)), 20.0).music_s == ()


def test_a_chime_is_no_music_and_a_gap_no_end_of_it() -> None:
    chime = drawn(frames((10, 0.1, 0, 0.001), (0.5, 0.1, 0.05, 0.001), (10, 0.1, 0, 0.001)), 20.5)
    assert chime.music_s == ()
    gap = drawn(frames((10, 0, 0.05, 0), (1.0, 0, 0, 0), (10, 0, 0.05, 0)), 21.0)
    near(gap.music_s, [(0, 21)], STEP_S)


def test_levels_are_those_of_the_sounds() -> None:
    found = drawn(frames((5, 0.1, 0.02, 0.005)), 5.0)
    middle = len(found.speech_dbfs) // 2
    for levels, amplitude in ((found.speech_dbfs, 0.1), (found.music_dbfs, 0.02), (found.rest_dbfs, 0.005)):
        assert levels[middle] - found.speech_dbfs[middle] == pytest.approx(
            20 * np.log10(amplitude / 0.1), abs=0.2
        )


@pytest.mark.parametrize("batch_s", [0.5, 3.0])
def test_batches_do_not_matter(batch_s: float) -> None:
    parts = ((7, 0.1, 0, 0.001), (7, 0.1, 0.05, 0.001), (7, 0.1, 0, 0.001))
    assert drawn(frames(*parts, batch_s=batch_s), 21.0) == drawn(frames(*parts), 21.0)


def test_nothing_has_an_empty_map() -> None:
    found = drawn(iter(()), 0.0)
    assert (found.music_s, found.speech_s, found.silence_s, found.speech_dbfs) == ((), (), (), ())


def test_a_minute_is_as_long_as_it_is() -> None:
    found = drawn(frames((60, 0.1, 0.05, 0.001)), 60.0)
    assert len(found.speech_dbfs) == int(np.ceil(60 / STEP_S))
    assert found.music_s == ((0.0, 60.0),)
    assert RATE_HZ * FRAME_S == 768
