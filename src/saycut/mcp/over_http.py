"""The door over HTTP: beside the other routes of a service, for whoever has a token there."""

import asyncio
from contextlib import AbstractAsyncContextManager

from mcp.server.transport_security import TransportSecuritySettings
from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from saycut.mcp.desk import ASKING, Desk
from saycut.mcp.remote import Remote
from saycut.mcp.server import server
from saycut.service import accounts
from saycut.service.accounts import User
from saycut.service.errors import Unauthorized
from saycut.service.workplace import Workplace

_UNAUTHORIZED = -32001  # in the range that JSON-RPC leaves to servers


class Door:
    """Streamable HTTP at `path`. Nothing is kept between requests: any server of the same database answers.

    Names and origins are checked by the application around it, as for every route.
    """

    path = "/mcp"

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace
        desk = Desk(workplace)
        made = server(desk, Remote(desk))
        made.streamable_http_app(
            stateless_http=True,
            transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
        )
        self._manager = made.session_manager

    def running(self) -> AbstractAsyncContextManager[None]:
        """Entered as long as the application answers."""
        return self._manager.run()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        scope["route"] = self  # as it is counted and logged
        if scope["method"] != "POST":  # there is no stream to listen to, and no session to end
            refused = _refusal("Send requests with POST.", 405, {"Allow": "POST"})
            await refused(scope, receive, send)
            return
        try:
            scope[ASKING] = await asyncio.to_thread(self._asking, Headers(scope=scope))
        except Unauthorized as error:
            refused = _refusal(error.sentence("en"), 401, {"WWW-Authenticate": "Bearer"})
            await refused(scope, receive, send)
            return
        await self._manager.handle_request(scope, receive, send)

    def _asking(self, headers: Headers) -> User:
        kind, _, token = headers.get("authorization", "").partition(" ")
        with self._workplace.database.reading() as connection:
            return accounts.whose(connection, token.strip() if kind.lower() == "bearer" else None)


def _refusal(message: str, status: int, headers: dict[str, str]) -> JSONResponse:
    error = {"code": _UNAUTHORIZED, "message": message}
    return JSONResponse({"jsonrpc": "2.0", "id": None, "error": error}, status, headers)
