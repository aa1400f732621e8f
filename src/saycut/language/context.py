"""What a sentence is said about: the files, the tracks, what was done before."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from saycut.language.filenames import file_kind


class Step(msgspec.Struct, frozen=True):
    """One operation as plain data; names and arguments are those of the operations' schema.

    `inferred` names the arguments that were taken from the context and not from the words.
    """

    op: str
    args: dict[str, Any] = {}
    inferred: tuple[str, ...] = ()


class FileRef(msgspec.Struct, frozen=True):
    """A file at hand: its name and its kind ("video", "audio", "image")."""

    name: str
    kind: str


class Context(msgspec.Struct, frozen=True):
    """What the person is looking at when they speak.

    `tracks` are names or roles of the tracks on the timeline ("voice", "music" …); `history` is what
    was done, newest last; `last_question` are the choices of the question asked last, as plain text.
    """

    files: tuple[FileRef, ...] = ()
    tracks: tuple[str, ...] = ()
    history: tuple[Step, ...] = ()
    has_picture: bool = True
    duration_s: float | None = None
    last_question: tuple[str, ...] = ()
    last_upload: str | None = None

    @classmethod
    def from_json(cls, obj: Mapping[str, Any] | None) -> "Context":
        """The context of a row of utterances; unknown keys are ignored, names of files become FileRefs."""
        obj = obj or {}
        return cls(
            files=tuple(_file(each) for each in _list(obj, "files", "assets")),
            tracks=tuple(_track(each) for each in _list(obj, "tracks")),
            history=tuple(
                Step(str(each["op"]), dict(each.get("args") or {})) for each in _list(obj, "history")
            ),
            has_picture=bool(obj.get("has_picture", True)),
            duration_s=_seconds(obj.get("duration_s", obj.get("duration"))),
            last_question=tuple(_choice(each) for each in _list(obj, "last_question")),
            last_upload=obj.get("last_upload"),
        )

    @property
    def sounds(self) -> tuple[FileRef, ...]:
        """The files that are sound alone."""
        return tuple(file for file in self.files if file.kind == "audio")


def _list(obj: Mapping[str, Any], *keys: str) -> Sequence[Any]:
    for key in keys:
        value = obj.get(key)
        if isinstance(value, list | tuple):
            return value
        if isinstance(value, dict):
            return list(value.get("choices", ()))
    return ()


def _file(each: Any) -> FileRef:
    if isinstance(each, Mapping):
        name = str(each.get("name", ""))
        return FileRef(name, str(each.get("kind") or _kind(name)))
    return FileRef(str(each), _kind(str(each)))


def _kind(name: str) -> str:
    kind = file_kind(name)
    return "audio" if kind == "music" else kind


def _track(each: Any) -> str:
    if isinstance(each, Mapping):
        return str(each.get("role") or each.get("name") or each.get("kind") or "")
    return str(each)


def _choice(each: Any) -> str:
    if isinstance(each, Mapping):
        return str(each.get("en") or each.get("text") or "")
    return str(each)


def _seconds(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
