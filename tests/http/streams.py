"""A client of `/run_sse` that may be cut off and come back, and remembers every frame by its number."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx

from tests.http.server import Client


class Listener:
    """What one client has heard of one turn, over all of its connections."""

    def __init__(self, session_id: str, text: str) -> None:
        self._request = Client.request(session_id, text)
        self.events: list[tuple[int, dict[str, Any]]] = []
        self.comments: list[str] = []

    @contextmanager
    def connected(self, http: httpx.Client) -> Iterator[Iterator[str]]:
        """A connection; what is drawn from it is remembered. Goes on where the last one broke off."""
        headers, body = {}, dict(self._request)
        if self.events:
            number, event = self.events[-1]
            headers["Last-Event-ID"] = str(number)
            body["invocation_id"] = event["invocationId"]
        with http.stream("POST", "/run_sse", json=body, headers=headers) as answer:
            assert answer.status_code == 200, answer.read()
            yield self._heard(answer.iter_lines())

    def until(self, http: httpx.Client, enough: Callable[[dict[str, Any]], bool]) -> None:
        """Listen until `enough` of an event, then hang up."""
        with self.connected(http) as lines:
            next(line for line in lines if line.startswith("data: ") and enough(self.events[-1][1]))

    def to_the_end(self, http: httpx.Client) -> None:
        """Listen until the stream ends."""
        with self.connected(http) as lines:
            for _ in lines:
                pass

    def missed_nothing(self) -> bool:
        """Whether every frame came once, in order, up to the last words."""
        numbers = [number for number, _ in self.events]
        return numbers == list(range(1, len(numbers) + 1)) and self.events[-1][1].get("turnComplete") is True

    def _heard(self, lines: Iterator[str]) -> Iterator[str]:
        number = 0
        for line in lines:
            if line.startswith("id: "):
                number = int(line.removeprefix("id: "))
            elif line.startswith("data: "):
                self.events.append((number, json.loads(line.removeprefix("data: "))))
            elif line.startswith(":"):
                self.comments.append(line)
            yield line


def works(event: dict[str, Any]) -> bool:
    """Whether an event tells how far the work is: a task is under way."""
    return "progress" in event.get("customMetadata", {})
