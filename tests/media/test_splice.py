"""Taking a cut picture apart: every kept frame once, in order, and nothing copied that needs what was cut."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from saycut.media.splice import Gops, Joint, Kept, Span, Splice, splice

RATE = Fraction(30)


def gops(frames: int, *begins: int, b_frames: int = 0) -> Gops:
    """Groups that begin at `begins`; with B-frames a copy may only end behind a whole run of them."""
    begin, end = bytearray(frames + 1), bytearray(frames + 1)
    for number, first in enumerate(begins):
        begin[first] = 1
        last = begins[number + 1] if number + 1 < len(begins) else frames
        for place in range(first, last, b_frames + 1):
            end[min(place + 1, last)] = 1
        end[first] = end[last] = 1
    return Gops(bytes(begin), bytes(end), 1)


def shown(made: Splice) -> list[int]:
    frames: list[int] = []
    for piece in made.pieces:
        spans: tuple[Span, ...] = ((piece.first, piece.end),) if isinstance(piece, Kept) else piece.spans
        frames += [frame for first, end in spans for frame in range(first, end)]
    return frames


@st.composite
def cut_pictures(draw: st.DrawFn) -> tuple[list[Span], Gops]:
    frames = draw(st.integers(100, 3000))
    begins = draw(st.lists(st.integers(1, frames - 1), max_size=40, unique=True))
    edges = draw(st.lists(st.integers(0, frames), min_size=2, max_size=20, unique=True))
    edges = sorted(edges)[: len(edges) // 2 * 2]
    spans = list(zip(edges[::2], edges[1::2], strict=True))
    return spans, gops(frames, 0, *sorted(begins), b_frames=draw(st.integers(0, 3)))


@given(cut_pictures())
def test_every_frame_once_and_only_what_can_stand_alone_is_copied(cut: tuple[list[Span], Gops]) -> None:
    spans, found = cut
    made = splice(spans, found, RATE)
    if made is None:
        return
    assert shown(made) == [frame for first, end in spans for frame in range(first, end)]
    assert 2 * made.kept_frames >= len(shown(made))
    for piece in made.pieces:
        if isinstance(piece, Kept):
            assert found.begins[piece.first]
            assert found.ends[piece.end]
            assert piece.frames >= 2 * RATE
    assert not any(
        isinstance(a, Joint) and isinstance(b, Joint)
        for a, b in zip(made.pieces, made.pieces[1:], strict=False)
    )
    assert [at for at, _ in made.placed()] == [
        len(shown(Splice(made.pieces[:n]))) for n in range(len(made.pieces))
    ]


def test_a_cut_is_encoded_to_the_next_key_frame_and_little_before_it() -> None:
    made = splice([(0, 302), (500, 900)], gops(900, 0, 150, 300, 450, 600, 750, b_frames=3), RATE)
    assert made is not None
    assert made.pieces == (Kept(0, 301), Joint(((301, 302), (500, 600))), Kept(600, 900))


def test_a_picture_with_one_key_frame_is_not_worth_it() -> None:
    assert splice([(10, 900)], gops(900, 0), RATE) is None


def test_frames_beyond_the_end_are_not_there_to_copy() -> None:
    assert splice([(0, 901)], gops(900, 0, 300, 600), RATE) is None


def test_very_many_cuts_are_encoded() -> None:
    spans = [(at, at + 90) for at in range(0, 401 * 100, 100)]
    assert splice(spans, gops(41_000, *range(0, 41_000, 10)), RATE) is None
    assert splice(spans[:400], gops(41_000, *range(0, 41_000, 10)), RATE) is not None


def test_where_decoding_begins_to_see_a_frame() -> None:
    found = gops(900, 0, 150, 300)
    assert [found.group_of(frame) for frame in (0, 149, 150, 151, 299, 300, 899)] == [
        0,
        0,
        150,
        150,
        150,
        300,
        300,
    ]
