"""A session as clients of the Agent Development Kit see it: its state, and every event in order."""

import json
import re
from typing import Any

import sqlalchemy as sa

from saycut.service import events, sessions, turns
from saycut.service.errors import BadBody
from saycut.service.sessions import SessionRow
from saycut.service.tables import turns as turn_rows

_ALIAS = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_MOST_STATE_BYTES = 256 << 10


def begin(
    connection: sa.Connection, user_id: str, alias: str | None, state: dict[str, Any] | None
) -> SessionRow:
    """A new session, under a name of its client's own if it wants. Raises BadBody, Conflict."""
    if alias is not None and not _ALIAS.fullmatch(alias):
        raise BadBody(
            field="sessionId",
            reason="up to 64 letters, digits and _.:- are taken here",
            reason_zh="最多 64 个字符，只能包含字母、数字和 _.:-",
        )
    made = sessions.create(connection, user_id, "", "en", alias=alias)
    return changed(connection, made, state or {})


def changed(connection: sa.Connection, session: SessionRow, delta: dict[str, Any]) -> SessionRow:
    """The session after a change of its state. Raises BadBody for one that is too large or no JSON."""
    after = sessions.change_state(connection, session, delta)
    try:
        size_bytes = len(json.dumps(json.loads(after.agent_state), allow_nan=False).encode())
    except (ValueError, RecursionError):
        raise BadBody(field="state", reason="it is no JSON", reason_zh="不是有效的 JSON") from None
    if size_bytes > _MOST_STATE_BYTES:
        raise BadBody(
            field="state",
            reason=f"at most {_MOST_STATE_BYTES >> 10} kB are kept",
            reason_zh=f"最多保存 {_MOST_STATE_BYTES >> 10} kB",
        )
    return after


def shown(connection: sa.Connection, session: SessionRow, *, with_events: bool = True) -> dict[str, Any]:
    """The session in the wire format."""
    state = json.loads(session.agent_state)
    if session.version:
        state["version"] = session.version
    return {
        "id": session.alias or session.id,
        "appName": session.app,
        "userId": session.user_id,
        "state": state,
        "events": _events(connection, session.id) if with_events else [],
        "lastUpdateTime": max(session.updated_at_s, _last_turn_s(connection, session.id)),
    }


def kept(told: list[tuple[int, str]]) -> list[dict[str, Any]]:
    """Those of the told events that belong to the history: how far something was does not."""
    read = [json.loads(body) for _, body in told]
    return [event for event in read if not event.get("partial")]


def _events(connection: sa.Connection, session_id: str) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = []
    for turn in turns.of_session(connection, session_id):
        shown.append(events.said(turn.id, turn.text, turn.created_at_s))
        shown += kept(turns.told_after(connection, turn.id, 0))
    return shown


def _last_turn_s(connection: sa.Connection, session_id: str) -> float:
    at_s = sa.func.coalesce(turn_rows.c.ended_at_s, turn_rows.c.created_at_s)
    newest = connection.execute(sa.select(sa.func.max(at_s)).where(turn_rows.c.session_id == session_id))
    return newest.scalar() or 0.0
