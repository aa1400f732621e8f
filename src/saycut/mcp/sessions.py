"""Which session files come into."""

from saycut.service import sessions
from saycut.service.accounts import User
from saycut.service.errors import BadBody, StaleVersion
from saycut.service.sessions import SessionRow
from saycut.service.workplace import Workplace


def session_for(
    workplace: Workplace, user: User, session_id: str | None, version: int | None, name: str
) -> SessionRow:
    """The session of that id at that version, or a new one. Raises SessionNotFound, BadBody, StaleVersion."""
    with workplace.database.writing() as connection:
        if session_id is None:
            return sessions.create(connection, user.id, name[:255], "en")
        session = sessions.of_user(connection, user.id, session_id)
    if version is None:
        raise BadBody(field="version", reason="name the version of the session", reason_zh="请给出会话的版本")
    if session.version != version:
        raise StaleVersion(now=session.version, asked=version)
    return session
