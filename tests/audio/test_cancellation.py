"""A known song taken out of a mix: found, followed, subtracted, refused when it is not the song."""

from pathlib import Path

import numpy as np
import pytest

from saycut.audio.cancellation import Cancellation, CancelReport
from saycut.errors import Impossible
from saycut.pcm import RATE_HZ, Pcm, PcmArray
from tests.audio.scored_clips import clip, ducking, si_sdr_db, stems, stretched
from tests.audio.songs import left_db, song, voice
from tests.audio.takes import decoded
from tests.shared import shared_data


def cancelled(mix: Pcm, track: Pcm) -> tuple[Pcm, CancelReport]:
    """The whole result, and the report that is good after it."""
    cancellation = Cancellation(PcmArray(mix), PcmArray(track))
    out = np.concatenate(list(cancellation.blocks()))
    assert out.shape == mix.shape
    assert out.dtype == np.float32
    return out, cancellation.report()


@pytest.mark.parametrize("offset_s", [0.0, 3.2])
def test_the_song_goes_and_the_voice_stays(offset_s: float) -> None:
    track, start = song(18), int(offset_s * RATE_HZ)
    music = track[start : start + 13 * RATE_HZ] * 0.6
    spoken = voice(len(music))
    out, report = cancelled(spoken + music, track)
    assert report.offset_s == pytest.approx(-offset_s, abs=1e-5)
    assert report.drift_ppm == 0.0
    assert report.confidence > 0.5
    assert report.song_s == pytest.approx(13, abs=0.2)
    assert report.music_attenuation_db > 40
    assert left_db(out, spoken, music) < -45


def test_what_plays_before_the_song_begins_and_after_it_ends_is_left_alone() -> None:
    track = song(10)
    music = np.zeros((30 * RATE_HZ, 2), np.float32)
    music[round(12.345 * RATE_HZ) : round(22.345 * RATE_HZ)] = track
    spoken = voice(len(music))
    out, report = cancelled(spoken + music, track)
    assert report.song_s == pytest.approx(10, abs=0.05)
    for part in (slice(0, 12 * RATE_HZ), slice(23 * RATE_HZ, None)):
        np.testing.assert_array_equal(out[part], spoken[part])
    playing = slice(round(12.4 * RATE_HZ), round(22.0 * RATE_HZ))
    assert left_db(out[playing], spoken[playing], music[playing]) < -40


def test_a_song_that_jumps_is_followed_to_some_milliseconds() -> None:
    track = song(40)
    jump, start = round(12.37 * RATE_HZ), round(25.1 * RATE_HZ)
    music = np.concatenate([track[:jump], track[start : start + 12 * RATE_HZ]]) * np.float32(0.7)
    spoken = voice(len(music))
    out, report = cancelled(spoken + music, track)
    assert len(report.spans_s) == 2
    assert left_db(out, spoken, music) < -25
    away = np.r_[0 : jump - RATE_HZ // 20, jump + RATE_HZ // 20 : len(music)]
    assert left_db(out[away], spoken[away], music[away]) < -40


def test_a_ducked_song_is_followed() -> None:
    music = song(13)
    spoken = voice(len(music))
    gain = ducking(len(music), ((2.0, 5.0), (8.5, 12.0)))[:, None].astype(np.float32)
    out, _ = cancelled(spoken + music * gain, music)
    assert left_db(out, spoken, music * gain) < -20


@pytest.mark.parametrize("drift_ppm", [-45.0, pytest.param(60.0, marks=pytest.mark.soak)])
def test_a_song_on_another_clock_is_followed(drift_ppm: float) -> None:
    track = song(16)
    music = stretched(track, drift_ppm)[: 14 * RATE_HZ]
    spoken = voice(len(music))
    out, report = cancelled(spoken + music, track)
    assert report.drift_ppm == pytest.approx(drift_ppm, abs=1.0)
    assert left_db(out, spoken, music) < -25


def test_a_song_from_a_loudspeaker_in_a_room() -> None:
    track = song(13)
    rng = np.random.default_rng(4)
    ticks = np.arange(RATE_HZ // 4)
    response = rng.standard_normal(len(ticks)) * np.exp(-ticks / (0.04 * RATE_HZ)) * 0.02
    response[0] = 1.0
    heard = np.convolve(track.mean(axis=1), response)[: len(track)]
    music = np.repeat(heard[:, None], 2, axis=1).astype(np.float32)
    spoken = voice(len(music))
    out, _ = cancelled(spoken + music, track)
    assert left_db(out, spoken, music) < -15


@pytest.mark.parametrize(("mix_channels", "song_channels"), [(1, 2), (2, 1), (6, 2)])
def test_any_numbers_of_channels(mix_channels: int, song_channels: int) -> None:
    track = song(8)[:, :song_channels]
    music = np.repeat(track.mean(axis=1, keepdims=True), mix_channels, axis=1)
    spoken = voice(len(music), mix_channels)
    out, _ = cancelled(spoken + music, track)
    assert left_db(out, spoken, music) < -40


def test_another_song_is_refused_in_both_languages() -> None:
    mix = voice(12 * RATE_HZ) + song(12)
    with pytest.raises(Impossible) as refusal:
        Cancellation(PcmArray(mix), PcmArray(song(12, seed=2)))
    assert "not found" in refusal.value.sentence("en")
    assert "没有找到" in refusal.value.sentence("zh")


def test_a_song_pitched_by_three_per_cent_is_refused() -> None:
    track = song(12)
    with pytest.raises(Impossible):
        Cancellation(PcmArray(voice(len(track)) + stretched(track, 30_000.0)[: len(track)]), PcmArray(track))


@pytest.mark.parametrize("samples", [0, 100, RATE_HZ // 2])
def test_sounds_too_short_to_tell_are_refused(samples: int) -> None:
    with pytest.raises(Impossible):
        Cancellation(PcmArray(voice(samples)), PcmArray(song(5)))


@pytest.mark.parametrize(
    ("case", "item", "least_db"), [("ducked aac128", "02", 18.9), ("room aac128", "02", 24.0)]
)
def test_real_stems_reach_the_figures_of_the_notes(
    case: str, item: str, least_db: float, tmp_path: Path
) -> None:
    folder = shared_data("separation_eval/manifest.json").parent
    response = shared_data("train/rir/audiomentations_impulse_response_0.flac")
    room = decoded(response, "pan=mono|c0=c0")[:, 0]
    made = clip(case, stems(folder, item), stems(folder, "03").music, tmp_path, room)
    out, _ = cancelled(made.mix, made.track)
    truth = made.voice.mean(axis=1)
    gained_db = si_sdr_db(out.mean(axis=1), truth) - si_sdr_db(made.mix.mean(axis=1), truth)
    assert gained_db > least_db
