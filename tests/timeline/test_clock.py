from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from saycut.timeline.clock import clock_text, frames_to_seconds, on_grid, seconds, to_frames, to_samples

RATES = st.sampled_from([Fraction(24000, 1001), Fraction(25), Fraction(30000, 1001), Fraction(60)])


@given(st.integers(0, 10_000_000), RATES)
def test_frames_survive_the_way_through_seconds(frame: int, rate: Fraction) -> None:
    assert to_frames(frames_to_seconds(frame, rate), rate) == frame


@given(st.fractions(0, 100_000, max_denominator=96_000), RATES)
def test_the_grid_is_at_most_half_a_frame_away(time_s: Fraction, rate: Fraction) -> None:
    snapped = on_grid(time_s, rate)
    assert abs(snapped - time_s) <= 1 / (2 * rate)
    assert on_grid(snapped, rate) == snapped


@given(st.lists(st.integers(1, 5000), min_size=1, max_size=300), RATES)
def test_sample_positions_of_many_frames_never_drift(frames: list[int], rate: Fraction) -> None:
    """Each boundary is converted once, from its exact value: it stays within half a sample."""
    at = Fraction(0)
    for count in frames:
        at += frames_to_seconds(count, rate)
        assert abs(to_samples(at) - at * 48_000) <= Fraction(1, 2)


def test_floats_are_read_at_microseconds() -> None:
    assert seconds(0.1) == Fraction(1, 10)
    assert seconds("1/3") == Fraction(1, 3)


def test_times_are_written_as_people_write_them() -> None:
    assert [clock_text(t) for t in (7.5, 65, 3723, Fraction(3))] == ["7.5 s", "1:05", "1:02:03", "3 s"]
