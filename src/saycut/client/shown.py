"""What a conversation yields, for a door to show. Every value has `text`, in the user's language."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Text:
    """Words: the service's, freed of talk about screens, or the client's own."""

    text: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far something is; `fraction` is 0..1, None when nobody knows."""

    text: str
    stage: str
    fraction: float | None = None


@dataclass(frozen=True, slots=True)
class StillWorking:
    """A sign of life in a long turn; `waited_s` seconds since it began."""

    text: str
    waited_s: float


@dataclass(frozen=True, slots=True)
class Question:
    """One question; the answer is whatever is said next. `choices` may be empty."""

    text: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Two or three things to say next."""

    text: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Delivered:
    """The finished file, whole and in its place."""

    text: str
    path: Path
    size_bytes: int
    duration_s: float | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """An address for a browser."""

    text: str
    url: str
    what: Literal["project", "register"]


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that did not work, and what can be done about it. `code` is stable."""

    text: str
    code: str


Shown = Text | Progress | StillWorking | Question | Suggestions | Delivered | Link | Trouble
