"""Outside the spans every bit is the original's; inside all is the changed one's; between them no step."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saycut.audio.speech import Regions
from saycut.audio.untouched import changed_in, partly
from saycut.pcm import RATE_HZ, Pcm
from tests.audio.signals import in_blocks, joined


def through(spans: Regions, samples: int, block: int = 7000) -> tuple[Pcm, Pcm, Pcm]:
    rng = np.random.default_rng(samples)
    first, second = (rng.normal(0, 0.1, (samples, 2)).astype(np.float32) for _ in range(2))
    out = changed_in(spans, in_blocks(first, block), in_blocks(second, 1000), RATE_HZ)
    return first, second, joined(out)


@settings(max_examples=25, deadline=None)
@given(times=st.lists(st.floats(0, 5), min_size=0, max_size=6, unique=True), block=st.integers(500, 100_000))
def test_outside_it_is_the_original_and_inside_the_other(times: list[float], block: int) -> None:
    ordered = sorted(times)
    spans = tuple(zip(ordered[::2], ordered[1::2], strict=False))
    first, second, out = through(spans, 4 * RATE_HZ, block)
    assert out.shape == first.shape
    at_s = np.arange(len(out)) / RATE_HZ
    outside, inside = np.ones(len(out), bool), np.zeros(len(out), bool)
    for start_s, end_s in spans:
        outside &= (at_s < start_s) | (at_s > end_s)
        inside |= (at_s > start_s + 0.031) & (at_s < end_s - 0.031)
    np.testing.assert_array_equal(out[outside], first[outside])
    np.testing.assert_allclose(out[inside], second[inside], atol=1e-6)


def test_no_span_is_the_very_same_blocks() -> None:
    first, _, out = through((), RATE_HZ + 5)
    np.testing.assert_array_equal(out, first)


def test_the_way_from_one_to_the_other_has_no_step() -> None:
    ones, zeros = np.ones((2 * RATE_HZ, 1), np.float32), np.zeros((2 * RATE_HZ, 1), np.float32)
    out = joined(changed_in(((0.5, 1.5),), in_blocks(ones, 999), in_blocks(zeros, 5000), RATE_HZ))
    assert np.abs(np.diff(out[:, 0])).max() == pytest.approx(1 / (0.03 * RATE_HZ), rel=0.01)


def test_a_span_beyond_both_ends_is_all_of_the_other() -> None:
    _, second, out = through(((-1.0, 9.0),), 2 * RATE_HZ)
    np.testing.assert_array_equal(out, second)


@pytest.mark.parametrize("kept", [0.0, 0.25, 1.0])
def test_a_share_of_what_it_lacks(kept: float) -> None:
    rng = np.random.default_rng(3)
    first, second = (rng.normal(0, 0.1, (70_001, 2)).astype(np.float32) for _ in range(2))
    out = joined(partly(in_blocks(first, 7000), in_blocks(second, 1000), kept))
    np.testing.assert_allclose(out, kept * first + (1 - kept) * second, atol=1e-6)
