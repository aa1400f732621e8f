"""Words on the picture: one of them changed or taken away, and the others as they were."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saycut.errors import Impossible
from saycut.operations.catalogue import build
from saycut.timeline.project import Project
from tests.projects import GivenFacts, project, video

COUNTS = st.integers(1, 6)


def after(state: Project, op: str, **args: Any) -> Project:
    return build(op, args).apply(state, GivenFacts(), "step").project


def with_texts(count: int) -> Project:
    state = project(video())
    for number in range(count):
        state = after(state, "text", text=f"text {number + 1}", start=number, duration=1.0)
    return state


@given(COUNTS, st.data())
def test_one_text_is_changed_and_the_others_stay(count: int, data: st.DataObject) -> None:
    state, number = with_texts(count), data.draw(st.integers(1, count))
    changed = after(state, "text", text="new", position="top", start=2, duration=3.0, number=number)
    title = changed.titles[number - 1]
    assert (title.text, title.position, float(title.start_s), float(title.end_s)) == ("new", "top", 2, 5)
    others = [t for place, t in enumerate(changed.titles) if place != number - 1]
    assert others == [t for place, t in enumerate(state.titles) if place != number - 1]


@given(COUNTS, st.data())
def test_one_text_is_taken_away_and_the_others_stay(count: int, data: st.DataObject) -> None:
    state, number = with_texts(count), data.draw(st.integers(1, count))
    left = after(state, "delete", target=f"text:{number}").titles
    assert [t.text for t in left] == [f"text {n + 1}" for n in range(count) if n + 1 != number]


def test_a_text_that_is_not_there_is_said(count: int = 2) -> None:
    state = with_texts(count)
    for op, args in (
        ("text", {"text": "new", "number": 3}),
        ("delete", {"target": "text:0"}),
        ("delete", {"target": "text:x"}),
        ("delete", {"target": "text:³"}),
    ):
        with pytest.raises(Impossible, match="there are 2 texts"):
            after(state, op, **args)
    with pytest.raises(Impossible):
        build("text", {"text": "new", "number": 0})
