"""The nominal rate of a track from its time stamps."""

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from saycut.media.frame_rate import STANDARD_RATES, nominal_rate

TIME_BASES = (Fraction(1, 1000), Fraction(1, 600), Fraction(1, 90_000), Fraction(1, 15_360))


@given(
    rate=st.sampled_from([rate for rate in STANDARD_RATES if rate <= 120]),
    time_base=st.sampled_from(TIME_BASES),
    first=st.integers(-5000, 5_000_000),
    frames=st.integers(200, 600),
)
def test_a_standard_rate_is_found_through_any_clock(
    rate: Fraction, time_base: Fraction, first: int, frames: int
) -> None:
    times = [first + round(k / rate / time_base) for k in range(frames)]
    assert nominal_rate(times, time_base, None) == (rate, False)


@given(rate=st.sampled_from((Fraction(24), Fraction(30), Fraction(60))), seed=st.integers(0, 1000))
def test_jitter_within_half_a_frame_is_still_constant(rate: Fraction, seed: int) -> None:
    """What phones write: every frame is nearest to a place of its own, so nothing is lost on the grid."""
    tick = Fraction(1, 90_000)
    jitter = np.random.default_rng(seed).uniform(-0.2, 0.2, 100)
    times = [round((k + shift) / float(rate * tick)) for k, shift in enumerate([0.0, *jitter, 0.0])]
    assert nominal_rate(times, tick, rate) == (rate, False)


def test_the_declared_rate_decides_between_equals() -> None:
    """Ten frames at millisecond precision could be 29.97 as well as 30."""
    times = [0, 33, 67, 100, 133, 167, 200, 234, 267, 300]
    tick = Fraction(1, 1000)
    assert nominal_rate(times[:7], tick, Fraction(30_000, 1001))[0] == Fraction(30_000, 1001)
    assert nominal_rate(times[:7], tick, Fraction(30))[0] == 30


def test_an_odd_but_steady_rate_is_kept_exactly() -> None:
    times = [384 * k for k in range(1189)]
    assert nominal_rate(times, Fraction(1, 11_456), None) == (Fraction(179, 6), False)


def test_uneven_gaps_are_variable_on_the_grid_of_the_usual_gap() -> None:
    tick = Fraction(1, 1000)
    times = [0, 33, 67, 100, 400, 433, 467, 900, 933, 967, 1000]
    assert nominal_rate(times, tick, Fraction(600)) == (Fraction(30), True)


def test_dropped_frames_are_variable() -> None:
    times = [0, 3, 4, 5, 6, 7, 8, 9, 10]
    assert nominal_rate(times, Fraction(1001, 24_000), None) == (Fraction(24_000, 1001), True)


def test_one_frame_has_the_declared_rate() -> None:
    assert nominal_rate([7], Fraction(1, 1000), Fraction(12)) == (Fraction(12), False)
    assert nominal_rate([7], Fraction(1, 1000), None) == (Fraction(25), False)
    assert nominal_rate([7, 7, 7], Fraction(1, 1000), None) == (Fraction(25), False)
