"""Tokens, claims and credits."""

import ipaddress
import time
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from saycut.http.answers import CLIENT, Balance, ClaimToken, Envelope, IssuedToken, told
from saycut.http.asking import AskingToRead, AskingToWrite, Place
from saycut.http.envelope import ok
from saycut.service import accounts, ledger, sessions
from saycut.service.plans import TOKEN_DAYS

router = APIRouter(tags=["accounts"])
_WEEK_S = TOKEN_DAYS * 24 * 3600


@router.post(
    "/api/auth/anonymous-token",
    operation_id="anonymous_token",
    responses=told(Envelope[IssuedToken], 400, 429),
    openapi_extra=CLIENT,
)
def anonymous_token(request: Request, place: Place) -> JSONResponse:
    """A token with 100 credits for a client that sends its X-Client-Id."""
    with place.database.writing() as connection:
        issued = accounts.anonymous_token(
            connection, request.headers.get("x-client-id"), _counted_address(request)
        )
        has = ledger.balance(connection, issued.user_id)
    return ok(
        {
            "token": issued.token,
            "user_id": issued.user_id,
            "credits": has.available,
            "expires_at": _iso(issued.expires_at_s),
        }
    )


class Claim(BaseModel):
    """Which session a claim token opens."""

    task_id: str | None = None
    session_id: str


@router.post(
    "/api/auth/claim-token",
    operation_id="claim_token",
    responses=told(Envelope[ClaimToken], 401, 404, 422),
)
def claim_token(body: Claim, user: AskingToWrite, place: Place) -> JSONResponse:
    """A token that opens one session in a browser and nothing else."""
    with place.database.writing() as connection:
        session = sessions.of_user(connection, user.id, body.session_id)
        issued = accounts.issue(
            connection,
            user.id,
            kind="claim",
            scopes="read",
            session_id=session.id,
            expires_at_s=time.time() + _WEEK_S,
        )
    return ok({"claim_token": issued.token, "expires_in": _WEEK_S})


@router.get(
    "/api/credits/balance/simple",
    operation_id="credits_balance",
    responses=told(Envelope[Balance], 401),
)
def credits_balance(user: AskingToRead, place: Place) -> JSONResponse:
    """What the user has."""
    with place.database.reading() as connection:
        has = ledger.balance(connection, user.id)
    answer: dict[str, Any] = {"available": has.available, "frozen": has.frozen, "total": has.total}
    return ok(answer)


def _counted_address(request: Request) -> str:
    """The client's address when it is one that is counted: loopback is not."""
    host = request.client.host if request.client is not None else ""
    try:
        return "" if ipaddress.ip_address(host).is_loopback else host
    except ValueError:
        return host


def _iso(time_s: float | None) -> str | None:
    return None if time_s is None else datetime.fromtimestamp(time_s, UTC).isoformat()
