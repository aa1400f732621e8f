from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saycut.timeline.history import History
from saycut.timeline.project import Output, Project
from saycut.timeline.value import but
from tests.projects import project, video


def numbered(size: int) -> Project:
    return but(project(video()), output=Output(short_side=size))


def said(history: History, places: tuple[int, ...]) -> list[str]:
    return [history.entries[place].said for place in places]


Move = tuple[str, int]
MOVES = st.lists(
    st.tuples(st.sampled_from(["then", "undone", "redone", "to", "named"]), st.integers(0, 12)), max_size=24
)


def moved(history: History, move: Move) -> History:
    what, number = move
    how: dict[str, Callable[[], History]] = {
        "then": lambda: history.then(numbered(len(history.entries)), f"turn {len(history.entries)}"),
        "undone": lambda: history.undone(number),
        "redone": lambda: history.redone(number),
        "to": lambda: history.to(number % len(history.entries)),
        "named": lambda: history.named(f"version {number % 3}"),
    }
    return how[what]()


def made(moves: list[Move]) -> History:
    history = History.begin(project(video()))
    for move in moves:
        history = moved(history, move)
    return history


@given(st.integers(1, 6), st.integers(1, 8))
def test_undo_then_redo_gives_back_the_very_same_project(turns: int, steps: int) -> None:
    history = History.begin(project(video()))
    for turn in range(turns):
        history = history.then(numbered(turn), f"turn {turn}")
    assert history.undone(steps).redone(steps).project == history.project
    assert history.undone(turns).project == project(video())


@given(MOVES, st.integers(0, 12))
def test_undo_and_redo_are_inverse_wherever_one_is(moves: list[Move], steps: int) -> None:
    history = made(moves)
    back = min(steps, history.undo_steps)
    assert history.undone(back).redone(back) == history
    on = min(steps, history.redo_steps)
    assert history.redone(on).undone(on) == history
    assert history.undone(99).undo_steps == 0
    assert history.redone(99).redo_steps == 0


@given(MOVES)
def test_nothing_is_ever_lost_and_places_stay(moves: list[Move]) -> None:
    history = History.begin(project(video()))
    for move in moves:
        before, history = history, moved(history, move)
        kept = history.entries[: len(before.entries)]
        assert [(e.project, e.said, e.after) for e in kept] == [
            (e.project, e.said, e.after) for e in before.entries
        ]
        assert history.line[: len(history.path)] == history.path  # the line leads through the present state
        assert all(
            after < at for at, after in enumerate(e.after for e in history.entries) if after is not None
        )


@given(MOVES, st.integers(0, 24))
def test_every_state_can_be_gone_to_and_come_back_from(moves: list[Move], number: int) -> None:
    history = made(moves)
    place = number % len(history.entries)
    there = history.to(place)
    assert (there.place, there.project) == (place, history.entries[place].project)
    assert place in there.line
    assert there.tip == history.tip or not any(entry.after == there.tip for entry in there.entries)
    assert there.to(history.place).project == history.project


@given(MOVES, MOVES, MOVES)
def test_what_two_did_apart_is_joined(shared: list[Move], mine: list[Move], theirs: list[Move]) -> None:
    names = [move for move in shared if move[0] != "named"]
    began = made(names)
    one, other = began, began
    for move in mine:
        one = one.then(numbered(move[1]), "mine") if move[0] == "then" else one
    for move in theirs:
        other = moved(other, move) if move[0] != "named" else other
    more = other.entries[len(began.entries) :]
    joined = one.joined(len(began.entries), more, other.place, other.tip)
    assert joined.project == other.project
    assert joined.entries[: len(one.entries)] == one.entries
    assert said(joined, joined.path) == said(other, other.path)
    assert began.joined(len(began.entries), more, other.place, other.tip) == other


def test_a_new_turn_after_undo_is_a_branch_and_redo_goes_along_the_line_last_gone() -> None:
    history = History.begin(project(video())).then(numbered(1), "a").then(numbered(2), "b").undone()
    history = history.then(numbered(3), "c")
    assert [entry.said for entry in history.entries] == ["", "a", "b", "c"]
    assert said(history, history.line) == ["", "a", "c"]
    assert history.redone(5) == history
    back = history.to(2)
    assert (said(back, back.line), back.undone().redone().place) == (["", "a", "b"], 2)
    assert history.undone(2).redone(5).place == 3


def test_a_place_that_no_state_has_is_refused() -> None:
    history = History.begin(project(video())).then(numbered(1), "a")
    for place in (-1, 2):
        with pytest.raises(IndexError):
            history.to(place)


def test_versions_are_found_by_name_and_a_name_moves() -> None:
    history = History.begin(project(video())).named("raw").then(numbered(1), "a").named("first")
    assert history.at_version("raw").project == project(video())
    moved = history.then(numbered(2), "b").named("raw")
    assert moved.undone().at_version("raw").project == numbered(2)
    beside = moved.undone(2).then(numbered(3), "c")
    assert beside.at_version("first").project == numbered(1)
    with pytest.raises(KeyError):
        history.at_version("no such")
