"""Spans against spans: whatever they are, each moment is where it belongs."""

from hypothesis import given
from hypothesis import strategies as st

from saycut.audio.regions import joined, outside, widened, within
from saycut.audio.speech import Regions

MOMENTS = [half / 2 + 0.25 for half in range(-10, 100)]


def spans() -> st.SearchStrategy[Regions]:
    times = st.lists(st.integers(0, 40), max_size=12, unique=True).map(sorted)
    return times.map(lambda at: tuple((float(a), float(b)) for a, b in zip(at[::2], at[1::2], strict=False)))


def covered(of: Regions, at: float) -> bool:
    return any(start <= at < end for start, end in of)


def tidy(of: Regions) -> bool:
    ends = [edge for span in of for edge in span]
    return ends == sorted(ends) and all(start < end for start, end in of)


@given(spans(), spans())
def test_outside_and_within_part_the_spans(one: Regions, other: Regions) -> None:
    out, inside = outside(one, other), within(one, other)
    assert tidy(out)
    assert tidy(inside)
    for at in MOMENTS:
        assert covered(out, at) == (covered(one, at) and not covered(other, at))
        assert covered(inside, at) == (covered(one, at) and covered(other, at))


@given(spans(), spans())
def test_joined_is_all_of_both(one: Regions, other: Regions) -> None:
    both = joined(tuple(sorted([*one, *other])))
    assert tidy(both)
    for at in MOMENTS:
        assert covered(both, at) == (covered(one, at) or covered(other, at))


@given(spans(), st.integers(0, 8))
def test_widened_reaches_that_far_around(one: Regions, around: int) -> None:
    wide = widened(one, around / 2)
    assert tidy(wide)
    for at in MOMENTS:
        near = any(start - around / 2 <= at < end + around / 2 for start, end in one)
        assert covered(wide, at) == near
