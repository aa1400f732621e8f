"""Who asks: the token of a request, and what it may do.

A route gets at its user only through one of the four types below, each of which names the scope that a token
needs there. OpenAPI shows it with the route, and the tests ask every route without it.
"""

import asyncio
from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from saycut.service import accounts
from saycut.service.accounts import User
from saycut.service.errors import ExportBlocked, ScopeMissing, Unauthorized
from saycut.service.plans import EVERYTHING
from saycut.service.workplace import Workplace

_ATTRIBUTION = ("X-Skill-Source", "X-Skill-Version", "X-Skill-Platform")
_LONGEST_HEADER = 200


async def workplace_of(request: Request) -> Workplace:
    """What this application works with."""
    place: Workplace = request.app.state.workplace
    return place


Place = Annotated[Workplace, Depends(workplace_of)]


_bearer = HTTPBearer(
    auto_error=False,
    description="POST /api/auth/anonymous-token gives one. Beside it stands the scope that a route needs.",
)


async def user_of(
    place: Place,
    said: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    needed: SecurityScopes,
) -> User:
    """The user behind the bearer token. Raises Unauthorized, and ScopeMissing when the token may not do this.

    A route that names no scope is open to tokens that may do everything only: what is forgotten is shut.
    """
    if said is None:
        raise Unauthorized()
    token = said.credentials.strip()
    # Looked up in a file in less time than another thread takes to be asked.
    user = _whose(place, token) if place.database.is_sqlite else await asyncio.to_thread(_whose, place, token)
    for scope in needed.scopes or [EVERYTHING]:
        if not user.may(scope):
            raise ScopeMissing(scope=scope)
    return user


def _whose(place: Workplace, token: str) -> User:
    with place.database.reading() as connection:
        return accounts.whose(connection, token)


AskingToRead = Annotated[User, Security(user_of, scopes=["read"])]
AskingToWrite = Annotated[User, Security(user_of, scopes=["write"])]
AskingToUpload = Annotated[User, Security(user_of, scopes=["upload"])]
AskingToRender = Annotated[User, Security(user_of, scopes=["render"])]


def attribution_of(request: Request) -> dict[str, str]:
    """Which skill asks for an export. Raises ExportBlocked when it does not say."""
    said = {name: request.headers.get(name, "").strip()[:_LONGEST_HEADER] for name in _ATTRIBUTION}
    missing = [name for name, value in said.items() if not value]
    if missing:
        raise ExportBlocked(
            reason=f"The header {missing[0]} is missing: an export says which skill asks for it.",
            reason_zh=f"缺少 {missing[0]} 请求头：导出需要注明来源。",
        )
    return said
