"""What all tools work with: the service, and who asks for what."""

from typing import Any

from mcp.server.mcpserver import Context

from saycut.mcp.shapes import Timeline
from saycut.service import sessions
from saycut.service.accounts import User
from saycut.service.errors import ScopeMissing, Unauthorized
from saycut.service.previews import Previews
from saycut.service.workplace import Workplace

ASKING = "saycut.user"  # where the HTTP door leaves who asks
Asked = Context[Any, Any]


class Desk:
    """One for a door. Over stdio all is for `user`, over HTTP for whoever a request's token is of."""

    def __init__(self, workplace: Workplace, user: User | None = None) -> None:
        self.workplace = workplace
        self.previews = Previews(workplace)
        self._user = user

    def user(self, context: Asked, scope: str) -> User:
        """Who asks. Raises Unauthorized, ScopeMissing."""
        user = self._user
        if user is None:
            request = context.request_context.request
            user = None if request is None else request.scope.get(ASKING)
        if not isinstance(user, User):
            raise Unauthorized()
        if not user.may(scope):
            raise ScopeMissing(scope=scope)
        return user

    def timeline(self, user: User, session_id: str) -> Timeline:
        """A session as it is. Raises SessionNotFound."""
        with self.workplace.database.reading() as connection:
            session = sessions.of_user(connection, user.id, session_id)
            history = sessions.history(connection, session)
            rows = list(sessions.assets_of(connection, session.id))
        return Timeline.of(session, history, rows)
