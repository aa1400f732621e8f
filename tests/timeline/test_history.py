import pytest
from hypothesis import given
from hypothesis import strategies as st

from saycut.timeline.history import History
from saycut.timeline.project import Output
from saycut.timeline.value import but
from tests.projects import project, video


def numbered(size: int) -> object:
    return but(project(video()), output=Output(short_side=size))


@given(st.integers(1, 6), st.integers(1, 8))
def test_undo_then_redo_gives_back_the_very_same_project(turns: int, steps: int) -> None:
    history = History.begin(project(video()))
    for turn in range(turns):
        history = history.then(numbered(turn), f"turn {turn}")  # type: ignore[arg-type]
    assert history.undone(steps).redone(steps).project == history.project
    assert history.undone(turns).project == project(video())


def test_a_new_turn_after_undo_drops_what_was_undone() -> None:
    history = History.begin(project(video())).then(numbered(1), "a").then(numbered(2), "b").undone()  # type: ignore[arg-type]
    history = history.then(numbered(3), "c")  # type: ignore[arg-type]
    assert [entry.said for entry in history.entries] == ["", "a", "c"]
    assert history.redone(5) == history


def test_versions_are_found_by_name_and_a_name_moves() -> None:
    history = History.begin(project(video())).named("raw").then(numbered(1), "a").named("first")  # type: ignore[arg-type]
    assert history.at_version("raw").project == project(video())
    moved = history.then(numbered(2), "b").named("raw")  # type: ignore[arg-type]
    assert moved.undone().at_version("raw").project == numbered(2)
    with pytest.raises(KeyError):
        history.at_version("no such")
