"""Which session files come into."""

from collections.abc import Iterator
from contextlib import contextmanager

from saycut.service import sessions
from saycut.service.accounts import User
from saycut.service.errors import BadBody
from saycut.service.sessions import SessionRow
from saycut.service.workplace import Workplace


@contextmanager
def session_for(
    workplace: Workplace, user: User, session_id: str | None, version: int | None, name: str
) -> Iterator[SessionRow]:
    """The session of that id at that version, or a new one, which is gone again when nothing comes into it.

    Raises SessionNotFound, BadBody, StaleVersion.
    """
    if session_id is not None:
        yield _known(workplace, user, session_id, version)
        return
    with workplace.database.writing() as connection:
        made = sessions.create(connection, user.id, name[:255], "en")
    try:
        yield made
    except BaseException:
        with workplace.database.writing() as connection:
            sessions.delete(connection, made)
        raise


def _known(workplace: Workplace, user: User, session_id: str, version: int | None) -> SessionRow:
    with workplace.database.reading() as connection:
        session = sessions.of_user(connection, user.id, session_id)
    if version is None:
        raise BadBody(field="version", reason="name the version of the session", reason_zh="请给出会话的版本")
    sessions.check_version(session, version)
    return session
