import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saycut.audio.joins import FADE_S, Piece, render_pieces
from saycut.errors import Internal
from saycut.pcm import Pcm, PcmArray
from tests.audio.signals import joined

RATE = 48_000
REACH = round(FADE_S * RATE)
SOURCES = [
    PcmArray(np.random.default_rng(seed).uniform(-1, 1, (samples, channels)).astype(np.float32))
    for seed, samples, channels in ((0, 9_000, 2), (1, 5_000, 1), (2, 700, 2))
]


def rendered(pieces: list[Piece], total: int, block: int = 1_000, channels: int = 2) -> Pcm:
    return joined(render_pieces(pieces, total, channels, block))


@st.composite
def placed_pieces(draw: st.DrawFn) -> list[Piece]:
    """Pieces of random sources, sizes and places; some adjacent, some that continue one another."""
    pieces: list[Piece] = []
    at = 0
    for _ in range(draw(st.integers(1, 8))):
        gap = draw(st.sampled_from([0, 0, 1, 100, 3_000]))
        count = draw(st.sampled_from([0, 1, 7, 300, 481, 2_000]))
        last = pieces[-1] if pieces else None
        if last is not None and gap == 0 and draw(st.booleans()):
            reader, start = last.reader, last.start + last.count
        else:
            reader = draw(st.sampled_from(SOURCES))
            start = draw(st.integers(0, max(reader.samples - count, 0)))
        pieces.append(Piece(reader, start, count, at + gap))
        at += gap + count
    return pieces


def plain(pieces: list[Piece], total: int) -> Pcm:
    """The pieces without any fade."""
    out = np.zeros((total, 2), np.float32)
    for piece in pieces:
        out[piece.at : piece.end] = piece.reader.read(piece.start, piece.count)[: max(total - piece.at, 0)]
    return out


@settings(max_examples=150, deadline=None)
@given(pieces=placed_pieces(), spare=st.integers(-500, 500), block=st.integers(1, 5_000))
def test_every_sample_outside_the_fades_is_the_source_in_its_place(
    pieces: list[Piece], spare: int, block: int
) -> None:
    total = max(pieces[-1].end + spare, 1)
    out = rendered(pieces, total, block)
    expected = plain(pieces, total)
    boundaries = sorted({edge for piece in pieces for edge in (piece.at, piece.end)} | {total})
    far = np.ones(total, bool)
    for edge in boundaries:
        far[max(edge - REACH, 0) : edge + REACH] = False
    assert out.shape == (total, 2)
    assert np.array_equal(out[far], expected[far])
    assert np.abs(out).max() <= np.sqrt(2) + 1e-6


@settings(max_examples=80, deadline=None)
@given(pieces=placed_pieces(), block=st.integers(1, 5_000))
def test_the_result_does_not_depend_on_the_size_of_blocks(pieces: list[Piece], block: int) -> None:
    total = pieces[-1].end + 10
    assert np.array_equal(rendered(pieces, total, block), rendered(pieces, total, total))


@settings(max_examples=60, deadline=None)
@given(pieces=placed_pieces())
def test_gaps_are_silent_to_the_sample(pieces: list[Piece]) -> None:
    total = pieces[-1].end + 50
    out = rendered(pieces, total)
    covered = np.zeros(total, bool)
    for piece in pieces:
        covered[piece.at : piece.end] = True
    assert not out[~covered].any()


@settings(max_examples=60, deadline=None)
@given(cuts=st.lists(st.integers(1_001, 3_999), max_size=6), start=st.integers(0, 3_000))
def test_pieces_that_continue_one_another_join_without_a_trace(cuts: list[int], start: int) -> None:
    edges = [1_000, *sorted(cuts), 4_000]
    source = SOURCES[0]
    split = [Piece(source, start + a - 1_000, b - a, a) for a, b in itertools.pairwise(edges)]
    whole = [Piece(source, start, 3_000, 1_000)]
    assert np.array_equal(rendered(split, 5_000), rendered(whole, 5_000))


