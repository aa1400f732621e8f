"""Which spans go when silences are trimmed: never a sample of speech, never more than was allowed."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saycut.audio.pauses import MIN_CUT_S, Cuts, activity, cuts, sounding_regions
from saycut.audio.speech import Regions
from saycut.errors import Cancelled
from saycut.pcm import RATE_HZ, Pcm, PcmArray, blocks_of
from saycut.watch import Watch
from tests.audio.takes import decoded
from tests.shared import shared_data

DURATION_S = Fraction(30)
GRIDS_HZ = st.sampled_from([None, *map(Fraction, (24, 25, 30, 60, 48_000)), Fraction(30_000, 1_001)])


@st.composite
def spoken(draw: st.DrawFn) -> Regions:
    marks_ms = sorted(draw(st.lists(st.integers(0, 30_000), min_size=2, max_size=16, unique=True)))
    marks = [mark / 1_000 for mark in marks_ms]
    return tuple(zip(marks[::2], marks[1::2], strict=False))


KEEPS = st.floats(0, 1)
EXACT = Fraction(1, 1_000_000)  # floats are read to the nearest microsecond, time and margin


@settings(max_examples=300, deadline=None)
@given(spoken(), st.floats(0, 3), KEEPS, KEEPS, st.sampled_from(["all", "edges"]), GRIDS_HZ)
def test_cuts_spare_speech_and_its_margins_and_lie_on_the_grid(
    speech: Regions, least_s: float, before_s: float, after_s: float, where: str, grid_hz: Fraction | None
) -> None:
    removed = cuts(
        speech,
        DURATION_S,
        min_silence_s=least_s,
        keep_before_s=before_s,
        keep_after_s=after_s,
        where=where,  # type: ignore[arg-type] # drawn from its two values
        grid_hz=grid_hz,
    )
    for start, end in removed:
        assert 0 <= start < end <= DURATION_S
        assert end - start >= MIN_CUT_S
        for spoken_start, spoken_end in speech:
            margin_start = Fraction(spoken_start) - Fraction(before_s)
            margin_end = Fraction(spoken_end) + Fraction(after_s)
            assert end <= margin_start + EXACT or start >= margin_end - EXACT
        if grid_hz is not None:
            assert (start * grid_hz).denominator == 1
            assert (end * grid_hz).denominator == 1 or end == DURATION_S
        if where == "edges":
            assert end <= Fraction(speech[0][0]) + EXACT or start >= Fraction(speech[-1][1]) - EXACT
    assert all(first[1] <= second[0] for first, second in pairwise(removed))


def without(speech: Regions, removed: Cuts) -> tuple[Regions, Fraction]:
    """The same speech on the timeline that is left."""

    def moved(time_s: float) -> float:
        gone = sum(min(end, max(start, Fraction(time_s))) - start for start, end in removed)
        return float(Fraction(time_s) - gone)

    left = DURATION_S - sum((end - start for start, end in removed), Fraction(0))
    return tuple((moved(start), moved(end)) for start, end in speech), left


@settings(max_examples=200, deadline=None)
@given(spoken(), GRIDS_HZ)
def test_trimming_again_finds_nothing(speech: Regions, grid_hz: Fraction | None) -> None:
    again, left = without(speech, cuts(speech, DURATION_S, grid_hz=grid_hz))
    assert cuts(again, left, grid_hz=grid_hz) == ()


def test_a_pause_keeps_its_margins_and_ends_keep_one() -> None:
    removed = cuts(((2.0, 4.0), (7.0, 8.0)), 10.0, keep_before_s=0.2, keep_after_s=0.25)
    expected = ((0, "1.8"), ("4.25", "6.8"), ("8.25", 10))
    assert removed == tuple((Fraction(start), Fraction(end)) for start, end in expected)


def test_snapping_is_inward() -> None:
    ((start, end),) = cuts(
        ((0.0, 1.01), (3.02, 5.0)), 5, keep_before_s=0.2, keep_after_s=0.25, grid_hz=Fraction(25)
    )
    assert (start, end) == (Fraction(32, 25), Fraction(70, 25))  # of 1.26 and 2.82


@pytest.mark.parametrize(
    ("speech", "named"),
    [
        ((), {}),  # nobody speaks: nothing says what to keep
        (((0.0, 10.0),), {}),
        (((0.0, 4.0), (4.7, 10.0)), {}),  # under min_silence
        (((0.5, 9.5),), {}),  # the ends as well
        (((0.0, 4.0), (6.0, 10.0)), {"where": "edges"}),
        (((0.0, 4.0), (6.0, 10.0)), {"keep_before_s": 1.0, "keep_after_s": 0.95}),  # 50 ms are no cut
        (((0.0, 4.0), (6.0, 10.0)), {"min_silence_s": 2.1}),
    ],
)
def test_nothing_to_cut(speech: Regions, named: dict[str, object]) -> None:
    assert cuts(speech, 10.0, **named) == ()  # type: ignore[arg-type] # rows of different arguments


def test_edges_go_however_short() -> None:
    assert cuts(((0.5, 9.5),), 10, where="edges", keep_before_s=0.2, keep_after_s=0.25) == (
        (Fraction(0), Fraction("0.3")),
        (Fraction("9.75"), Fraction(10)),
    )


def test_overlapping_and_outlying_regions_are_joined_and_clipped() -> None:
    tidy = cuts(((0.0, 3.0), (5.0, 9.0)), 9)
    assert cuts(((-1.0, 2.0), (1.0, 3.0), (5.0, 12.0), (20.0, 21.0)), 9) == tidy


def burst(*spans_s: tuple[float, float], duration_s: float = 6.0, level: float = 0.1) -> Pcm:
    noise = np.random.default_rng(4).normal(0, level, (round(duration_s * RATE_HZ), 1)).astype(np.float32)
    heard = np.zeros_like(noise)
    for start_s, end_s in spans_s:
        part = slice(round(start_s * RATE_HZ), round(end_s * RATE_HZ))
        heard[part] = noise[part]
    return heard


def test_sounding_regions_are_what_reaches_the_level() -> None:
    sound = burst((1, 2), (2.08, 3), (4, 5)) + burst((0, 6), level=0.001)
    assert sounding_regions(blocks_of(PcmArray(sound)), RATE_HZ, -40) == ((1.0, 3.0), (4.0, 5.0))
    assert sounding_regions(blocks_of(PcmArray(sound)), RATE_HZ, -70) == ((0.0, 6.0),)
    assert sounding_regions(blocks_of(PcmArray(sound)), RATE_HZ, -10) == ()


def test_a_lone_click_does_not_break_a_silence_and_one_channel_is_enough() -> None:
    sound = burst((1, 2), (4, 4.03))
    stereo = np.column_stack((np.zeros_like(sound), sound))
    assert sounding_regions(blocks_of(PcmArray(stereo)), RATE_HZ, -40) == ((1.0, 2.0),)


@pytest.mark.parametrize("rate_hz", [8_000, 22_050, 44_100])
def test_sounding_regions_do_not_drift_at_other_rates(rate_hz: int) -> None:
    sound = np.zeros((20 * rate_hz, 1), np.float32)
    sound[19 * rate_hz :] = 0.1
    ((start_s, end_s),) = sounding_regions(blocks_of(PcmArray(sound, rate_hz), 999), rate_hz, -40)
    assert start_s == pytest.approx(19, abs=0.011)
    assert end_s == pytest.approx(20)


def test_activity_is_speech_where_somebody_speaks() -> None:
    talk = decoded(shared_data("media/greenscreen_voice_pauses.mp4"))
    heard = activity(PcmArray(talk))
    assert heard.detector == "speech"
    assert sum(end - start for start, end in heard.regions) == pytest.approx(15.6, abs=1)  # its manifest


@pytest.mark.parametrize("name", ["guitar.mp3", "rain_60s.mp3"])
def test_music_and_rain_are_not_deleted_as_silence(name: str) -> None:
    sound = decoded(shared_data(f"media/{name}"))
    heard = activity(PcmArray(sound))
    assert heard.detector == "level"
    assert cuts(heard.regions, len(sound) / RATE_HZ) == ()


def test_activity_of_silence_is_nothing_and_of_noise_is_the_noise() -> None:
    assert activity(PcmArray(np.zeros((RATE_HZ, 2), np.float32))).regions == ()
    heard = activity(PcmArray(burst((1, 2), (4, 5))))
    assert (heard.detector, heard.regions) == ("level", ((1.0, 2.0), (4.0, 5.0)))


def test_activity_reports_and_can_be_stopped() -> None:
    told: list[tuple[str, float]] = []
    watch = Watch(lambda stage, fraction: told.append((stage, fraction)))
    activity(PcmArray(burst((1, 2))), watch=watch)
    assert {stage for stage, _ in told} == {"listen"}
    assert told[-1] == ("listen", 1.0)
    watch.cancel()
    with pytest.raises(Cancelled):
        activity(PcmArray(burst((1, 2))), watch=watch)
