from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saycut.audio.bed.tempo import LARGEST_BEND, TAG_S, Clock, fit

BPM = st.floats(45, 180)
RITARD = st.floats(0, 0.4)


@given(st.floats(0.1, 4 * 3600), BPM, RITARD)
def test_every_length_is_met_with_the_tempo_bent_by_four_percent_at_most(
    duration_s: float, bpm: float, ritard: float
) -> None:
    clock = fit(duration_s, bpm, ritard)
    assert abs(clock.bpm / bpm - 1) <= LARGEST_BEND + 1e-9
    ring_s = duration_s - clock.final_s
    assert ring_s > 0.4 * min(duration_s, clock.bar_s)
    assert ring_s <= max(7.0, 2.2 * clock.bar_s, 0.7 * duration_s)


@given(st.floats(90, 3600), st.floats(60, 180), RITARD)
def test_long_pieces_end_in_whole_half_bars(duration_s: float, bpm: float, ritard: float) -> None:
    clock = fit(duration_s, bpm, ritard)
    ring_bars = (duration_s - clock.final_s) / clock.bar_s
    assert ring_bars * 2 == pytest.approx(round(ring_bars * 2), abs=1e-6)


@given(st.floats(TAG_S, 600), BPM, RITARD)
def test_time_runs_forward_and_slows_at_the_end(duration_s: float, bpm: float, ritard: float) -> None:
    clock = fit(duration_s, bpm, ritard)
    beats = [clock.at(beat / 4) for beat in range(4 * clock.bars + 1)]
    gaps = [later - earlier for earlier, later in pairwise(beats)]
    assert all(gap > 0 for gap in gaps)
    assert gaps[-1] >= gaps[0] - 1e-9
    assert beats[-1] == pytest.approx(clock.final_s)


def test_the_ritard_only_touches_the_last_bar() -> None:
    clock = Clock(bpm=120, bars=8, bar_s=2.0, ritard=0.3, ritard_bars=1.0)
    assert clock.at(7) == pytest.approx(14.0)
    assert clock.at(8) == pytest.approx(16.3)
    assert clock.at(7.5) == pytest.approx(15.0 + 2.0 * 0.3 * 0.25 / 2)


def test_a_short_piece_is_a_tag_of_whole_beats() -> None:
    clock = fit(6.0, 100, 0.2)
    assert clock.bars == 1
    assert clock.bar_s / 0.6 == pytest.approx(round(clock.bar_s / 0.6))
    assert clock.bpm == pytest.approx(100)