def test_a_whole_source_is_untouched_to_its_ends() -> None:
    source = SOURCES[0]
    assert np.array_equal(
        rendered([Piece(source, 0, source.samples, 0)], source.samples), source.read(0, 9_000)
    )


def sided(left: float, right: float, samples: int = 4_000) -> PcmArray:
    """A source whose sound is a rising line on one side, so that it can be told from another."""
    return PcmArray((np.linspace(0.5, 1.0, samples)[:, None] * [left, right]).astype(np.float32))


def test_at_a_cut_both_sounds_run_on_and_cross_with_equal_power() -> None:
    before, after = sided(1.0, 0.0), sided(0.0, 1.0)
    out = rendered([Piece(before, 1_000, 1_000, 0), Piece(after, 2_000, 1_000, 1_000)], 2_000)
    places = np.arange(1_000 - REACH, 1_000 + REACH)
    angle = (places - (1_000 - REACH) + 0.5) / (2 * REACH) * np.pi / 2
    outgoing = before.read(1_000 + places[0], 2 * REACH)[:, 0] * np.cos(angle)
    incoming = after.read(2_000 + places[0] - 1_000, 2 * REACH)[:, 1] * np.sin(angle)
    assert np.allclose(out[places, 0], outgoing, atol=1e-6)
    assert np.allclose(out[places, 1], incoming, atol=1e-6)
    assert not out[: 1_000 - REACH, 1].any()
    assert not out[1_000 + REACH :, 0].any()


def test_where_a_source_has_no_more_the_fade_stays_on_its_own_side() -> None:
    before, after = sided(1.0, 0.0, 1_000), sided(0.0, 1.0, 1_000)
    out = rendered([Piece(before, 0, 1_000, 0), Piece(after, 0, 1_000, 1_000)], 2_000)
    assert not out[1_000:, 0].any() and not out[:1_000, 1].any()
    assert 0 < out[999, 0] < 0.01 and 0 < out[1_000, 1] < 0.01
    assert out[999 - REACH, 0] == before.read(999 - REACH, 1)[0, 0]


def test_outer_ends_fade_only_where_the_source_goes_on() -> None:
    source = sided(1.0, 1.0)
    inside = rendered([Piece(source, 500, 2_000, 100)], 2_200)
    assert 0 < inside[100, 0] < 0.01 and 0 < inside[2_099, 0] < 0.01
    assert not inside[:100].any() and not inside[2_100:].any()
    natural = rendered([Piece(source, 0, 4_000, 100)], 4_200)
    assert np.array_equal(natural[100:4_100], source.read(0, 4_000))
    cut_off = rendered([Piece(source, 0, 4_000, 100)], 3_000)
    assert 0 < cut_off[2_999, 0] < 0.01


def test_one_channel_is_spread() -> None:
    mono = PcmArray(np.linspace(0.1, 0.9, 1_000, dtype=np.float32)[:, None])
    out = rendered([Piece(mono, 0, 1_000, 0)], 1_000)
    assert np.array_equal(out[:, 0], out[:, 1])
    assert np.array_equal(out[:, 0], mono.read(0, 1_000)[:, 0])


def test_nothing_placed_is_silence() -> None:
    assert not rendered([], 1_500).any()
    assert rendered([], 1_500).shape == (1_500, 2)


@pytest.mark.parametrize(
    "pieces",
    [
        [Piece(SOURCES[0], 0, 100, 0), Piece(SOURCES[0], 0, 100, 99)],
        [Piece(SOURCES[0], 0, 100, -1)],
        [Piece(SOURCES[0], 0, -1, 0)],
        [Piece(PcmArray(np.zeros((10, 6), np.float32)), 0, 10, 0)],
        [Piece(SOURCES[0], 0, 10, 0), Piece(PcmArray(np.zeros((10, 2), np.float32), 44_100), 0, 10, 10)],
    ],
)
def test_pieces_that_cannot_be_placed_are_refused(pieces: list[Piece]) -> None:
    with pytest.raises(Internal):
        render_pieces(pieces, 1_000)
