"""The envelope that every answer of a compatible route comes in (API.md, envelope and codes).

Errors of `/api/v1/` are problem details instead; which of the two is decided here, by the path.
"""

from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse

from saycut.errors import DiskFull, Internal, LimitExceeded, SaycutError, Unreadable, Unsupported
from saycut.http.problems import MEDIA_TYPE as PROBLEM
from saycut.http.problems import problem
from saycut.service.errors import ServiceError
from saycut.service.room import NoRoom, is_full

_OURS = "/api/v1/"
_STRANGER = "A name or an origin that is not served."
_SCOPE = "A token without the scope that is needed here, or a name or an origin that is not served."

# Errors of the rooms below, as clients of the cloud service know them: (code, HTTP status).
_KNOWN: tuple[tuple[type[SaycutError], tuple[int, int]], ...] = (
    (LimitExceeded, (4002, 413)),
    (Unreadable, (4001, 415)),
    (Unsupported, (4001, 415)),
)


def ok(data: Any) -> JSONResponse:
    """Success."""
    return JSONResponse({"code": 0, "message": "ok", "data": data})


def wire_code(error: SaycutError) -> tuple[int, int]:
    """(code in the envelope, HTTP status) of an error."""
    if isinstance(error, ServiceError):
        return error.wire_code, error.http_status
    for kind, known in _KNOWN:
        if isinstance(error, kind):
            return known
    return error.http_status, error.http_status


def refused(error: SaycutError, language: str = "en", **data: Any) -> JSONResponse:
    """An error, in one sentence, with what can be done about it."""
    code, status = wire_code(error)
    body: dict[str, Any] = {"code": code, "message": _sentence(error, language)}
    if data:
        body["data"] = data
    if "session_id" in error.facts:  # as clients of the Agent Development Kit know it
        body["detail"] = f"Session not found: {error.facts['session_id']}"
    return JSONResponse(body, status_code=status, headers=_headers(error, status))


def answered(request: Request, error: SaycutError) -> JSONResponse:
    """An error as clients of that path expect it; where a disk is full is not said."""
    if isinstance(error, DiskFull):
        error = NoRoom()
    language = language_of(request)
    if not _is_ours(request):
        return refused(error, language)
    code, status = wire_code(error)
    return problem(error.code, status, _sentence(error, language), code, _headers(error, status))


def said(request: Request, status: int, message: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """A refusal that is decided before any route."""
    if _is_ours(request):
        return problem(f"http_{status}", status, message, status, headers or {})
    return JSONResponse({"code": status, "message": message}, status_code=status, headers=headers)


def refused_before(path: str, needs_token: bool) -> dict[str, dict[str, Any]]:
    """What OpenAPI says of the refusals that do not depend on the route of that path."""
    ours = path.startswith(_OURS)
    schema = {"$ref": f"#/components/schemas/{'Problem' if ours else 'Refusal'}"}
    content = {PROBLEM if ours else "application/json": {"schema": schema}}
    return {
        "403": {"description": _SCOPE if needs_token else _STRANGER, "content": content},
        "413": {"description": "The body is too long.", "content": content},
        "507": {
            "description": "No room on the disk of the service; nothing was changed.",
            "content": content,
        },
    }


def _is_ours(request: Request) -> bool:
    return request.url.path.startswith(_OURS)


def _sentence(error: SaycutError, language: str) -> str:
    return f"{error.sentence(language)} {error.hint(language)}".strip()


def _headers(error: SaycutError, status: int) -> dict[str, str]:
    headers = {}
    if "retry_after_s" in error.facts:
        headers["Retry-After"] = str(error.facts["retry_after_s"])
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return headers


def language_of(request: Request) -> str:
    """Of messages, as the client prefers."""
    preferred = request.headers.get("accept-language", "").strip().lower()
    return "zh" if preferred.startswith("zh") else "en"


async def on_error(request: Request, error: Exception) -> JSONResponse:
    """What every error becomes; nothing of the inside is ever said."""
    if isinstance(error, SaycutError):
        return answered(request, error)
    return answered(request, Internal(reason="this request could not be carried out"))


async def on_no_room(request: Request, error: Exception) -> JSONResponse:
    """A full disk, whether it is the store's or the database's; every other fault is left to `on_error`."""
    if not is_full(error):
        raise error
    return answered(request, NoRoom())
