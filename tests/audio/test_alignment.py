"""Alignment on real speech with known truth: offsets, clocks, refusals."""

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saycut.audio.alignment import Alignment, align
from saycut.errors import Cancelled, Internal
from saycut.pcm import RATE_HZ, Pcm, PcmArray
from saycut.watch import Watch
from tests.audio.takes import (
    Mono,
    at_level,
    decoded,
    in_room,
    noisy,
    on_clock,
    reader,
    small_microphone,
    spoken_again,
)
from tests.shared import shared_data


@cache
def voice() -> Mono:
    """A talk of one real voice, 143 s."""
    return decoded(shared_data("media/talk_143s.mp3"))[:, 0]


@cache
def other_voice() -> Mono:
    return decoded(shared_data("media/speech_60s.wav"))[:, 0]


@cache
def street() -> Mono:
    return decoded(shared_data("train/noise/amb_construction_1.opus"))[:, 0]


@cache
def room(name: str) -> Mono:
    return decoded(shared_data(f"train/rir/{name}.flac"), "pan=mono|c0=c0")[:, 0]


def cut(sound: Mono, start_s: float, end_s: float) -> Mono:
    return sound[round(start_s * RATE_HZ) : round(end_s * RATE_HZ)]


def camera(sound: Mono, snr_db: float = 5.0, response: str | None = "speechbrain_rir1") -> Mono:
    """What a camera across the room writes down: narrow, reverberant, noisy."""
    heard = sound if response is None else in_room(sound, room(response))
    return noisy(small_microphone(heard), street(), snr_db)


def aligned(one: Mono, other: Mono) -> Alignment:
    return align(reader(one), reader(other))


@pytest.mark.parametrize("snr_db", [20.0, 5.0, -5.0])
@pytest.mark.parametrize(
    ("response", "within_s"),
    # the last room has two paths 1.2 ms apart of about the same strength: either is right
    [(None, 5e-5), ("speechbrain_rir1", 1e-4), ("audiomentations_impulse_response_0", 1.2e-3)],
)
def test_a_noisy_camera_is_matched(snr_db: float, response: str | None, within_s: float) -> None:
    found = aligned(camera(cut(voice(), 20, 50), snr_db, response), cut(voice(), 27.125, 57.125))
    assert found.verdict == "same"
    assert found.offset_s == pytest.approx(7.125, abs=within_s)
    assert (found.drift_ppm, found.drift_applied) == (0.0, False)
    assert found.confidence > 0.5
    assert found.residual_ms < 0.3


@pytest.mark.parametrize("overlap_s", [5.0, 8.0, 12.0])
@pytest.mark.parametrize("shape", ["inside", "begins before", "goes on after"])
def test_short_overlaps_are_found_wherever_they_lie(overlap_s: float, shape: str) -> None:
    start_s, end_s = {
        "inside": (43.3, 43.3 + overlap_s),
        "begins before": (33.0, 40.0 + overlap_s),
        "goes on after": (60.0 - overlap_s, 66.0),
    }[shape]
    found = aligned(camera(cut(voice(), 40, 60), 10.0), cut(voice(), start_s, end_s))
    assert found.verdict == "same"
    assert found.offset_s == pytest.approx(start_s - 40, abs=2e-4)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 20 * RATE_HZ), st.sampled_from([1.0, -1.0]), st.floats(-70, -6))
def test_any_sample_offset_level_and_polarity_comes_back(shift: int, sign: float, level_dbfs: float) -> None:
    recording = sign * at_level(voice()[30 * RATE_HZ + shift :][: 15 * RATE_HZ], level_dbfs)
    found = aligned(cut(voice(), 30, 65), recording)
    assert found.verdict == "same"
    assert found.offset_s * RATE_HZ == pytest.approx(shift, abs=0.5)


def test_an_identical_start_gives_zero_and_swapped_sides_the_opposite() -> None:
    whole, later = cut(voice(), 0, 40), cut(voice(), 12.5, 30)
    assert aligned(whole, cut(voice(), 0, 25)).offset_s == pytest.approx(0.0, abs=1e-5)
    assert aligned(whole, later).offset_s == pytest.approx(12.5, abs=1e-5)
    assert aligned(later, whole).offset_s == pytest.approx(-12.5, abs=1e-5)


def test_a_clock_that_runs_off_is_measured_over_minutes() -> None:
    recording = on_clock(cut(voice(), 2, 142), 90.0)
    found = aligned(camera(voice(), 5.0), recording)
    assert found.drift_applied
    assert found.drift_ppm == pytest.approx(90.0, abs=1.0)
    for at_s in (0.0, 70.0, 139.0):
        placed_s = found.offset_s + at_s * (1 + found.drift_ppm * 1e-6)
        assert placed_s == pytest.approx(2 + at_s * (1 + 90e-6), abs=3e-4)


def test_drift_too_small_to_matter_is_left_alone_and_the_middle_is_right() -> None:
    recording = on_clock(cut(voice(), 2, 142), 20.0)
    found = aligned(voice(), recording)
    assert (found.verdict, found.drift_ppm, found.drift_applied) == ("same", 0.0, False)
    assert found.offset_s == pytest.approx(2 + 70 * 20e-6, abs=2e-4)


