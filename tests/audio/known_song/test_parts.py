"""The parts of the canceller on their own: spectra, filters, moments, edges, residue."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saycut.audio.known_song import filters, moments
from saycut.audio.known_song.edges import change_point
from saycut.audio.known_song.residue import without_codec_noise
from saycut.audio.known_song.spectra import sound, spectra
from saycut.pcm import RATE_HZ
from tests.audio.scored_clips import stretched
from tests.audio.songs import left_db, song, voice


@given(samples=st.integers(1, 9000), channels=st.integers(1, 3), seed=st.integers(0, 99))
@settings(max_examples=25, deadline=None)
def test_spectra_and_back_is_the_same_sound(samples: int, channels: int, seed: int) -> None:
    made = np.random.default_rng(seed).standard_normal((samples, channels)).astype(np.float32)
    again = sound(spectra(made, 1024, 256), samples, 1024, 256)
    np.testing.assert_allclose(again, made, atol=2e-5)


def test_a_filter_across_channels_is_found_exactly_under_a_voice() -> None:
    music, spoken = song(8), voice(8 * RATE_HZ)
    crossed = (music @ np.array([[0.5, 0.1], [-0.2, 0.7]])).astype(np.float32)
    found = filters.predicted(spectra(spoken + crossed, 4096, 1024), spectra(music, 4096, 1024), 1, 5, 1e-6)
    assert left_db(sound(found, len(music), 4096, 1024), crossed, crossed) < -60


def test_the_memory_of_many_taps_is_bounded_without_a_change() -> None:
    mix, music = spectra(song(3), 1024, 256), spectra(song(3, seed=2), 1024, 256)
    whole = filters.predicted(mix, music, 4, 2, 1e-3)
    before, filters._CHUNK_BYTES = filters._CHUNK_BYTES, 1 << 20
    try:
        parts = filters.predicted(mix, music, 4, 2, 1e-3)
    finally:
        filters._CHUNK_BYTES = before
    # Groups differ at their borders only, where the smoothing of the weights ends.
    assert np.median(np.abs(whole - parts)) < 1e-3 * np.median(np.abs(whole))


def test_a_steady_song_has_no_gain_to_follow_and_a_fade_has() -> None:
    music = song(6)
    assert moments.gain(music * 0.5 + voice(len(music)), music * 0.5) is None
    fade = np.linspace(1, 0.2, len(music), dtype=np.float32)
    followed = moments.gain(music * fade[:, None], music)
    assert followed is not None
    inner = slice(RATE_HZ // 2, -RATE_HZ // 2)
    np.testing.assert_allclose(followed[inner], fade[inner], atol=0.05)


@pytest.mark.parametrize(("behind", "slope_ppm"), [(0.0, 0.0), (0.8, 0.0), (-0.3, 4.0)])
def test_a_lag_of_parts_of_a_sample_is_measured(behind: float, slope_ppm: float) -> None:
    music = song(8)
    moved = stretched(music, slope_ppm) if slope_ppm else music
    turn = np.exp(-2j * np.pi * np.fft.rfftfreq(len(moved)) * behind)
    late = np.fft.irfft(np.fft.rfft(moved, axis=0) * turn[:, None], len(moved), axis=0)
    late = late.astype(np.float32)[: len(music)]
    at_first, slope = moments.lag_line(late + voice(len(late)), music[: len(late)])
    assert at_first == pytest.approx(behind, abs=0.02)
    assert slope == pytest.approx(slope_ppm, abs=0.2)


@pytest.mark.parametrize("at_s", [1.234, 2.5, 3.71])
def test_the_moment_at_which_one_song_gives_way_to_another(at_s: float) -> None:
    one, other = song(5), song(5, seed=2)
    at = round(at_s * RATE_HZ)
    heard = np.concatenate([one[:at], other[at:]]) + voice(len(one))
    assert abs(change_point(heard, one, other) - at) < 0.006 * RATE_HZ


def test_no_change_is_said_by_the_ends() -> None:
    one, other = song(4), song(4, seed=2)
    assert change_point(one, one, other) == len(one)
    assert change_point(other, one, other) == 0


def test_codec_noise_goes_and_what_does_not_follow_the_music_stays() -> None:
    music = song(10)
    rng = np.random.default_rng(3)
    level = np.sqrt(np.convolve(np.mean(music**2, axis=1), np.ones(2400) / 2400, "same"))[:, None]
    codec = (rng.standard_normal(music.shape) * level * 0.05).astype(np.float32)
    spoken = voice(len(music))
    rest, known = spectra(spoken + codec, 4096, 1024), spectra(music, 4096, 1024)
    out = sound(without_codec_noise(rest, known), len(music), 4096, 1024)
    quiet = ~np.any(spoken, axis=1)
    assert np.mean(out[quiet] ** 2) < 0.65 * np.mean(codec[quiet] ** 2)
    speaking = ~quiet
    assert np.mean((out - spoken)[speaking] ** 2) < 0.1 * np.mean(spoken[speaking] ** 2)
