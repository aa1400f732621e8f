from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from saycut.timeline.spans import clipped, complement, total_s, united

POINTS = st.integers(0, 40).map(lambda n: Fraction(n, 4))
SPANS = st.lists(st.tuples(POINTS, POINTS), max_size=12)
END = Fraction(10)


def inside(spans: object, at: Fraction) -> bool:
    return any(a <= at < b for a, b in spans)  # type: ignore[attr-defined]


@given(SPANS, POINTS)
def test_union_and_complement_share_out_the_whole(
    spans: list[tuple[Fraction, Fraction]], at: Fraction
) -> None:
    there, missing = united(spans), complement(spans, Fraction(0), END)
    assert inside(there, at) == inside([s for s in spans if s[1] > s[0]], at)
    if at < END:
        assert inside(there, at) != inside(missing, at)


@given(SPANS)
def test_spans_are_sorted_disjoint_and_not_touching(spans: list[tuple[Fraction, Fraction]]) -> None:
    flat = [point for span in united(spans) for point in span]
    assert flat == sorted(set(flat))


@given(SPANS)
def test_lengths_add_up(spans: list[tuple[Fraction, Fraction]]) -> None:
    kept = clipped(spans, Fraction(0), END)
    assert total_s(kept) + total_s(complement(spans, Fraction(0), END)) == END
