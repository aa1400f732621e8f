"""Moving in the history of a session without words: undo, redo, and versions with names. Always free.

Each is one transaction. While a turn is waited for, nothing moves: its result would lie on another state
than the one it was asked for.
"""

from collections.abc import Callable

import msgspec
import sqlalchemy as sa

from saycut.service import sessions, turns
from saycut.service.errors import ServiceError
from saycut.service.sessions import SessionRow
from saycut.service.workplace import Workplace
from saycut.timeline.history import History


class VersionNotFound(ServiceError):
    """A name that no state of the session has. Facts: name."""

    code = "version_not_found"
    wire_code = 404
    http_status = 404
    exit_code = 4
    sentence_en = "There is no version “{name}”."
    sentence_zh = "没有名为“{name}”的版本。"
    hint_en = ""
    hint_zh = ""


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """A session with its history; `turns` led to the states, by place, and `open_turn` is waited for."""

    session: SessionRow
    history: History
    turns: dict[int, str]
    open_turn: str | None


def past_of(workplace: Workplace, user_id: str, session_id: str) -> Past:
    """As it is. Raises SessionNotFound."""
    with workplace.database.reading() as connection:
        return _past(connection, sessions.of_user(connection, user_id, session_id))


def undone(
    workplace: Workplace, user_id: str, session_id: str, steps: int, version: int | None = None
) -> Past:
    """So many turns back, at most to the beginning; with `version` only from that one.

    Raises SessionNotFound, Conflict, StaleVersion.
    """
    return _moved(workplace, user_id, session_id, lambda history: history.undone(steps), version)


def redone(workplace: Workplace, user_id: str, session_id: str, steps: int) -> Past:
    """So many turns forward again, at most to the end of the line. Raises SessionNotFound, Conflict."""
    return _moved(workplace, user_id, session_id, lambda history: history.redone(steps))


def gone_to(workplace: Workplace, user_id: str, session_id: str, place: int) -> Past:
    """To any state, on whichever branch. Raises SessionNotFound, BadBody, Conflict."""
    return _moved(workplace, user_id, session_id, lambda history: sessions.at_place(history, place))


def named(workplace: Workplace, user_id: str, session_id: str, name: str) -> Past:
    """The present state under a name; a name used before moves here. Raises SessionNotFound, Conflict."""
    return _moved(workplace, user_id, session_id, lambda history: history.named(name))


def at_version(workplace: Workplace, user_id: str, session_id: str, name: str) -> Past:
    """To the state of that name. Raises SessionNotFound, VersionNotFound, Conflict."""

    def there(history: History) -> History:
        try:
            return history.at_version(name)
        except KeyError:
            raise VersionNotFound(name=name) from None

    return _moved(workplace, user_id, session_id, there)


def _moved(
    workplace: Workplace,
    user_id: str,
    session_id: str,
    move: Callable[[History], History],
    version: int | None = None,
) -> Past:
    with workplace.database.writing() as connection:
        session = sessions.of_user(connection, user_id, session_id)
        if version is not None:
            sessions.check_version(session, version)
        turns.check_idle(connection, session.id)
        before = sessions.outline(connection, session)
        after = move(before)
        if after != before:
            sessions.keep_history(connection, session, before, after)
        return _past(connection, sessions.of_user(connection, user_id, session.id))


def _past(connection: sa.Connection, session: SessionRow) -> Past:
    return Past(
        session=session,
        history=sessions.history(connection, session),
        turns=sessions.led_by(connection, session),
        open_turn=turns.open_of(connection, session.id),
    )
