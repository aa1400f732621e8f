"""Server-sent events as they come over the wire: bytes in, frames out (WHATWG HTML, 9.2).

Kinder than the standard where services are: a last frame without its blank line is taken, heartbeats come as
comments, as `event: heartbeat` or as empty data, and a frame that comes again is dropped. A frame that is too
long is passed over, and reading goes on behind it.
"""

import codecs
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MOST_CHARACTERS = 16 << 20  # of one frame


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame: an event with its `id`, or None where it was only a sign of life."""

    event: dict[str, Any] | None
    id: str | None = None


class Frames:
    """Reads one stream, also over several connections: what came before a drop is not told twice."""

    def __init__(self) -> None:
        self.last_id: str | None = None
        self._seen: set[str] = set()
        self.reopened()

    def reopened(self) -> None:
        """Another connection: what was cut off in the middle is forgotten."""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest: list[str] = []  # of a line that has no end yet
        self._waiting = 0  # its length
        self._data: list[str] = []
        self._length = 0
        self._id: str | None = None
        self._kind = ""
        self._after_return = False

    def read(self, piece: bytes) -> Iterator[Frame]:
        """The frames that `piece` completes."""
        text = self._decoder.decode(piece)
        if self._after_return and text:
            text = text.removeprefix("\n")  # the second half of a line end that came in two pieces
            self._after_return = False
        if text.endswith("\r"):
            self._after_return = True
        if "\n" not in text and "\r" not in text:
            self._wait(text)
            return
        whole = "".join((*self._rest, text))
        lines = whole.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self._rest, self._waiting = [], 0
        self._wait(lines.pop())
        for line in lines:
            yield from self._line(line)

    def ended(self) -> Iterator[Frame]:
        """What was still open when the body ended."""
        if self._rest:
            yield from self._line("".join(self._rest))
        yield from self._line("")
        self._rest = []

    def _wait(self, text: str) -> None:
        """Keep a line that has no end yet; of one that is too long only that it is."""
        self._rest.append(text)
        self._waiting += len(text)
        if self._waiting > MOST_CHARACTERS:
            self._length = MOST_CHARACTERS + 1
            self._rest, self._waiting = ["data:"], 0

    def _line(self, line: str) -> Iterator[Frame]:
        if not line:
            yield from self._whole()
        elif line.startswith(":"):
            yield Frame(None)
        else:
            field, _, value = line.partition(":")
            self._field(field, value.removeprefix(" "))

    def _field(self, field: str, value: str) -> None:
        if field == "data":
            self._length += len(value)
            self._data = [*self._data, value] if self._length <= MOST_CHARACTERS else []
        elif field == "id" and "\0" not in value:
            self._id = value
        elif field == "event":
            self._kind = value

    def _whole(self) -> Iterator[Frame]:
        data, kind, its_id = "\n".join(self._data), self._kind, self._id
        began = bool(self._data) or bool(kind) or self._length > 0
        too_long = self._length > MOST_CHARACTERS
        self._data, self._kind, self._length, self._id = [], "", 0, None
        if its_id is not None and (data or too_long):
            self.last_id = its_id
        if not began:
            return
        event = _object(data)
        if kind == "heartbeat" or event is None:
            yield Frame(None)
        elif not self._is_repeated(its_id or event.get("id"), data):
            yield Frame(event, its_id)

    def _is_repeated(self, its_id: object, data: str) -> bool:
        """Whether just this frame came before. Two frames may share an id and say different things; two
        without any id may be alike and both be meant."""
        if its_id is None:
            return False
        key = hashlib.sha256(f"{its_id} {data}".encode()).hexdigest()
        known = key in self._seen
        self._seen.add(key)
        return known


def _object(data: str) -> dict[str, Any] | None:
    try:
        value = json.loads(data) if data.strip() else None
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
