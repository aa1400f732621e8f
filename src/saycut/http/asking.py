"""Who asks: the token of a request, and what it may do."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from saycut.service import accounts
from saycut.service.accounts import User
from saycut.service.errors import ExportBlocked, Unauthorized
from saycut.service.workplace import Workplace

_ATTRIBUTION = ("X-Skill-Source", "X-Skill-Version", "X-Skill-Platform")
_LONGEST_HEADER = 200


def workplace_of(request: Request) -> Workplace:
    """What this application works with."""
    place: Workplace = request.app.state.workplace
    return place


Place = Annotated[Workplace, Depends(workplace_of)]


_bearer = HTTPBearer(auto_error=False, description="POST /api/auth/anonymous-token gives one.")


def user_of(place: Place, said: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> User:
    """The user behind the bearer token. Raises Unauthorized."""
    if said is None:
        raise Unauthorized()
    with place.database.reading() as connection:
        return accounts.whose(connection, said.credentials.strip())


Asking = Annotated[User, Depends(user_of)]


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
