"""What the task of a turn is asked, and what becomes of its answer."""

from typing import Any

import sqlalchemy as sa

from saycut.language.understand import Step
from saycut.service import events, hooks, ledger, sessions, telling, turns
from saycut.service.planning import Planned
from saycut.service.sessions import SessionRow
from saycut.service.task import history_data, history_of
from saycut.service.tasks import media
from saycut.service.turns import TurnRow
from saycut.service.workplace import Workplace
from saycut.studio.bringing import with_files
from saycut.studio.opening import asset_of
from saycut.timeline.history import History


def request_for(workplace: Workplace, turn_id: str, steps: list[dict[str, Any]]) -> dict[str, Any]:
    """What the task of a turn is asked."""
    with workplace.database.reading() as connection:
        turn = turns.of_id(connection, turn_id)
        assert turn is not None
        session = sessions.of_user(connection, turn.user_id, turn.session_id)
        history = _history_for(connection, session, turn, steps)
        rows = sessions.assets_of(connection, session.id)
    return {
        "kind": "turn",
        "files": [row.id for row in rows],  # of the same moment as the history
        **media(workplace, rows),
        "history": history_data(history),
        "stood": session.place,
        "steps": steps,
        "said": turn.text,
    }


def _history_for(
    connection: sa.Connection, session: SessionRow, turn: TurnRow, steps: list[dict[str, Any]]
) -> History:
    """The history where the turn begins (at the state that it was asked for, else at the present one), with
    the projects of the states that its steps can come to."""
    begun = _begun(sessions.outline(connection, session), turn)
    here, places = begun, {begun.place}
    for each in steps:
        if each["op"] in ("undo", "redo"):
            here = here.walked(each["op"], each["args"].get("steps", 1))
            places.add(here.place)
    if places == {session.place}:
        return begun
    return _begun(sessions.outline(connection, session, *places), turn)


def _begun(history: History, turn: TurnRow) -> History:
    return history if turn.on_place is None else history.to(turn.on_place)


def settle(workplace: Workplace, turn_id: str, done: dict[str, Any], plan: Planned) -> None:
    """Keep the new history, spend what is held, and say what changed: all of it, or nothing."""
    made = history_of(done["history"])
    # A worker of before gave the whole history back; of a plan it gained one entry.
    began = done.get("began", len(made.entries) - bool(done["described"]))
    more = made.entries[-1:] if done["described"] else ()
    with workplace.database.writing() as connection:
        turn = turns.of_id(connection, turn_id)
        if turn is None or not turns.is_open(connection, turn_id):
            return
        session = sessions.of_user(connection, turn.user_id, turn.session_id)
        before = sessions.outline(connection, session)
        # What was uploaded while the turn ran lies beside it.
        after = before.joined(began, more, made.place, made.tip)
        came = [row for row in sessions.assets_of(connection, session.id) if row.id not in done["files"]]
        if came:  # uploaded while the turn ran
            brought = [asset_of(row.source_of(workplace.store), row.id) for row in came]
            stands = after.project if more else sessions.project_at(connection, session, after.place)
            after = after.then(with_files(stands, brought), "")
        # An undo leads to no state of its own: what is new then is only what was uploaded.
        led_by = turn_id if more else None
        version = sessions.keep_history(
            connection, session, before, after, steps=done["steps"], turn_id=led_by
        )
        spent = ledger.capture if done.get("changed", True) else ledger.release
        spent(connection, turn_id)  # a turn that changed nothing costs nothing
        words = telling.changed(done)
        if plan.refused:
            words = telling.joined([words, *plan.refused], "\n", "\n")
        turns.tell(
            connection,
            turn_id,
            "end",
            events.text(
                turn_id,
                words.said(plan.language),
                turnComplete=True,
                state_delta={"version": version},
                customMetadata={"receipt": {"operations": done["steps"]}},
            ),
        )
        steps = tuple(Step(each["op"], each["args"]) for each in plan.steps)
        turns.end(connection, turn_id, "done", steps)
        hooks.turn_ended(connection, workplace.jobs, turn_id)
