"""Which stretches are read, and which frames are chosen from them."""

from fractions import Fraction
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from saycut.media.pieces import Span, pieces_of, selection
from tests.media.material import made


def chosen(expression: str, n: int) -> bool:
    """ffmpeg's own meaning of the expression, in Python."""
    functions = {
        "if": lambda test, yes, no: yes if test else no,
        "lt": lambda a, b: a < b,
        "gte": lambda a, b: a >= b,
    }
    text = expression.replace("if(", "if_(")
    return bool(eval(text, {"n": n, "if_": functions["if"], "lt": functions["lt"], "gte": functions["gte"]}))


@st.composite
def spans(draw: st.DrawFn) -> list[Span]:
    edges = sorted(draw(st.sets(st.integers(0, 400), min_size=2, max_size=80)))
    return [
        (a, b)
        for (a, b), kept in zip(
            pairwise(edges), draw(st.tuples(*[st.booleans()] * (len(edges) - 1))), strict=True
        )
        if kept
    ]


@settings(max_examples=30, deadline=None)
@given(spans())
def test_the_decision_is_true_inside_the_spans_and_only_there(kept: list[Span]) -> None:
    if not kept:
        return
    expression = selection(kept)
    wanted = {n for first, end in kept for n in range(first, end)}
    assert {n for n in range(402) if chosen(expression, n)} == wanted


def test_two_thousand_spans_nest_eleven_deep() -> None:
    expression = selection([(3 * k, 3 * k + 2) for k in range(2000)])
    depth = deepest = 0
    for char in expression:
        depth += (char == "(") - (char == ")")
        deepest = max(deepest, depth)
    assert deepest <= 13


@settings(deadline=None)
@given(spans())
def test_pieces_hold_every_span_once_in_order(kept: list[Span]) -> None:
    stretched = [(first * 40, end * 40) for first, end in kept]
    pieces = pieces_of(stretched, made("cfr30").info, Fraction(30), Fraction(1))
    assert [span for piece in pieces for span in piece.spans] == stretched
    assert len(pieces) <= 4
    for piece in pieces:
        begins_s = Fraction(piece.spans[0][0], 30)
        assert piece.seek_s is None or 0 < piece.seek_s <= begins_s - 3


def test_what_cannot_seek_exactly_is_read_from_the_start() -> None:
    far = [(0, 10), (9000, 9010)]
    assert len(pieces_of(far, made("cfr30").info, Fraction(30), Fraction(1))) == 2
    assert len(pieces_of(far, made("avi_mjpeg").info, Fraction(30), Fraction(1))) == 1
