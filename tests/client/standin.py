"""A real HTTP server on loopback that speaks the wire format and behaves as badly as its script says."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.client.clock import FakeClock
from tests.client.script import (
    CLIP,
    CUT,
    DONE,
    Answer,
    Bytes,
    Does,
    Drop,
    Event,
    Json,
    Passing,
    Raw,
    Refusal,
    Script,
    Step,
    draft,
)

_ROUTES = (
    ("POST", r"/api/auth/anonymous-token", "token"),
    ("POST", r"/api/auth/claim-token", "claim"),
    ("POST", r"/api/tasks/me/with-session/nemo_agent", "session"),
    ("POST", r"/api/upload-video/nemo_agent/me/([^/]+)", "upload"),
    ("POST", r"/run_sse", "turn"),
    ("GET", r"/api/state/nemo_agent/me/([^/]+)/latest", "state"),
    ("GET", r"/api/credits/balance/simple", "credits"),
    ("POST", r"/api/render/proxy/lambda", "submit"),
    ("GET", r"/api/render/proxy/lambda/([^/]+)", "look"),
    ("GET", r"/api/render/proxy/([^/]+)/download", "download"),
    ("POST", r"/api/v1/turns/([^/]+)/cancel", "stop_turn"),
    ("POST", r"/api/v1/jobs/([^/]+)/cancel", "stop_render"),
    ("POST", r"/api/v1/sessions/([^/]+)/undo", "undo"),
    ("GET", r"/api/v1/sessions/([^/]+)/history", "history"),
    ("GET", r"/bucket/([^/?]+)", "file"),
)
_OPEN = ("token", "file")


class StandIn:
    """The service and what it remembers. `asked`: the names of all requests, in order."""

    def __init__(self, script: Script, clock: FakeClock, address: str, bucket: str) -> None:
        self.script = script
        self.clock = clock
        self.address = address
        self.bucket = bucket
        self.asked: list[str] = []
        self.said: list[str] = []  # the words of every turn
        self.uploaded: list[str] = []
        self.submitted: list[Json] = []
        self.headers: list[tuple[str, dict[str, str]]] = []
        self.tokens: list[str] = []
        self.client_ids: list[str] = []
        self.sessions: list[str] = []
        self.draft = script.timeline
        self.version = 1
        self.lock = threading.Lock()
        self._valid = ""
        self._gone: set[str] = set()
        self._looks = 0
        self._steps: list[Step] = []
        self._renders: dict[str, list[Json]] = {}

    # What steps of a turn may do.

    def change(self, new: Json) -> None:
        self.draft, self.version = new, self.version + 1

    def expire(self) -> None:
        """The token is good no more."""
        self._valid = ""

    def lose_sessions(self) -> None:
        self._gone |= set(self.sessions)
        self.draft = draft()

    # What the handler asks.

    def answer(self, name: str) -> Answer:
        waiting = self.script.answers.get(name)
        return waiting.pop(0) if waiting else None

    def is_known(self, authorization: str | None) -> bool:
        return bool(self._valid) and authorization == f"Bearer {self._valid}"

    def new_token(self, client_id: str) -> Json:
        self._valid = f"nmv_usr_secret{len(self.tokens):03}abcdefghijklmn"
        self.tokens.append(self._valid)
        self.client_ids.append(client_id)
        return {
            "token": self._valid,
            "user_id": "usr_1",
            "credits": 100,
            "expires_at": "2099-01-01T00:00:00Z",
        }

    def new_session(self) -> Json:
        made = f"ses_{len(self.sessions) + 1}"
        self.sessions.append(made)
        return {"task_id": f"task_{made}", "session_id": made, "user_id": "usr_1"}

    def has_session(self, session_id: str) -> bool:
        return session_id in self.sessions and session_id not in self._gone

    def state(self) -> Json:
        self._looks += 1
        if self._looks in self.script.later:
            self.change(self.script.later[self._looks])
        whole = {"draft": self.draft, "video_infos": [], "canvas_config": {}, "generated_media": []}
        return {"user_id": "usr_1", "state": whole, "version": self.version}

    def take(self, names: list[str]) -> Json:
        self.uploaded += names
        if not self.draft["t"]:
            self.change(draft(CLIP))
        return {
            "files": [
                {"file_id": f"f{n}", "name": name, "duration_ms": 10_000} for n, name in enumerate(names)
            ]
        }

    def submit(self, body: Json) -> Json:
        if body["id"] not in self._renders:
            self.submitted.append(body)
            told = self.script.renders
            self._renders[body["id"]] = list(told.pop(0)) if told else [DONE]
        return {"code": 0, "id": body["id"], "status": "pending"}

    def look(self, render_id: str) -> Json | None:
        waiting = self._renders.get(render_id)
        if waiting is None:
            return None
        told = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        if told["status"] == "completed" and "output" not in told:
            size = len(self.script.media)
            told = {**told, "output": {"url": f"{self.bucket}/bucket/{render_id}", "size": size}}
        return {"code": 0, "id": render_id, **told}

    def steps(self) -> list[Step]:
        """Of the next turn."""
        self._steps = list(self.script.turns.pop(0)) if self.script.turns else []
        return self._steps

    def rest_of_steps(self) -> list[Step]:
        return self._steps


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    service: StandIn

    def log_message(self, *_: Any) -> None:
        """Nothing: the list of requests is the log."""

    def handle_one_request(self) -> None:
        """A client may leave at any time."""
        try:
            super().handle_one_request()
        except OSError:
            self.close_connection = True

    def do_GET(self) -> None:
        self._handle("GET")

    def do_POST(self) -> None:
        self._handle("POST")

    def _handle(self, method: str) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0) if not self._chunked() else 0)
        if self._chunked():
            body = self._chunks()
        name, argument = self._name(method)
        told = _object(body)
        if name == "turn" and "new_message" not in told:
            name = "resume"
        with self.service.lock:
            self.service.asked.append(name)
            self.service.headers.append((name, dict(self.headers.items())))
        answer = self.service.answer(name)
        if isinstance(answer, Drop) and not answer.worked:
            return self._gone()
        if answer is not None and not isinstance(answer, Drop):
            return self._odd(answer)
        if name not in _OPEN and not self.service.is_known(self.headers.get("authorization")):
            return self._odd(Refusal(1001, 401))
        self._drops = isinstance(answer, Drop)
        return self._usual(name, argument, told, body)

    def _usual(self, name: str, argument: str, told: Json, body: bytes) -> None:
        service = self.service
        session = argument if name in ("upload", "state") else told.get("session_id") or told.get("sessionId")
        if session is not None and name != "claim" and not service.has_session(session):
            self._odd(Refusal(1002, 404))
        elif name in ("turn", "resume"):
            self._turn(name, told)
        elif name in ("file", "download"):
            self._file()
        elif name == "submit":
            self._json(service.submit(told))
        elif name == "look":
            found = service.look(argument)
            self._odd(Refusal(1002, 404)) if found is None else self._json(found)
        else:
            self._data(name, told, body)

    def _data(self, name: str, told: Json, body: bytes) -> None:
        service = self.service
        data: dict[str, Callable[[], Json]] = {
            "token": lambda: service.new_token(self.headers.get("x-client-id") or ""),
            "session": service.new_session,
            "claim": lambda: {"claim_token": "clm_abc", "expires_in": 604800},
            "state": service.state,
            "credits": lambda: {"available": 85, "frozen": 5, "total": 90},
            "upload": lambda: service.take(_names(body, told)),
        }
        if name in data:
            self._json({"code": 0, "message": "ok", "data": data[name]()})
        else:
            self._odd(Raw(404, b'{"detail":"Not Found"}', "application/json"))

    # Turns.

    def _turn(self, name: str, told: Json) -> None:
        service = self.service
        if name == "turn":
            service.said.append(told["new_message"]["parts"][0]["text"])
            steps, number = service.steps(), 0
        elif not service.script.resumes:
            return self._odd(Refusal(422, 422, "new_message: it is missing"))
        else:
            assert told["invocation_id"] == "e-1"
            steps, number = service.rest_of_steps(), int(self.headers["last-event-id"])
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            if service.script.cut_at is None:
                self._play(steps, number)
            else:
                self._play_cut(steps, number, service.script.cut_at if name == "turn" else None)
        except OSError:
            self.close_connection = True  # the client has left

    def _play(self, steps: list[Step], number: int) -> None:
        while steps:
            step = steps.pop(0)
            if step == CUT:
                return self._gone()
            if isinstance(step, Does):
                step.what(self.service)
            elif isinstance(step, Bytes):
                self._chunk(step.raw)
            elif isinstance(step, Passing):
                self._pass(step)
            elif isinstance(step, Event):
                number += 1
                head = f"id: {number}\n" if self.service.script.ids else ""
                frame = f"{head}data: {json.dumps(step.body, ensure_ascii=False)}\n\n".encode()
                for _ in range(1 + step.again):
                    self._chunk(frame)
        self.wfile.write(b"0\r\n\r\n")
        return None

    def _play_cut(self, steps: list[Step], after: int, cut_at: int | None) -> None:
        """All frames behind number `after`, of which only the first `cut_at` bytes come."""
        frames = []
        for number, step in enumerate((step for step in steps if isinstance(step, Event)), 1):
            frames.append(f"id: {number}\ndata: {json.dumps(step.body, ensure_ascii=False)}\n\n".encode())
        data = b"".join(frames[after:])
        if data[:cut_at]:
            self._chunk(data[:cut_at])
        if cut_at is not None and cut_at < len(data):
            return self._gone()
        self.wfile.write(b"0\r\n\r\n")
        return None

    def _pass(self, step: Passing) -> None:
        """Time goes by in lockstep with the client: it has seen each moment before the next comes."""
        clock, left = self.service.clock, step.seconds
        while left > 0:
            clock.until_read()
            clock.advance(min(step.every_s, left))
            left -= step.every_s
            if step.beat:
                self._chunk(step.beat)
            else:
                clock.until_read()

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    # Files.

    def _file(self) -> None:
        media = self.service.script.media
        pieces = self.service.script.pieces
        piece = pieces.pop(0) if pieces else len(media)
        if piece is None or not isinstance(piece, int):
            return self._gone() if isinstance(piece, Drop) else self._odd(piece or Refusal(404, 404))
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("range") or "")
        first = int(asked[1]) if asked is not None and self.service.script.ranges else 0
        if first:
            first, self.service.script.shifted_bytes = first + self.service.script.shifted_bytes, 0
        self.send_response(206 if first else 200)
        self.send_header("Content-Length", str(len(media) - first))
        if first:
            self.send_header("Content-Range", f"bytes {first}-{len(media) - 1}/{len(media)}")
        self.end_headers()
        self.wfile.write(media[first : first + piece])
        if first + piece < len(media):
            self._gone()
        return None

    # Answers.

    def _json(self, body: Json) -> None:
        if self._drops:
            return self._gone()
        return self._odd(Raw(200, json.dumps(body, ensure_ascii=False).encode(), "application/json"))

    def _odd(self, answer: Answer) -> None:
        headers: dict[str, str] = {}
        if isinstance(answer, Refusal):
            told = {"code": answer.code, "message": answer.message, "data": answer.data}
            if answer.retry_after_s is not None:
                headers["Retry-After"] = str(answer.retry_after_s)
            answer = Raw(answer.status, json.dumps(told).encode(), "application/json")
        assert isinstance(answer, Raw)
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(answer.body) if answer.length is None else answer.length))
        for key, value in headers.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(answer.body)
        if answer.length is not None:
            self._gone()

    def _gone(self) -> None:
        self.wfile.flush()
        self.close_connection = True

    def _name(self, method: str) -> tuple[str, str]:
        path = self.path.partition("?")[0]
        for verb, pattern, name in _ROUTES:
            found = re.fullmatch(pattern, path)
            if verb == method and found is not None:
                return name, found[1] if found.groups() else ""
        return "unknown", ""

    def _chunked(self) -> bool:
        return self.headers.get("transfer-encoding", "") == "chunked"

    def _chunks(self) -> bytes:
        body = bytearray()
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return bytes(body)


@contextmanager
def standing_in(script: Script, clock: FakeClock) -> Iterator[StandIn]:
    """The service at one address, and a bucket at another (another origin: no token may ever go there)."""
    handler = type("OneHandler", (Handler,), {})
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), handler) for _ in range(2)]
    addresses = [f"http://127.0.0.1:{server.server_address[1]}" for server in servers]
    handler.service = StandIn(script, clock, *addresses)  # type: ignore[attr-defined]
    threads = [threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True) for server in servers]
    for thread in threads:
        thread.start()
    try:
        yield handler.service  # type: ignore[attr-defined]
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()
        for thread in threads:
            thread.join(10)


def _object(body: bytes) -> Json:
    try:
        told = json.loads(body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _names(body: bytes, told: Json) -> list[str]:
    if "urls" in told:
        return [str(url).rsplit("/", 1)[-1] for url in told["urls"]]
    return [name.decode() for name in re.findall(rb'filename="([^"]*)"', body)]
