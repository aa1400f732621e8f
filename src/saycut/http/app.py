"""The web application: routes, limits, headers. It serves and queues; workers do the work."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any, Protocol

import anyio.to_thread
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.telemetry import TelemetryConfig
from sqlalchemy.exc import DataError, OperationalError
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from saycut import __version__
from saycut.errors import SaycutError
from saycut.http import page, watching
from saycut.http.envelope import answered, on_error, on_no_room, refused_before, said
from saycut.http.problems import Problem
from saycut.http.routes import accounts, agent, conversation, editing, exporting, pages, v1
from saycut.service.errors import BadBody
from saycut.service.glances import Glances
from saycut.service.levels import Levels
from saycut.service.preflights import Preflights
from saycut.service.previews import Previews
from saycut.service.workplace import Workplace

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'",
}
_DESCRIPTION = (
    "Say what your clip should sound like; get it back ready to post. Answers of the routes outside of "
    "`/api/v1/` come in an envelope with a code; errors of those inside are problem details (RFC 9457)."
)
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_MOST_JSON_BYTES = 16 << 20
_THREADS = 8
_THREADS_AT_A_FILE = 2  # more would only wait for each other (measured: benchmarks/service.py)
# The framework's own would send addresses, with the ids and signatures in them, and texts of errors to
# whatever collector the environment names.
_NO_TELEMETRY: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}


class _Described(FastAPI):
    """With what OpenAPI says beyond the routes."""

    def openapi(self) -> dict[str, Any]:
        document = super().openapi()
        document["components"]["schemas"].setdefault("Problem", Problem.model_json_schema())
        for path, methods in document["paths"].items():
            for operation in methods.values():
                refusal = refused_before(path, "security" in operation)
                for status, answer in refusal.items():
                    operation["responses"].setdefault(status, answer)
        return document


class Door(Protocol):
    """Something else that answers at a path of this application, behind the same checks."""

    path: str

    def running(self) -> AbstractAsyncContextManager[None]:
        """Entered as long as the application answers."""
        ...

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        ...


def application(workplace: Workplace, doors: Sequence[Door] = ()) -> FastAPI:
    """Everything over HTTP, at this workplace, with `doors` beside."""

    @asynccontextmanager
    async def answering(_: FastAPI) -> AsyncIterator[None]:
        few = workplace.database.is_sqlite
        limiter = anyio.to_thread.current_default_thread_limiter()
        limiter.total_tokens = _THREADS_AT_A_FILE if few else _THREADS
        async with AsyncExitStack() as stack:
            for door in doors:
                await stack.enter_async_context(door.running())
            yield

    app = _Described(
        lifespan=answering,
        title="Saycut",
        version=__version__,
        description=_DESCRIPTION,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        docs_url=None,
        max_body_size=_MOST_JSON_BYTES,  # counted while bytes arrive; uploads have limits of their own
        redoc_url=None,
        telemetry=_NO_TELEMETRY,
    )
    app.state.workplace = workplace
    app.state.glances = Glances(workplace)
    app.state.levels = Levels(workplace)
    app.state.previews = Previews(workplace)
    app.state.preflights = Preflights(workplace)
    for routes in (accounts, editing, conversation, exporting, pages, agent, v1):
        app.include_router(routes.router)
    app.include_router(watching.router)
    app.include_router(page.router)
    app.router.routes += [Route(door.path, door, include_in_schema=False) for door in doors]
    app.state.metrics = watching.Metrics(workplace)
    app.state.page = page.Page()
    app.add_exception_handler(SaycutError, on_error)
    app.add_exception_handler(Exception, on_error)
    app.add_exception_handler(RequestValidationError, _not_understood)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(DataError, _not_kept)
    app.add_exception_handler(OSError, on_no_room)
    app.add_exception_handler(OperationalError, on_no_room)
    app.add_exception_handler(UnicodeEncodeError, _not_kept)
    app.add_middleware(Guard)
    app.add_middleware(watching.Watched)
    return app


class Guard:
    """Refuse other sites' pages; add the headers that keep browsers strict."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def strict(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        request = Request(scope)
        stranger = _strange_host(request) or _strange_origin(request)
        answer = self._app if stranger is None else said(request, 403, stranger)
        await answer(scope, receive, strict)


def _strange_host(request: Request) -> str | None:
    """A page elsewhere can point its own name at this machine; only our own names are answered."""
    settings = request.app.state.workplace.settings
    host = request.headers.get("host", "").rsplit(":", 1)[0] if request.headers.get("host") else ""
    public = settings.public_url.partition("://")[2].partition("/")[0].rsplit(":", 1)[0]
    known = {*_LOOPBACK, settings.host, public} - {""}
    return None if host in known or settings.host in ("0.0.0.0", "::") else "This name is not served here."


def _strange_origin(request: Request) -> str | None:
    """Browsers say which site a request comes from: only our own may ask."""
    origin = request.headers.get("origin")
    if origin is None or origin == "null":
        return None if origin is None else "This origin may not ask here."
    same = origin.partition("://")[2] == request.headers.get("host")
    settings = request.app.state.workplace.settings
    return None if same or origin == settings.public_url else "This origin may not ask here."


async def _not_understood(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"] if part != "body") or "body"
    return answered(request, BadBody(field=field, reason=first["msg"], reason_zh="格式不正确"))


async def _not_kept(request: Request, _: Exception) -> JSONResponse:
    """Text that no database keeps: NUL, or half a surrogate pair."""
    reason = "it holds characters that are not taken"
    return answered(request, BadBody(field="body", reason=reason, reason_zh="含有不支持的字符"))


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if error.status_code == 400:  # the framework's word for a body that cannot be read at all
        return answered(request, BadBody(field="body", reason="it cannot be read", reason_zh="无法读取"))
    return said(request, error.status_code, error.detail, dict(error.headers or {}))
