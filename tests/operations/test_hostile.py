"""What no person would say: operations refuse it in words, at once."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from saycut.errors import Impossible
from saycut.operations.base import NothingToDo
from saycut.operations.catalogue import build
from saycut.operations.when import moment
from tests.projects import GivenFacts, project, video

NUMBERS = [
    "nan",
    "inf",
    "-inf",
    "1e999999999",
    "1e-999999999",
    "9" * 400,
    "1_0",
    "٣",
    "1/3",
    "",
    "+",
    ".",
    "-5",
]
TEXTS = st.one_of(
    st.text(max_size=8),
    st.from_regex(r"\A[-+]?[0-9]{0,3}\.?[0-9]{0,3}([eE][-+]?[0-9]{0,9})?%?\Z"),
    st.sampled_from([*NUMBERS, *(f"{number}%" for number in NUMBERS)]),
)


def done(op: str, **args: Any) -> None:
    """Built, said and carried out."""
    operation = build(op, args)
    operation.describe()
    operation.apply(project(video()), GivenFacts(), "1")


@given(TEXTS | st.floats())
@example("1e999999999%")
@example("nan%")
@example(float("nan"))
@example(1.7e308)
def test_a_time_lies_on_the_timeline_or_is_refused(when: str | float) -> None:
    try:
        at_s = moment(when, Fraction(10), Fraction(25))
    except Impossible:
        return
    assert 0 <= at_s <= 10


def test_shares_are_what_they_say() -> None:
    told = ["0%", "50%", "+50.0%", ".5%", "-5%", "120%"]
    places = [moment(when, Fraction(10), Fraction(25)) for when in told]
    assert places == [0, 5, 5, Fraction(1, 25), 0, 10]


@given(TEXTS, TEXTS)
@example("1e999999999", "1")
@example("9", "1e999999999")
def test_a_shape_is_one_or_is_refused(wide: str, high: str) -> None:
    for aspect in (wide, f"{wide}:{high}"):
        try:
            done("reframe", aspect=aspect)
        except (Impossible, NothingToDo):
            continue


@pytest.mark.parametrize(
    ("op", "argument"),
    [
        ("speed", "factor"),
        ("fade", "duration"),
        ("split", "every"),
        ("volume", "gain_db"),
        ("volume", "percent"),
        ("normalize", "lufs"),
        ("rotate", "degrees"),
        ("crop", "percent"),
        ("trim", "start"),
    ],
)
@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf"), 1.7e308, -1.7e308, 5e-324])
def test_a_number_that_is_none_or_too_large_is_refused_or_bounded(
    op: str, argument: str, value: float
) -> None:
    try:
        done(op, **{argument: value})
    except (Impossible, NothingToDo):
        return
    assert abs(value) <= 1.7e308
