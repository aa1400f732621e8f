"""A server on this machine that speaks the OpenAI protocol and answers what a test tells it to."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = Callable[[BaseHTTPRequestHandler], None]


class ModelServer(ThreadingHTTPServer):
    """`replies` are used one after the other, the last for all that follow; `asked` is what was sent."""

    daemon_threads = True

    def __init__(self, replies: list[Reply]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.replies = replies
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        """The base address, as a person would set it."""
        return f"http://127.0.0.1:{self.server_port}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: ModelServer

    def do_POST(self) -> None:
        """Note what was asked and give the next reply."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append({"path": self.path, **body})
        self.server.headers.append(dict(self.headers))
        replies = self.server.replies
        (replies.pop(0) if len(replies) > 1 else replies[0])(self)

    def log_message(self, *words: object) -> None:
        """Say nothing."""


@contextmanager
def serving(*replies: Reply) -> Iterator[ModelServer]:
    """A running server that gives `replies`."""
    server = ModelServer(list(replies))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def raw(body: bytes, status: int = 200, **headers: str) -> Reply:
    """A reply of these bytes."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return reply


def call(arguments: Any, name: str = "plan") -> Reply:
    """A reply that calls the tool with `arguments` (a text is sent as it stands)."""
    text = arguments if isinstance(arguments, str) else json.dumps(arguments)
    message = {"tool_calls": [{"type": "function", "function": {"name": name, "arguments": text}}]}
    return raw(json.dumps({"choices": [{"message": message}]}).encode())


def steps(*plan: tuple[str, dict[str, Any]]) -> Reply:
    """A reply that is this plan."""
    return call({"steps": [{"op": op, "args": args} for op, args in plan]})


def words(text: str) -> Reply:
    """A reply in words, without the tool."""
    return raw(json.dumps({"choices": [{"message": {"content": text}}]}).encode())
