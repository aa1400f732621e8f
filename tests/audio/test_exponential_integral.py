"""E1 of many values at once against scipy's, value by value."""

import numpy as np
import pytest
from scipy.special import exp1

from saycut.audio import exponential_integral
from saycut.audio.exponential_integral import integral


@pytest.mark.parametrize(("low", "high"), [(1e-8, 1e-4), (1e-4, 1.0), (1.0, 4.0), (4.0, 2000.0)])
def test_it_is_that_of_scipy(low: float, high: float) -> None:
    exponents = np.random.default_rng(5).uniform(np.log(low), np.log(high), 300_000)
    values = np.exp(exponents).astype(np.float32)
    found, expected = integral(values), exp1(values)
    # One value in a million lies so near the middle of two floats that it is rounded to the other one.
    assert np.count_nonzero(found != expected) <= 1
    assert np.allclose(found, expected, rtol=2e-7, atol=0)


@pytest.mark.parametrize(("low", "high", "terms"), [(1e-8, 1.0, 17), (1.0, 4.0, 31)])
def test_before_rounding_it_is_right_to_twelve_digits(low: float, high: float, terms: int) -> None:
    values = np.geomspace(low, high, 20_000)
    assert np.allclose(exponential_integral._series(values, terms), exp1(values), rtol=1e-12, atol=0)


def test_any_shape() -> None:
    values = np.array([[0.5, 1.0, 3.0], [4.0, 4.5, 20.0]], np.float32)
    assert np.array_equal(integral(values.T), exp1(values.T))
    assert integral(np.zeros((0, 5), np.float32)).shape == (0, 5)
