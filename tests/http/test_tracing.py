"""Traces: one for every request and all that follows from it, and in them nothing of anybody's."""

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from saycut.errors import Usage
from saycut.service import tracing
from tests.factory import Clip, Picture, make
from tests.http.server import serving

SAID = "rotate it, my dear"
NAME = "Grandmother.mp4"


class Collector(ThreadingHTTPServer):
    """Everything that was sent to it."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        super().__init__(("127.0.0.1", 0), _Receiving)

    @property
    def spans(self) -> list[Span]:
        found = []
        for body in self.bodies:
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                found += [span for scope in resource.scope_spans for span in scope.spans]
        return found


class _Receiving(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        self.server.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    server = Collector()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
    yield server
    server.shutdown()
    server.server_close()


def facts(span: Span) -> dict[str, str]:
    return {each.key: each.value.string_value or str(each.value.int_value) for each in span.attributes}


def test_what_follows_from_a_request_is_in_its_trace(collector: Collector, tmp_path: Path) -> None:
    film = tmp_path / NAME
    shutil.copy(make(Clip(picture=Picture(frames=30))), film)
    with serving(tmp_path / "data") as server:
        client = server.client()
        session = client.session("Family")
        assert client.upload(session, film).status_code == 200
        client.say(session, SAID)
        client.submit(session, "render_1")
        assert client.finished("render_1")["status"] == "completed"
        assert client.http.get(f"/api/v1/sessions/{session}/history").status_code == 200
        token = client.user["token"]
    spans = {span.name: span for span in collector.spans}
    for name, inside in (
        ("turn", "POST /run_sse"),
        ("render", "POST /api/render/proxy/lambda"),
    ):
        assert spans[name].trace_id == spans[inside].trace_id
        assert spans[name].parent_span_id == spans[inside].span_id
        assert facts(spans[inside])["http.response.status_code"] == "200"
    tasks = {facts(span)["saycut.task"]: span for span in collector.spans if span.name == "task"}
    assert tasks["turn"].parent_span_id == spans["turn"].span_id
    assert tasks["render"].parent_span_id == spans["render"].span_id
    assert "GET /api/v1/sessions/{session_id}/history" in spans
    everything = b"".join(collector.bodies)
    assert b"service.name" in everything  # it can be searched
    for secret in (SAID, "rotate", NAME, "Family", token, str(tmp_path), client.user["user_id"]):
        assert secret.encode() not in everything, secret


def test_a_failed_job_says_its_code_and_no_sentence(collector: Collector, tmp_path: Path) -> None:
    with serving(tmp_path / "data") as server:
        client = server.client()
        session = client.session()
        client.upload(session, make(Clip(picture=None, container="wav")))
        asked = client.submit(session, "render_1", output={"format": "gif"})  # of sound alone
        assert asked.status_code == 200
        assert client.finished("render_1")["status"] == "failed"
    (failed,) = [span for span in collector.spans if span.name == "render"]
    assert failed.status.code == 2
    assert failed.status.message == ""
    assert facts(failed)["error.type"].isidentifier()
    assert not failed.events


def test_without_a_collector_nothing_of_it_is_loaded(tmp_path: Path) -> None:
    code = """
import sys
from saycut.service import tracing
from saycut.http.app import application
tracing.start()
with tracing.span("nothing") as span:
    span.tell(saycut__job="x")
print(tracing.is_on(), tracing.carrier(), sorted(m for m in sys.modules if m.startswith("opentelemetry.sdk")))
"""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("OTEL_")}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    assert done.stdout == "False None []\n"


def test_a_collector_without_the_extra_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with pytest.raises(Usage, match=r"saycut\[otel\]"):
        tracing.start()
    assert not tracing.is_on()
    assert json.dumps(tracing.carrier()) == "null"
