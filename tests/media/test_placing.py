"""Decoded pieces at the places that their time stamps name."""

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from saycut.media.child.placing import Placer
from saycut.media.child.resampling import resampled

RATE_HZ = 48_000
TICK_S = Fraction(1, RATE_HZ)
PIECE = 1000

Piece = tuple[int | None, bool, NDArray[np.float32]]


def ramp(first: int, count: int = PIECE) -> NDArray[np.float32]:
    """Samples that say their own place (exact in float32)."""
    return np.arange(first, first + count, dtype=np.float32)[:, None]


def placed(
    pieces: list[Piece], start: int = 0, end_s: Fraction | None = None
) -> tuple[Placer, NDArray[np.float32]]:
    placer = Placer(RATE_HZ, TICK_S, Fraction(0), end_s)
    blocks = list(placer.placed(pieces, start * TICK_S, None, RATE_HZ))
    return placer, np.concatenate(blocks)[:, 0] if blocks else np.zeros(0, np.float32)


def test_pieces_in_a_row() -> None:
    placer, out = placed([(k * PIECE, False, ramp(k * PIECE)) for k in range(5)])
    assert np.array_equal(out, np.arange(5000))
    assert (placer.silenced, placer.dropped) == (0, 0)


def test_a_piece_without_a_time_stamp_follows_the_one_before() -> None:
    _, out = placed([(0, False, ramp(0)), (None, False, ramp(1000)), (None, False, ramp(2000))])
    assert np.array_equal(out, np.arange(3000))


@given(jitter=st.lists(st.integers(-950, 950), min_size=3, max_size=20))
def test_jitter_below_twenty_milliseconds_moves_nothing(jitter: list[int]) -> None:
    pieces = [(0, False, ramp(0))] + [
        ((k + 1) * PIECE + shift, False, ramp((k + 1) * PIECE)) for k, shift in enumerate(jitter)
    ]
    _, out = placed(pieces)
    assert np.array_equal(out, np.arange((len(jitter) + 1) * PIECE))


def test_a_drift_is_followed_in_steps_before_it_grows_past_the_tolerance() -> None:
    """One hundred samples late in every thousand: what sounds is never more than 20 ms from its stamp."""
    pieces = [(k * 1100, False, ramp(k * 1100)) for k in range(100)]
    _, out = placed(pieces)
    sounding = np.flatnonzero(out)
    assert np.abs(out[sounding] - sounding).max() <= 0.020 * RATE_HZ


def test_a_gap_is_silence() -> None:
    placer, out = placed([(0, False, ramp(0)), (5000, False, ramp(5000))])
    assert np.array_equal(out[:1000], np.arange(1000))
    assert not out[1000:5000].any()
    assert np.array_equal(out[5000:], np.arange(5000, 6000))
    assert placer.silenced == 4000


def test_an_overlap_is_dropped() -> None:
    placer, out = placed([(0, False, ramp(0, 4000)), (2000, False, ramp(2000, 3000))])
    assert np.array_equal(out, np.arange(5000))
    assert placer.dropped == 2000


def test_after_a_broken_packet_even_a_small_gap_is_believed() -> None:
    _, out = placed([(0, False, ramp(0)), (1960, True, ramp(1960))])
    assert np.array_equal(out[1960:], np.arange(1960, 2960))


def test_late_sound_and_early_sound() -> None:
    _, late = placed([(3000, False, ramp(3000))])
    assert not late[:3000].any()
    assert np.array_equal(late[3000:], np.arange(3000, 4000))
    _, early = placed([(-1500, False, ramp(-1500)), (-500, False, ramp(-500))])
    assert np.array_equal(early, np.arange(500))


def test_what_lies_past_the_end_is_cut() -> None:
    _, out = placed([(0, False, ramp(0)), (1000, False, ramp(1000))], end_s=Fraction(1200, RATE_HZ))
    assert np.array_equal(out, np.arange(1200))


@given(start=st.integers(-3000, 6000))
def test_any_start_is_the_whole_cut(start: int) -> None:
    pieces: list[Piece] = [(k * PIECE, False, ramp(k * PIECE)) for k in range(5)]
    _, out = placed(pieces, start)
    expected = np.concatenate((np.zeros(max(-start, 0)), np.arange(max(start, 0), max(5000, start))))
    assert np.array_equal(out, expected[: len(out)])
    assert len(out) == max(5000 - start, 0)


@given(rate_hz=st.sampled_from((8000, 11_025, 16_000, 22_050, 44_100, 96_000)), start_ms=st.integers(0, 900))
def test_resampling_from_any_start_meets_the_whole(rate_hz: int, start_ms: int) -> None:
    sound = np.random.default_rng(5).standard_normal((2 * rate_hz, 1)).astype(np.float32)

    def from_start(start_s: Fraction) -> NDArray[np.float32]:
        placer = Placer(rate_hz, Fraction(1, rate_hz), Fraction(0), None)
        blocks = placer.placed([(0, False, sound)], start_s, None, RATE_HZ)
        return np.concatenate(list(resampled(blocks, rate_hz, RATE_HZ, placer.lead_out, 1)))

    start_s = Fraction(start_ms, 1000)
    whole, part = from_start(Fraction(0)), from_start(start_s)
    first = round(start_s * RATE_HZ)
    assert len(whole) == 2 * RATE_HZ
    assert np.allclose(part[:20_000], whole[first : first + 20_000], atol=1e-4)
