"""Undo, redo and versions, at services that keep a history with routes of its own (ours does)."""

from collections.abc import Callable, Generator
from typing import Literal

from saycut.client import said
from saycut.client.connection import Connection
from saycut.client.failures import Refused
from saycut.client.refusals import Remedy
from saycut.client.shown import Shown, Text
from saycut.client.wire import Json

Move = Literal["undo", "redo"]
_NO_SESSION: frozenset[Remedy] = frozenset({"new_session"})


def moved(connection: Connection, how: Move) -> Generator[Shown, None, bool]:
    """One turn back or forward; False where the service has no such route."""
    told = yield from _asked(
        connection, lambda: connection.wire.move(connection.session_id, how, {"steps": 1})
    )
    if told is None:
        return False
    present = next((s for s in _states(told) if s.get("place") == told.get("place")), {})
    done = said.UNDONE if how == "undo" else said.REDONE
    yield Text(f"{done.said(connection.language)}\n{present.get('summary', '')}".strip())
    return True


def versions(connection: Connection) -> Generator[Shown, None, None]:
    """Every state, a line each; the present one is marked, and what lies beside its line."""
    told = yield from _asked(connection, lambda: connection.wire.history(connection.session_id))
    if told is None:
        yield Text(said.UNKNOWN_HERE.said(connection.language))
        return
    for state in _states(told):
        here = state.get("place") == told.get("place")
        mark = "→" if here else " " if state.get("on_line", True) else "·"
        name = f" “{state['name']}”" if state.get("name") else ""
        words = f" {state['said']}" if state.get("said") else ""
        yield Text(f"{mark} {state.get('place')}{name}{words}: {state.get('summary', '')}")


def version(connection: Connection, name: str, *, restore: bool) -> Generator[Shown, None, bool]:
    """Give the present state that name, or go to the state of that name; whether it was done."""
    how = "versions/restore" if restore else "versions"
    told = yield from _asked(
        connection, lambda: connection.wire.move(connection.session_id, how, {"name": name})
    )
    if told is None:
        words = said.NO_VERSION if restore else said.UNKNOWN_HERE
    else:
        words = said.RESTORED if restore else said.NAMED
    yield Text(words.said(connection.language, name=name))
    return told is not None


def _asked(connection: Connection, ask: Callable[[], Json]) -> Generator[Shown, None, Json | None]:
    """The answer, or None where there is no such route, or no such version."""
    try:
        return (yield from connection.asked(ask, without=_NO_SESSION))
    except Refused as refused:
        if refused.status in (404, 405):
            return None
        raise


def _states(told: Json) -> list[Json]:
    states = told.get("states")
    return [state for state in states if isinstance(state, dict)] if isinstance(states, list) else []
