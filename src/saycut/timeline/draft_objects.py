"""One object of a draft taken apart: what is exact, what is told, and what is the client's own."""

import json
import re
from fractions import Fraction
from typing import Any, TypeVar

import msgspec

from saycut.timeline.clock import Seconds, seconds
from saycut.timeline.draft_checks import MOST_DIGITS, below, milliseconds, of_kind, wrong
from saycut.timeline.draft_shape import OWN, in_ms

_EXACT = re.compile(rf"-?[0-9]{{1,{MOST_DIGITS}}}(/[0-9]{{1,{MOST_DIGITS}}})?")
_PLACE = re.compile(r" - at `\$?(.*)`$")
_LEFT_OVER = (
    "it holds something that this version of Saycut does not know",
    "含有此版本 Saycut 不认识的内容",
)
_NOT_HERE = ("it does not stand here", "不应出现在此处")

StructT = TypeVar("StructT", bound=msgspec.Struct)


class Part:
    """An object of the draft at `path`: its `entries`, its `m`, and the exact values in it, `own`."""

    def __init__(self, given: object, path: str, known: tuple[str, ...], told: tuple[str, ...]) -> None:
        self.path = path
        self.entries: dict[str, Any] = of_kind(given, dict, path)
        self.m: dict[str, Any] = of_kind(self.entries.get("m", {}), dict, below(path, "m"))
        self.own_path = below(below(path, "m"), OWN)
        self.own: dict[str, Any] = of_kind(self.m.get(OWN, {}), dict, self.own_path)
        self._known = known
        self._told = told

    def exact(
        self,
        kind: type[StructT],
        usual: dict[str, Any] | None = None,
        *,
        elsewhere: tuple[str, ...] = (),
        apart: tuple[str, ...] = (),
    ) -> StructT:
        """The exact values as a `kind`: `usual` where there are none, without those that are read `apart`.

        Raises BadDraft, also for one of the fields `elsewhere`, which this form has in another place.
        """
        for name in ("kept", *elsewhere):
            if name in self.own:
                raise wrong(below(self.own_path, name), *_NOT_HERE)
        given = {name: value for name, value in self.own.items() if name not in apart}
        return exact_values({**(usual or {}), **given}, kind, self.own_path)

    def kept(self, **derived: object) -> dict[str, Any]:
        """What is the client's own here. Of `m` also what reads as `derived` is not: it is told anew."""
        m = {key: value for key, value in self.m.items() if key not in (OWN, *self._told)}
        m = {key: value for key, value in m.items() if key not in derived or value != derived[key]}
        rest = {key: value for key, value in self.entries.items() if key not in ("m", *self._known)}
        return {**rest, **({"m": m} if m else {})}

    def changed(self, key: str, exact: Seconds | None) -> Seconds | None:
        """The time that the client wrote at `key` (in `m`, but `d`), None where it left what `exact` says."""
        holder, path = (self.entries, self.path) if key == "d" else (self.m, below(self.path, "m"))
        if key not in holder:
            return None
        said = milliseconds(holder[key], below(path, key))
        return None if exact is not None and holder[key] == in_ms(exact) else said


def as_text(kept: dict[str, Any]) -> str:
    """What a `kept` field holds; the same for the same content."""
    return json.dumps(kept, sort_keys=True, separators=(",", ":")) if kept else ""


def exact_values(data: dict[str, Any], kind: type[StructT], path: str) -> StructT:
    """`data`, which stands at `path`, as a `kind`. Raises BadDraft."""
    try:
        made = msgspec.convert(data, kind, dec_hook=_exact)
    except msgspec.ValidationError as error:
        text = str(error)
        place = _PLACE.search(text)
        at = place[1] if place is not None else ""
        raise wrong(path + at[:200], _PLACE.sub("", text)[:120], "类型或数值不符") from error
    plain = msgspec.to_builtins(made, enc_hook=str)
    left = _left_over(data, plain, path)
    if left is not None:
        raise wrong(left, *_LEFT_OVER)
    return made


def _exact(kind: type, value: object) -> object:
    if kind is not Fraction:
        raise NotImplementedError(kind.__name__)
    if isinstance(value, Fraction):
        return value
    if isinstance(value, bool):
        raise ValueError("it is not an exact number")
    if isinstance(value, int) or (isinstance(value, float) and abs(value) < 1e12):
        return seconds(value)
    if isinstance(value, str) and _EXACT.fullmatch(value):
        whole, _, parts = value.partition("/")
        if int(parts or "1"):
            return Fraction(int(whole), int(parts or "1"))
    raise ValueError("it is not an exact number")


def _left_over(data: object, made: object, path: str) -> str | None:
    """Where `data` has an entry that was not read."""
    if isinstance(data, dict) and isinstance(made, dict):
        for key, value in data.items():
            if key not in made:
                return below(path, key)
            left = _left_over(value, made[key], below(path, key))
            if left is not None:
                return left
    if isinstance(data, list) and isinstance(made, list):
        for place, (value, read) in enumerate(zip(data, made, strict=False)):
            left = _left_over(value, read, below(path, place))
            if left is not None:
                return left
    return None
