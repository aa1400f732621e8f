"""Traces, for operators who ask for them: what a request, a turn, a render took, and where.

`OTEL_EXPORTER_OTLP_ENDPOINT` (or `…_TRACES_ENDPOINT`) names the collector, `saycut[otel]` brings what speaks
to it, and all other settings are OpenTelemetry's own (https://opentelemetry.io/docs/specs/otel/protocol/exporter/).
Nothing is made without it. What a span says are ids, counts and states of ours: never a name of media, what
was said, a token or an address. So the provider is ours alone: no library that we use can add to it.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from saycut import __version__
from saycut.errors import Usage

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span

Fact = str | int | float | bool
Carrier = dict[str, str]  # W3C trace context

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_PATIENCE_MS = 3000
_provider: "list[TracerProvider]" = []  # one while this process traces


class Traced:
    """A span under way; without tracing, nothing."""

    def __init__(self, span: "Span | None" = None) -> None:
        self._span = span

    def name(self, name: str) -> None:
        """What it is called after all."""
        if self._span is not None:
            self._span.update_name(name)

    def tell(self, **facts: Fact) -> None:
        """What is known now. A double underscore stands for a dot."""
        if self._span is not None:
            self._span.set_attributes({key.replace("__", "."): value for key, value in facts.items()})

    def fail(self, kind: str) -> None:
        """It went wrong; `kind` is a code or the name of a class, never a sentence."""
        if self._span is not None:
            from opentelemetry.trace import Status, StatusCode

            self._span.set_status(Status(StatusCode.ERROR))
            self._span.set_attribute("error.type", kind)


def start() -> None:
    """Trace from now on, if the environment asks for it. Raises Usage when the extra is missing."""
    if _provider or not any(os.environ.get(name) for name in _ENDPOINTS):
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        raise Usage(
            reason="Traces are asked for (OTEL_EXPORTER_OTLP_ENDPOINT): pip install 'saycut[otel]'.",
            reason_zh="已设置 OTEL_EXPORTER_OTLP_ENDPOINT：请先 pip install 'saycut[otel]'。",
        ) from None
    made = TracerProvider(resource=Resource.create({"service.name": "saycut"}), shutdown_on_exit=False)
    made.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    _provider.append(made)


def stop() -> None:
    """Send what is left; a collector that does not answer is not waited for long."""
    while _provider:
        made = _provider.pop()
        made.force_flush(_PATIENCE_MS)
        made.shutdown()


@contextmanager
def span(
    name: str,
    *,
    of: Mapping[str, str] | None = None,
    kind: Literal["server", "inner"] = "inner",
    **facts: Fact,
) -> Iterator[Traced]:
    """What happens inside, as a part of what is under way here, or of what `of` carries."""
    if not _provider:
        yield Traced()
        return
    from opentelemetry.trace import SpanKind

    with (
        _provider[0]
        .get_tracer("saycut", __version__)
        .start_as_current_span(
            name,
            context=_context(of),
            kind=SpanKind.SERVER if kind == "server" else SpanKind.INTERNAL,
            record_exception=False,  # a sentence may name a file
            set_status_on_exception=False,
        ) as made
    ):
        traced = Traced(made)
        traced.tell(**facts)
        try:
            yield traced
        except BaseException as error:
            traced.fail(type(error).__name__)
            raise


def carrier() -> Carrier | None:
    """What is under way here, for somebody who goes on with it elsewhere; None without tracing."""
    if not _provider:
        return None
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    made: Carrier = {}
    TraceContextTextMapPropagator().inject(made)
    return made or None


def is_on() -> bool:
    """Whether this process traces."""
    return bool(_provider)


def _context(of: Mapping[str, str] | None) -> "Context | None":
    if of is None:
        return None
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    return TraceContextTextMapPropagator().extract(of)