def test_a_narrow_band_copy_and_silent_ends_do_not_disturb() -> None:
    phone = decoded(shared_data("media/talk_143s.mp3"), "aresample=16000", "aresample=48000")[:, 0]
    quiet = np.zeros(6 * RATE_HZ, np.float32)
    recording = np.concatenate([quiet, cut(phone, 50, 75), quiet])
    found = aligned(cut(voice(), 40, 90), recording)
    assert found.verdict == "same"
    assert found.offset_s == pytest.approx(4.0, abs=1e-4)


def test_channels_wired_the_wrong_way_round_still_count() -> None:
    left = cut(voice(), 40, 60)[:, None]
    crossed = PcmArray(np.hstack([left, -left]).astype(np.float32))
    found = align(reader(cut(voice(), 30, 70)), crossed)
    assert found.verdict == "same"
    assert found.offset_s == pytest.approx(10.0, abs=1e-5)


def _other_talker(length_s: float) -> tuple[Mono, Mono]:
    return camera(cut(voice(), 60, 60 + length_s), 20.0), cut(other_voice(), 2, 2 + length_s)


def _other_words(length_s: float) -> tuple[Mono, Mono]:
    return camera(cut(voice(), 10, 10 + length_s), 20.0), cut(voice(), 80, 80 + length_s)


def _same_words_again(length_s: float) -> tuple[Mono, Mono]:
    take = cut(voice(), 20, 20 + length_s)
    return camera(take, 20.0), spoken_again(take, seed=3)


def _noise_only(length_s: float) -> tuple[Mono, Mono]:
    rain = decoded(shared_data("media/rain_60s.mp3"))[:, 0]
    return camera(cut(voice(), 60, 60 + length_s), 20.0), cut(rain, 0, length_s)


def _two_noises(length_s: float) -> tuple[Mono, Mono]:
    rng = np.random.default_rng(1)
    one, other = rng.standard_normal((2, round(length_s * RATE_HZ))).astype(np.float32) * 0.05
    return one, other


def _two_pieces(length_s: float) -> tuple[Mono, Mono]:
    one, other = (decoded(shared_data(f"music/{name}"))[:, 0] for name in ("cue.mp3", "oceanside.mp3"))
    return cut(one, 0, length_s), cut(other, 0, length_s)


@pytest.mark.parametrize("length_s", [5.0, 12.0, 40.0])
@pytest.mark.parametrize(
    "pair", [_other_talker, _other_words, _same_words_again, _noise_only, _two_noises, _two_pieces]
)
def test_what_is_not_the_same_performance_is_never_accepted(
    pair: Callable[[float], tuple[Mono, Mono]], length_s: float
) -> None:
    found = aligned(*pair(length_s))
    assert found.verdict in {"different", "unsure"} if pair is _same_words_again else {"different"}
    assert found.verdict != "same"
    assert found.confidence < 0.3
    assert not found.drift_applied


@pytest.mark.parametrize("name", ["cue.mp3", "8bit_battle_loop.ogg"])
def test_a_loop_fits_at_more_than_one_place_and_says_so(name: str) -> None:
    loop = cut(decoded(shared_data(f"music/{name}"))[:, 0], 5, 9)
    found = aligned(np.tile(loop, 8), np.tile(loop, 3))
    assert found.verdict == "unsure"
    assert "more than one position" in found.reason.en
    assert "不止一个位置" in found.reason.zh


@pytest.mark.parametrize("silent", ["reference", "recording", "both"])
def test_silence_is_refused_with_its_reason(silent: str) -> None:
    nothing, something = np.zeros(20 * RATE_HZ, np.float32), cut(voice(), 0, 20)
    found = aligned(
        nothing if silent != "recording" else something, nothing if silent != "reference" else something
    )
    assert (found.verdict, found.confidence) == ("different", 0.0)
    assert found.reason.en == "there is no sound to compare"
    assert found.reason.zh


@pytest.mark.parametrize("samples", [0, 1, 100, 2047, 2048, RATE_HZ])
def test_next_to_nothing_is_not_accepted(samples: int) -> None:
    assert aligned(cut(voice(), 0, 20), voice()[:samples]).verdict != "same"
    assert aligned(voice()[:samples], cut(voice(), 0, 20)).verdict != "same"


def test_different_rates_are_a_mistake_of_the_caller() -> None:
    with pytest.raises(Internal):
        align(reader(cut(voice(), 0, 6)), PcmArray(np.zeros((9000, 1), np.float32), rate_hz=16_000))


def test_it_reports_progress_and_stops_when_told() -> None:
    heard: list[float] = []
    align(
        reader(cut(voice(), 0, 30)),
        reader(cut(voice(), 5, 25)),
        Watch(lambda _stage, part: heard.append(part)),
    )
    assert len(heard) > 5
    assert all(0 <= part <= 1 for part in heard)
    stopped = Watch()
    stopped.cancel()
    with pytest.raises(Cancelled):
        align(reader(cut(voice(), 0, 30)), reader(cut(voice(), 5, 25)), stopped)


class _Counted(PcmArray):
    """Remembers how much was read at once."""

    largest = 0

    def read(self, start: int, count: int) -> Pcm:
        self.largest = max(self.largest, count)
        return super().read(start, count)


def test_long_sounds_are_read_in_pieces() -> None:
    one, other = (_Counted(part[:, None]) for part in (voice(), voice()[3 * RATE_HZ :]))
    assert align(one, other).verdict == "same"
    assert max(one.largest, other.largest) <= 25 * RATE_HZ
