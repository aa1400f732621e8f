import tracemalloc
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saycut.audio.bed import render as module
from saycut.audio.bed.compose import compose
from saycut.audio.bed.moods import moods
from saycut.audio.bed.render import Upcoming, render
from saycut.audio.bed.spec import BedSpec
from saycut.audio.bed.synthesis.loudness import gated_lufs
from saycut.pcm import RATE_HZ
from tests.audio.bed.renders import STANDARD_S, around, centroid_hz, level_db, rendered

EVERY_MOOD = pytest.mark.parametrize("mood", list(moods()))


@EVERY_MOOD
def test_a_bed_is_sound_of_the_agreed_shape(mood: str) -> None:
    sound = rendered(mood)
    assert sound.dtype == np.float32
    assert sound.shape == (round(STANDARD_S * RATE_HZ), 2)
    assert np.isfinite(sound).all()
    assert float(np.abs(sound).max()) <= 10 ** (-1.5 / 20)
    assert float(np.abs(sound.mean(axis=0)).max()) < 1e-4  # no DC


@settings(max_examples=8, deadline=None)
@given(st.sampled_from(list(moods())), st.integers(0, 2**32), st.floats(0.1, 7.0))
def test_any_length_is_exact_and_ends_silent(mood: str, seed: int, duration_s: float) -> None:
    sound = np.concatenate(list(render(compose(BedSpec(mood, seed, duration_s)))))
    assert len(sound) == round(duration_s * RATE_HZ)
    assert np.isfinite(sound).all()
    assert level_db(sound[-round(min(0.05, 0.1 * duration_s) * RATE_HZ) :]) < -60
    assert level_db(sound) > -40


@EVERY_MOOD
def test_the_ending_rings_out_and_is_no_cut(mood: str) -> None:
    sound = rendered(mood)
    assert level_db(sound[-round(0.05 * RATE_HZ) :]) < -60
    assert level_db(around(sound, 0.85)) > -50
    last_s = [level_db(sound[len(sound) - round(back * RATE_HZ) :][:4800]) for back in (0.6, 0.4, 0.2, 0.1)]
    assert all(later < earlier + 3 for earlier, later in pairwise(last_s))


@EVERY_MOOD
def test_a_two_second_tag_sounds_until_the_end(mood: str) -> None:
    sound = rendered(mood, 3, 2.0)
    assert len(sound) == 2 * RATE_HZ
    assert level_db(around(sound, 0.85)) > -55
    assert level_db(sound[-round(0.05 * RATE_HZ) :]) < -60
    assert -24 < gated_lufs([sound.T]) < -17


@EVERY_MOOD
def test_every_mood_is_equally_loud(mood: str) -> None:
    assert gated_lufs([rendered(mood).T]) == pytest.approx(-20.0, abs=2.0)


@EVERY_MOOD
def test_the_sound_starts_from_rest(mood: str) -> None:
    assert float(np.abs(rendered(mood)[0]).max()) < 1e-3


