"""Moving in the history of a session without words: undo, redo, and versions with names. Always free.

Each is one transaction. While a turn is waited for, nothing moves: its result would lie on another state
than the one it was asked for.
"""

from collections.abc import Callable

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


def history_of(workplace: Workplace, user_id: str, session_id: str) -> tuple[SessionRow, History]:
    """The session with its history. Raises SessionNotFound."""
    with workplace.database.reading() as connection:
        session = sessions.of_user(connection, user_id, session_id)
        return session, sessions.history(connection, session)


def undone(
    workplace: Workplace, user_id: str, session_id: str, steps: int, version: int | None = None
) -> tuple[SessionRow, History]:
    """So many turns back, at most to the beginning; with `version` only from that one.

    Raises SessionNotFound, Conflict, StaleVersion.
    """
    return _moved(workplace, user_id, session_id, lambda history: history.undone(steps), version)


def redone(workplace: Workplace, user_id: str, session_id: str, steps: int) -> tuple[SessionRow, History]:
    """So many turns forward again, at most to the newest. Raises SessionNotFound, Conflict."""
    return _moved(workplace, user_id, session_id, lambda history: history.redone(steps))


def named(workplace: Workplace, user_id: str, session_id: str, name: str) -> tuple[SessionRow, History]:
    """The present state under a name; a name used before moves here. Raises SessionNotFound, Conflict."""
    return _moved(workplace, user_id, session_id, lambda history: history.named(name))


def at_version(workplace: Workplace, user_id: str, session_id: str, name: str) -> tuple[SessionRow, History]:
    """Back, or forward, to the state of that name. Raises SessionNotFound, VersionNotFound, Conflict."""

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
) -> tuple[SessionRow, History]:
    with workplace.database.writing() as connection:
        session = sessions.of_user(connection, user_id, session_id)
        if version is not None:
            sessions.check_version(session, version)
        turns.check_idle(connection, session.id)
        before = sessions.history(connection, session)
        after = move(before)
        if after != before:
            sessions.keep_history(connection, session, before, after)
        return sessions.of_user(connection, user_id, session.id), after
