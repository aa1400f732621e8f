"""What an operator watches: liveness, readiness, metrics, and a line of log for every request."""

import time
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from saycut.http.asking import Place
from saycut.service import tracing
from saycut.service.logs import log
from saycut.service.tables import holds, renders, turns, workers
from saycut.service.tracing import Traced
from saycut.service.workplace import Workplace

router = APIRouter(include_in_schema=False)
_ALIVE_S = 10.0
_TRACE_HEADERS = ("traceparent", "tracestate")
_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60)


class Metrics:
    """The figures of one application."""

    def __init__(self, workplace: Workplace) -> None:
        self.registry = CollectorRegistry()
        self.requests = Histogram(
            "saycut_request_seconds",
            "How long requests took until the answer began, by route and status",
            ("route", "status"),
            registry=self.registry,
            buckets=_BUCKETS_S,
        )
        self.registry.register(_Jobs(workplace))


class _Jobs(Collector):
    """Counted in the database when somebody asks: the same in every process."""

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace

    def describe(self) -> Iterator[Metric]:
        return iter(())

    def collect(self) -> Iterator[Metric]:
        for name, told, table in (("turns", "Turns", turns), ("renders", "Renders", renders)):
            gauge = GaugeMetricFamily(f"saycut_{name}", f"{told} by status", labels=["status"])
            for status, count in self._rows(
                sa.select(table.c.status, sa.func.count()).group_by(table.c.status)
            ):
                gauge.add_metric([status], count)
            yield gauge
        held = sa.select(sa.func.coalesce(sa.func.sum(holds.c.amount), 0)).where(holds.c.state == "held")
        yield GaugeMetricFamily("saycut_credits_held", "Credits on hold", value=self._rows(held)[0][0])
        alive = sa.select(sa.func.count()).where(workers.c.beat_at_s > time.time() - _ALIVE_S)
        yield GaugeMetricFamily(
            "saycut_workers", "Workers heard of in ten seconds", value=self._rows(alive)[0][0]
        )

    def _rows(self, query: sa.Select[Any]) -> list[tuple[Any, ...]]:
        with self._workplace.database.reading() as connection:
            return [tuple(row) for row in connection.execute(query)]


@router.get("/healthz")
def alive() -> JSONResponse:
    """This process answers."""
    return JSONResponse({"status": "ok"})


@router.get("/readyz")
def ready(place: Place) -> JSONResponse:
    """Work that comes now is taken: the database answers, and a worker was heard of."""
    try:
        with place.database.reading() as connection:
            alive = sa.select(sa.func.count()).where(workers.c.beat_at_s > time.time() - _ALIVE_S)
            count = connection.execute(alive).scalar_one()
    except sa.exc.SQLAlchemyError:
        return JSONResponse({"status": "no database"}, 503)
    if count == 0:
        return JSONResponse({"status": "no worker"}, 503)
    return JSONResponse({"status": "ok", "workers": count})


@router.get("/metrics")
def metrics(request: Request) -> Response:
    """Prometheus' text format."""
    return Response(generate_latest(request.app.state.metrics.registry), media_type=CONTENT_TYPE_LATEST)


class Watched:
    """Counts and logs a request by its route, never by what stands in the address."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun_s = time.monotonic()
        asked = {name: value for name, value in Headers(scope=scope).items() if name in _TRACE_HEADERS}
        with tracing.span(scope["method"], of=asked, kind="server") as span:

            async def noted(message: Message) -> None:
                if message["type"] == "http.response.start":
                    _note(scope, span, message["status"], time.monotonic() - begun_s)
                await send(message)

            await self._app(scope, receive, noted)


def _note(scope: Scope, span: Traced, status: int, took_s: float) -> None:
    method, route = scope["method"], route_of(scope)
    span.name(f"{method} {route}")
    span.tell(http__request__method=method, http__route=route, http__response__status_code=status)
    scope["app"].state.metrics.requests.labels(route, str(status)).observe(took_s)
    if route not in ("/healthz", "/readyz", "/metrics"):
        log("request", method=method, route=route, status=status, ms=round(took_s * 1000, 1))


def route_of(scope: Scope) -> str:
    """The route of a request with its parameters' names in the place of what stands in the address."""
    leaf: str | None = getattr(scope.get("route"), "path", None)
    if leaf is None:
        return "unknown"
    names = {str(value): f"{{{name}}}" for name, value in scope.get("path_params", {}).items()}
    whole = scope["path"].split("/")
    # A router's own part is missing in `leaf` (FastAPI 0.165): it is what the address begins with.
    prefix = whole[: len(whole) - len(leaf.split("/")) + 1]
    return "/".join(names.get(part, part) for part in prefix) + leaf
