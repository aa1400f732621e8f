"""Stopping what was asked for. It is settled here, at once and for good: the hold is given back, the stream
ends with words, the row says so. The worker sees that within a moment and stops the work behind it.

Nothing is left to the job itself: the engine ends one that runs without a chance to put anything in order,
and with a traceback in the log. So only what waits is taken out of its queue; what runs sees that nobody
wants it any more (`tasks.lines`), and what is begun too late does nothing.
"""

import json
import re

import sqlalchemy as sa

from saycut.service import events, hooks, ledger, renders, sessions, telling, turns
from saycut.service.renders import RenderRow
from saycut.service.turns import TurnRow
from saycut.service.workplace import Workplace

_HAN = re.compile(r"[\u3400-\u9fff]")


def cancel_turn(workplace: Workplace, user_id: str, turn_id: str) -> TurnRow:
    """The turn, which is over now; one that was over already stays what it was. Raises TurnNotFound."""
    with workplace.database.writing() as connection:
        asked = turns.of_user(connection, user_id, turn_id)
        stopped = _turn_stopped(workplace, connection, asked)
        turn = turns.of_user(connection, user_id, turn_id)
    if stopped and asked.status == "queued":
        workplace.jobs.cancel(turn_id)
    return turn


def cancel_render(workplace: Workplace, user_id: str, render_id: str) -> RenderRow:
    """The render, which is over now; one that was over already stays what it was. Raises RenderNotFound."""
    with workplace.database.writing() as connection:
        asked = renders.of_user(connection, user_id, render_id)
        stopped = _render_stopped(workplace, connection, asked.workflow_id)
        row = renders.of_user(connection, user_id, render_id)
    if stopped and asked.status == "pending":
        workplace.jobs.cancel(row.workflow_id)
    return row


def delete_session(workplace: Workplace, user_id: str, session_id: str) -> None:
    """Take a session out of sight, with everything that is still done for it. Raises SessionNotFound."""
    with workplace.database.writing() as connection:
        session = sessions.of_user(connection, user_id, session_id)
        waiting = [turn for turn in turns.of_session(connection, session.id) if not turn.is_over]
        running = renders.open_of_session(connection, session.id)
        for turn in waiting:
            _turn_stopped(workplace, connection, turn)
        for workflow_id in running:
            _render_stopped(workplace, connection, workflow_id)
        sessions.delete(connection, session)


def abandon_turn(workplace: Workplace, turn_id: str, was_cancelled: bool) -> bool:
    """Settle a turn that nobody works on any more; False when it is settled."""
    with workplace.database.writing() as connection:
        turn = turns.of_id(connection, turn_id)
        return turn is not None and _turn_stopped(workplace, connection, turn, failed=not was_cancelled)


def abandon_render(workplace: Workplace, workflow_id: str, was_cancelled: bool) -> bool:
    """Settle a render that nobody works on any more; False when it is settled."""
    with workplace.database.writing() as connection:
        return _render_stopped(workplace, connection, workflow_id, failed=not was_cancelled)


def _render_stopped(
    workplace: Workplace, connection: sa.Connection, workflow_id: str, *, failed: bool = False
) -> bool:
    fault = telling.FAULT
    error = json.dumps({"code": "internal", "en": fault.en, "zh": fault.zh}, ensure_ascii=False)
    told = {"error": error} if failed else {}
    stopped = renders.end(connection, workflow_id, "failed" if failed else "cancelled", **told)
    if stopped:
        hooks.render_ended(connection, workplace.jobs, workflow_id)
    return stopped


def _turn_stopped(
    workplace: Workplace, connection: sa.Connection, turn: TurnRow, *, failed: bool = False
) -> bool:
    if not turns.is_open(connection, turn.id):
        return False
    words, code = (telling.FAULT, "internal") if failed else (telling.STOPPED, "cancelled")
    said = words.said("zh" if _HAN.search(turn.text) else "en")
    ledger.release(connection, turn.id)
    turns.tell(connection, turn.id, "error", events.error(turn.id, code, said))
    turns.tell(connection, turn.id, "end", events.text(turn.id, said, turnComplete=True))
    turns.end(connection, turn.id, "failed" if failed else "cancelled")
    hooks.turn_ended(connection, workplace.jobs, turn.id)
    return True
