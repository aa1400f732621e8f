"""Jobs that the engine has given up leave no hold and nothing that goes on for ever."""

import json

import pytest
import sqlalchemy as sa

from saycut.service import ledger, mending, renders, sessions, turns
from saycut.service.accounts import User
from saycut.service.sessions import SessionRow
from saycut.service.tables import renders as render_rows
from saycut.service.tables import turns as turn_rows
from saycut.service.workplace import Workplace


@pytest.fixture
def session(place: Workplace, user: User) -> SessionRow:
    with place.database.writing() as connection:
        return sessions.create(connection, user.id, "clip", "en")


def turn(place: Workplace, session: SessionRow, text: str) -> str:
    """A turn that runs, five credits held for it, begun a while ago."""
    with place.database.writing() as connection:
        made = turns.begin(connection, session, text)
        place.jobs.turn(connection, made.id, session.id)
        turns.running(connection, made.id)
        ledger.hold(connection, session.user_id, made.id, 5, text)
        connection.execute(turn_rows.update().values(created_at_s=0.0))
    return made.id


def gave_up(place: Workplace, workflow_id: str) -> None:
    """As the engine records a job that has killed its worker too often."""
    table = "workflow_status" if place.database.is_sqlite else "dbos.workflow_status"
    given_up = f"UPDATE {table} SET status = 'MAX_RECOVERY_ATTEMPTS_EXCEEDED' WHERE workflow_uuid = :id"
    with place.database.writing() as connection:
        assert connection.execute(sa.text(given_up), {"id": workflow_id}).rowcount == 1


def told(place: Workplace, turn_id: str) -> tuple[str, list[str]]:
    with place.database.reading() as connection:
        row = turns.of_id(connection, turn_id)
        assert row is not None
        events = [json.loads(body) for _, body in turns.told_after(connection, turn_id, 0)]
    return row.status, [event["content"]["parts"][0]["text"] for event in events if "content" in event]


def test_a_turn_that_was_given_up(place: Workplace, session: SessionRow) -> None:
    left, goes_on = turn(place, session, "mute it"), turn(place, session, "rotate it")
    gave_up(place, left)
    assert mending.mend(place) == 1
    assert told(place, left) == ("failed", ["Something went wrong inside Saycut."])
    assert told(place, goes_on) == ("running", [])
    with place.database.reading() as connection:
        assert ledger.balance(connection, session.user_id) == ledger.Balance(95, 5)
    assert mending.mend(place) == 0


def test_a_turn_that_was_cancelled_past_us(place: Workplace, session: SessionRow) -> None:
    left = turn(place, session, "静音")
    place.jobs.cancel(left)
    assert mending.mend(place) == 1
    assert told(place, left) == ("cancelled", ["已停止，没有改动。"])
    with place.database.reading() as connection:
        assert ledger.balance(connection, session.user_id) == ledger.Balance(100, 0)


def test_a_render_that_was_given_up(place: Workplace, user: User, session: SessionRow) -> None:
    asked = {"session_id": session.id, "body_sha256": "0" * 64, "project": "{}", "options": "{}"}
    with place.database.writing() as connection:
        row = renders.begin(connection, user.id, "render_1", {**asked, "attribution": "{}"}, user.plan)
        place.jobs.render(connection, row.workflow_id, user.id)
        connection.execute(render_rows.update().values(created_at_s=0.0))
    assert mending.mend(place) == 0
    gave_up(place, row.workflow_id)
    assert mending.mend(place) == 1
    with place.database.reading() as connection:
        after = renders.of_user(connection, user.id, "render_1")
    assert (after.status, json.loads(after.error or "{}")["code"]) == ("failed", "internal")


def test_however_many_wait_none_is_passed_over(
    place: Workplace, user: User, session: SessionRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mending, "_AT_ONCE", 2)
    waiting = [turn(place, session, f"rotate it by {number}") for number in range(7)]
    with place.database.writing() as connection:
        for at_s, turn_id in enumerate(waiting):  # some at the same moment
            older = turn_rows.update().where(turn_rows.c.id == turn_id)
            connection.execute(older.values(created_at_s=float(at_s // 3)))
    asked = {"session_id": session.id, "body_sha256": "0" * 64, "project": "{}", "options": "{}"}
    rendering = []
    for number in range(5):
        with place.database.writing() as connection:
            row = renders.begin(
                connection, user.id, f"render_{number}", {**asked, "attribution": "{}"}, user.plan
            )
            place.jobs.render(connection, row.workflow_id, user.id)
            connection.execute(render_rows.update().values(created_at_s=0.0))
        rendering.append(row.workflow_id)
    for left in (waiting[0], waiting[2], waiting[6], *rendering):
        gave_up(place, left)
    assert mending.mend(place) == 8
    with place.database.reading() as connection:
        found = {row.id: row.status for row in turns.of_session(connection, session.id)}
        ended = {row.status for row in renders.all_of_user(connection, user.id, 10)}
    failed = [turn_id for turn_id, status in found.items() if status == "failed"]
    assert sorted(failed) == sorted((waiting[0], waiting[2], waiting[6]))
    assert ended == {"failed"}
    assert mending.mend(place) == 0