@pytest.mark.parametrize("mood", ["sad", "ambient", "cinematic", "tense"])
def test_soft_music_has_no_clicks(mood: str) -> None:
    """A step stands out of the third difference of its 10 ms (one of 0.02 reaches 7 to 20 here)."""
    bend = np.abs(np.diff(rendered(mood)[:, 0].astype(np.float64), 3))
    spans = np.sort(bend[: len(bend) // 480 * 480].reshape(-1, 480), axis=1)
    assert float((spans[:, -1] / (spans[:, -12] + 1e-4)).max()) < 5.0


@EVERY_MOOD
def test_mono_loses_nothing(mood: str) -> None:
    sound = rendered(mood)
    mono = np.repeat(sound.mean(axis=1, keepdims=True), 2, axis=1)
    assert gated_lufs([mono.T]) > gated_lufs([sound.T]) - 1.5
    assert 0.5 < float(np.asarray(np.corrcoef(sound.T))[0, 1]) < 0.999


@EVERY_MOOD
def test_energy_lies_in_the_key(mood: str) -> None:
    """Of the tonal energy between 80 Hz and 2 kHz at least seven tenths lies on tones of the scale.

    Seven of twelve tones at random hold 58 %; drums and overtones keep real music near 75 %.
    """
    score = compose(BedSpec(mood, 1, STANDARD_S))
    mono = rendered(mood).mean(axis=1)
    spectrum = np.abs(np.fft.rfft(mono))
    pitch = 69 + 12 * np.log2(np.maximum(np.fft.rfftfreq(len(mono), 1 / RATE_HZ), 1.0) / 440.0)
    tonal = (pitch > 39) & (pitch < 96) & (np.abs(pitch - np.round(pitch)) < 0.25)
    chroma = np.bincount(np.round(pitch[tonal]).astype(int) % 12, spectrum[tonal], 12)
    notes = [(score.tonic + step) % 12 for step in _steps(score.mood.mode)]
    assert chroma[notes].sum() / chroma.sum() > 0.7


def _steps(mode: str) -> tuple[int, ...]:
    from saycut.audio.bed.harmony import MODES

    return MODES[mode]


def test_the_same_spec_gives_the_same_samples() -> None:
    spec = BedSpec("corporate", 8, 9.0)
    first, again = (np.concatenate(list(render(compose(spec)))) for _ in range(2))
    assert first.tobytes() == again.tobytes()


def test_different_seeds_sound_different() -> None:
    one, two = rendered("lofi", 1), rendered("lofi", 2)
    assert abs(float(np.asarray(np.corrcoef(one[:, 0], two[:, 0]))[0, 1])) < 0.5


def test_moods_differ_in_brightness_and_speed() -> None:
    dark = [centroid_hz(rendered(mood)) for mood in ("ambient", "sad", "calm", "tense")]
    bright = [centroid_hz(rendered(mood)) for mood in ("upbeat", "happy", "funky", "acoustic")]
    assert max(dark) < min(bright)
    slow, fast = (compose(BedSpec(mood, 1, 30.0)).tempo_bpm for mood in ("ambient", "happy"))
    assert fast > 1.5 * slow


@pytest.mark.parametrize("mood", ["electronic", "jazzy"])
def test_the_size_of_blocks_changes_nothing(mood: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = rendered(mood, 4, 9.0)
    monkeypatch.setattr(module, "BLOCK_SAMPLES", 20_400)
    pieces = list(render(compose(BedSpec(mood, 4, 9.0))))
    assert len(pieces) > 20
    assert float(np.abs(np.concatenate(pieces) - whole).max()) < 2e-3


def test_blocks_come_as_they_are_made() -> None:
    """The first second of half a day of music is there at once: nothing is rendered ahead."""
    blocks = render(compose(BedSpec("ambient", 1, 12 * 3600.0)))
    first = next(blocks)
    assert 0.5 * RATE_HZ < len(first) < 3 * RATE_HZ
    assert level_db(first) > -60


def test_memory_does_not_grow_with_the_length() -> None:
    tracemalloc.start()
    peaks: list[int] = []
    for number, _ in enumerate(render(compose(BedSpec("funky", 1, 80.0)))):
        if number == 30:
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.reset_peak()
    peaks.append(tracemalloc.get_traced_memory()[1])
    tracemalloc.stop()
    assert peaks[1] < peaks[0] + 10_000_000  # the sound of the second half alone is 15 MB
    assert max(peaks) < 160_000_000


def test_notes_are_handed_out_once_and_in_time() -> None:
    score = compose(BedSpec("upbeat", 2, 60.0))
    upcoming, seen = Upcoming(score), []
    for end in range(48_000, score.samples + 96_000, 48_000):
        due = upcoming.before(end)
        assert all(end - 48_000 - 4800 <= note.start < end for note in due)
        seen += due
    from saycut.audio.bed.arrangement import notes

    assert sorted(map(repr, seen)) == sorted(map(repr, notes(score)))


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_two_hours_need_no_more_memory_than_ten_minutes() -> None:
    tracemalloc.start()
    peaks, position, reported = [], 0, 0
    for block in render(compose(BedSpec("lofi", 1, 7200.0))):
        position += len(block)
        if position // (600 * RATE_HZ) > reported:
            reported += 1
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.reset_peak()
    tracemalloc.stop()
    assert position == 7200 * RATE_HZ
    assert max(peaks) < 1.2 * peaks[0] + 20_000_000
