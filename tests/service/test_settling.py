"""Turns beside uploads: what is spent, what lies where, and how much of a history is carried around."""

import json
from typing import Any

import pytest

from saycut.language.understand import Step
from saycut.service import ledger, sessions, task, turns, uploads
from saycut.service.accounts import User
from saycut.service.planning import Planned
from saycut.service.sessions import SessionRow
from saycut.service.settling import request_for, settle
from saycut.service.workplace import Workplace
from saycut.watch import Watch
from tests.factory import make

UNDO, REDO = {"op": "undo", "args": {"steps": 1}}, {"op": "redo", "args": {}}
ROTATE = {"op": "rotate", "args": {"degrees": 90}}
NOTHING = {"op": "unmute", "args": {}}  # nothing is muted


@pytest.fixture
def session(place: Workplace, user: User) -> SessionRow:
    with place.database.writing() as connection:
        made = sessions.create(connection, user.id, "clip", "en")
    upload(place, user, made, "first.mp4")
    return made


def upload(place: Workplace, user: User, session: SessionRow, name: str) -> None:
    with place.store.incoming(None) as incoming:
        incoming.write(make("cfr30").read_bytes())
        uploads.add(place, user, session, [uploads.receive(place, name, incoming)])


def begun(place: Workplace, user: User, session: SessionRow, *steps: dict[str, Any]) -> str:
    """A turn that runs, five credits held for it."""
    with place.database.writing() as connection:
        made = turns.begin(connection, session, "do it", steps=tuple(Step(s["op"], s["args"]) for s in steps))
        turns.running(connection, made.id)
        ledger.hold(connection, user.id, made.id, 5, "do it")
    return made.id


def settled(place: Workplace, turn_id: str, done: dict[str, Any], *steps: dict[str, Any]) -> None:
    settle(place, turn_id, done, Planned(steps, "en"))


def carried_out(place: Workplace, turn_id: str, *steps: dict[str, Any]) -> dict[str, Any]:
    request = json.loads(json.dumps(request_for(place, turn_id, list(steps))))
    done = json.loads(json.dumps(task.turn(request, Watch())))
    return {**done, "files": request["files"]}


def done(place: Workplace, user: User, session: SessionRow, *steps: dict[str, Any]) -> str:
    turn_id = begun(place, user, session, *steps)
    settled(place, turn_id, carried_out(place, turn_id, *steps), *steps)
    return turn_id


def balance(place: Workplace, user: User) -> tuple[int, int]:
    with place.database.reading() as connection:
        has = ledger.balance(connection, user.id)
    return has.available, has.frozen


def test_what_changes_nothing_is_free_whatever_is_uploaded_meanwhile(
    place: Workplace, user: User, session: SessionRow
) -> None:
    before = balance(place, user)
    turn_id = begun(place, user, session, NOTHING)
    answer = carried_out(place, turn_id, NOTHING)
    upload(place, user, session, "second.mp4")
    settled(place, turn_id, answer, NOTHING)
    assert balance(place, user) == before
    done(place, user, session, ROTATE)
    assert balance(place, user) == (before[0] - 5, 0)


def test_an_upload_beside_an_undo_is_led_to_by_no_turn(
    place: Workplace, user: User, session: SessionRow
) -> None:
    rotated = done(place, user, session, ROTATE)
    turn_id = begun(place, user, session, UNDO)
    answer = carried_out(place, turn_id, UNDO)
    upload(place, user, session, "second.mp4")
    settled(place, turn_id, answer, UNDO)
    with place.database.reading() as connection:
        row = sessions.of_user(connection, user.id, session.id)
        assert sessions.led_by(connection, row) == {2: rotated}
        history = sessions.history(connection, row)
    assert len(history.entries) == 5  # empty, upload, turn, upload, and the upload beside the undo
    assert (history.path, len(history.project.assets)) == ((0, 1, 4), 2)


def test_undo_and_redo_within_a_turn_are_those_of_the_whole_history(
    place: Workplace, user: User, session: SessionRow
) -> None:
    for _ in range(3):
        done(place, user, session, ROTATE)
    done(place, user, session, UNDO, UNDO, REDO, ROTATE)
    with place.database.reading() as connection:
        history = sessions.history(connection, sessions.of_user(connection, user.id, session.id))
    assert (history.path, history.tip) == ((0, 1, 2, 3, 5), 5)
    assert history.project == history.entries[4].project != history.entries[3].project


def test_a_task_is_sent_and_gives_back_no_more_of_a_long_history_than_it_needs(
    place: Workplace, user: User, session: SessionRow
) -> None:
    done(place, user, session, ROTATE)
    for _ in range(5):
        done(place, user, session, ROTATE)
    turn_id = begun(place, user, session, ROTATE)
    request = request_for(place, turn_id, [ROTATE])
    sent = [entry["project"] for entry in request["history"]["entries"]]
    assert [len(text) > len(sent[0]) for text in sent] == [*[False] * 7, True]
    assert len(task.turn(request, Watch())["history"]["entries"]) == 1


def test_what_a_worker_of_before_carried_out_is_settled(
    place: Workplace, user: User, session: SessionRow
) -> None:
    """It gave back the whole history."""
    turn_id = begun(place, user, session, ROTATE)
    with place.database.reading() as connection:
        entries = task.history_data(
            sessions.history(connection, sessions.of_user(connection, user.id, session.id))
        )["entries"]
    answer = carried_out(place, turn_id, ROTATE)
    answer["history"]["entries"] = entries + answer["history"]["entries"]
    del answer["began"], answer["changed"]
    upload(place, user, session, "second.mp4")
    settled(place, turn_id, answer, ROTATE)
    with place.database.reading() as connection:
        row = sessions.of_user(connection, user.id, session.id)
        assert sessions.led_by(connection, row) == {3: turn_id}
        assert sessions.history(connection, row).path == (0, 1, 3, 4)
