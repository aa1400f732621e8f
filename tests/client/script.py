"""What a stand-in service is told to do: steps of turns, answers that go wrong, drafts."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Refusal:
    """An envelope with a code."""

    code: int
    status: int
    message: str = "refused"
    data: Json = field(default_factory=dict)
    retry_after_s: int | None = None


@dataclass(frozen=True)
class Drop:
    """The connection goes away without an answer, before or after the work is done."""

    worked: bool = False


@dataclass(frozen=True)
class Raw:
    """Bytes that are no envelope. `length`: the Content-Length that is claimed."""

    status: int
    body: bytes
    kind: str = "text/html"
    length: int | None = None


Answer = Refusal | Drop | Raw | None  # None: as usual


# Steps of a turn.


@dataclass(frozen=True)
class Event:
    """One frame. `again`: how often it is sent besides."""

    body: Json
    again: int = 0


@dataclass(frozen=True)
class Bytes:
    """Whatever, as it is."""

    raw: bytes


@dataclass(frozen=True)
class Passing:
    """So many seconds go by, with a sign of life every `every_s`."""

    seconds: float
    every_s: float = 12.0
    beat: bytes = b": heartbeat\n\n"


@dataclass(frozen=True)
class Does:
    """Something happens at the service."""

    what: Callable[[Any], object]


CUT = "cut"  # the connection breaks off here
Step = Event | Bytes | Passing | Does | str


def event(**fields: Any) -> Json:
    actions: Json = {"stateDelta": {}, "artifactDelta": {}}
    return {"invocationId": "e-1", "author": "editor", "actions": actions, **fields}


def text(words: str, **more: Any) -> Event:
    return Event(event(content={"role": "model", "parts": [{"text": words}]}, **more))


def fragment(words: str) -> Event:
    return text(words, partial=True)


def call(name: str) -> Event:
    part = {"functionCall": {"id": "1", "name": name, "args": {"secret_argument": 1}}}
    return Event(event(content={"role": "model", "parts": [part]}))


def done(name: str) -> Event:
    part = {"functionResponse": {"id": "1", "name": name, "response": {"secret_result": 2}}}
    return Event(event(content={"role": "user", "parts": [part]}))


def error(code: str, message: str, **metadata: Any) -> Event:
    return Event(event(errorCode=code, errorMessage=message, customMetadata=metadata))


def changes(*tracks: Json) -> Does:
    """The timeline becomes this."""
    return Does(lambda service: service.change(draft(*tracks)))


# Drafts.


def draft(*tracks: Json) -> Json:
    length = max((sum(s["d"] for s in t.get("sg", ())) for t in tracks), default=0)
    return {"t": list(tracks), "d": length, "m": {}}


def video(name: str, *seconds: float, **more: Any) -> Json:
    """A track of one clip, cut into pieces of these lengths."""
    pieces = [{"d": round(1000 * s), "m": {"asset_id": name, "name": name, **more}} for s in seconds]
    return {"tt": 0, "sg": pieces, "m": {}}


def sound(name: str, seconds: float, **more: Any) -> Json:
    role = more.pop("role", "bgm")
    piece = {"d": round(1000 * seconds), "m": {"name": name, **more}}
    return {"tt": 1, "sg": [piece], "m": {"role": role}}


def title(words: str, seconds: float = 3.0, at_s: float = 0.0, **more: Any) -> Json:
    at_ms = round(1000 * at_s)
    return {
        "tt": 7,
        "sg": [{"d": round(1000 * seconds), "m": {"text": words, "at_ms": at_ms, **more}}],
        "m": {},
    }


CLIP = video("clip.mp4", 10)


@dataclass
class Script:
    """One service. `answers`: by the name of a request, what comes first instead of the usual; `turns`: the
    steps of each turn; `renders`: of each render that is submitted, what is said at each look (the last
    again and again); `pieces`: of each fetch of a file, how many bytes come, or an answer."""

    turns: list[list[Step]] = field(default_factory=list)
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    renders: list[list[Json]] = field(default_factory=list)
    pieces: list[int | Answer] = field(default_factory=list)
    timeline: Json = field(default_factory=draft)
    later: dict[int, Json] = field(default_factory=dict)  # at the n-th look at the state, it is this
    ids: bool = False  # frames carry ids, and a stream can be taken up again
    resumes: bool = True
    cut_at: int | None = None  # the first connection of a turn breaks off after so many bytes
    ranges: bool = True
    shifted_bytes: int = 0  # the second part of a file begins so much too late
    media: bytes = random.Random(1).randbytes(50_000)


DONE: Json = {"status": "completed", "progress": 100}
FAILED: Json = {"status": "failed", "error": 'encoder exited: /srv/secret/path {"code": 1}'}


def going(percent: int, eta_s: float | None = None) -> Json:
    return {"status": "processing", "progress": percent, **({} if eta_s is None else {"eta_s": eta_s})}
