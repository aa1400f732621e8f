"""Dialogue state: corrections of the last operation, "do the same to …", answers to the last question."""

from collections.abc import Sequence
from typing import Any

from saycut.language.arguments import bound
from saycut.language.bag import Bag
from saycut.language.clauses import Clause
from saycut.language.context import Context, Step
from saycut.language.frames import frames, tokens_of
from saycut.language.line import Line
from saycut.language.matching import Match
from saycut.language.parts import Part
from saycut.language.tagging import Item

_NOT_REPEATED = frozenset({"undo", "redo", "export", "protect"})
_RELATIVE = frozenset({"volume", "speed"})
_NO_VALUE_SLOTS = frozenset({"url", "between", "clip_count", "steps", "ordinal"})
_MORE = frozenset({"more", "bit more", "a bit more", "further", "even more"})
_IS_NOT, _IS = frozenset({"不 是"}), frozenset({"是", "而 是"})  # "不是第一段，是第二段"
_TOO = frozenset({"also", "too", "as well", "and also", "也", "还 有"})  # "also clip 2"
_SPANNED = frozenset({"cut", "trim", "mute"})
_WHOLE_GROUPS = (  # a new value of one of these replaces all of them
    frozenset({"start", "end"}),
    frozenset({"gain_db", "percent", "direction"}),
    frozenset({"factor", "direction"}),
    frozenset({"lufs", "platform"}),
)


def answered(items: Sequence[Item], context: Context) -> str | None:
    """The choice of the last question that a bare "yes" or a number picks, as a sentence to understand."""
    if not context.last_question:
        return None
    content = [
        item for item in items if item.slot is not None or item.is_unknown or not item.has_role("link")
    ]
    if len(content) != 1:
        return None
    item = content[0]
    if item.slot is not None and item.slot.kind in ("number", "clip") and isinstance(item.slot.value, int):
        place = item.slot.value
        return context.last_question[place - 1] if 1 <= place <= len(context.last_question) else None
    return context.last_question[0] if item.has("yes") else None


def corrected(clauses: list[Clause], parts: list[Part], line: Line, context: Context) -> list[Part]:
    """`parts`, or what they become when the sentence speaks of the operation before it."""
    last = next((step for step in reversed(context.history) if step.op not in _NOT_REPEATED), None)
    if last is None or not clauses:
        return parts
    items = [item for clause in clauses for item in clause.items]
    if _asks_again(items, parts):
        return _repeated(last, clauses, items, line, context)
    if _relative(items, parts, last):
        return [_further(last, items, clauses[0])]
    if _is_correction(items, parts, last):
        changed = _changed(last, items, line, context)
        if changed is not None:
            return [Part("undo", {}, clauses[0]), changed]
    return parts


def _asks_again(items: Sequence[Item], parts: list[Part]) -> bool:
    own = [part for part in parts if part.op != "unsupported"]
    if own and any(part.clause.borrowed or (part.clause.match and part.clause.match.actions) for part in own):
        return False
    clip = any(item.slot is not None and item.slot.kind == "clip" for item in items)
    again = any(item.has("do_again") for item in items)
    return (again and not own) or (clip and any(item.text in _TOO for item in items))


def _repeated(
    last: Step, clauses: list[Clause], items: Sequence[Item], line: Line, context: Context
) -> list[Part]:
    """The last operation again, with what the sentence says anew."""
    changed = _changed(last, items, line, context)
    return [changed] if changed is not None else [Part(last.op, dict(last.args), clauses[0])]


def _relative(items: Sequence[Item], parts: list[Part], last: Step) -> bool:
    """Whether the sentence only says "more", "less", "louder" about the last change."""
    if last.op not in _RELATIVE or any(item.slot is not None for item in items):
        return False
    if any(item.has_role("thing") and not item.has("video", "audio", "volume") for item in items):
        return False
    if parts and any(part.op != last.op for part in parts):
        return False
    return _way(items, last) is not None


def _further(last: Step, items: Sequence[Item], clause: Clause) -> Part:
    args: dict[str, Any] = {
        key: value for key, value in last.args.items() if key in ("target", "clip", "start", "end")
    }
    return Part(last.op, {**args, "direction": _way(items, last)}, clause)


def _way(items: Sequence[Item], last: Step) -> str | None:
    for item in items:
        way = item.gift("direction")
        if way in ("up", "down"):
            return str(way)
    if any(item.text in _MORE or item.has("again") for item in items):
        return str(last.args.get("direction") or ("down" if _lowered(last) else "up"))
    return None


def _lowered(last: Step) -> bool:
    return float(last.args.get("gain_db", 0)) < 0 or float(last.args.get("percent", 100)) < 100


def _is_correction(items: Sequence[Item], parts: list[Part], last: Step) -> bool:
    """Whether the sentence changes the last operation: no operation of its own but a value or a target.

    A "make that", "I meant" or "no" in front may come with a weak verb; the same operation said anew
    after such a word is a correction too.
    """
    says_value = any(item.slot is not None and item.slot.kind not in _NO_VALUE_SLOTS for item in items)
    says_target = any(item.gift("target") or item.has("everything_undone") for item in items)
    if not says_value and not says_target:
        return False
    marked = any(item.has("no", "wrong", "hesitation", "instead", "only", "not", "but") for item in items)
    own = [part for part in parts if part.op != "unsupported"]
    if not own or not any(item.has_role("action") for item in items):
        return True
    weak = all(_is_weak(part) for part in own)
    return (marked and all(part.op == last.op for part in own)) or (weak and marked)


def _is_weak(part: Part) -> bool:
    """Whether the words hardly say `part`: a frame of last resort, or a bare "make it 15 seconds"."""
    match = part.clause.match
    return match is not None and (match.frame.weight < 0 or (part.op == "trim" and match.actions <= {"set"}))


def _changed(last: Step, items: Sequence[Item], line: Line, context: Context) -> Part | None:
    """The last operation with the values the sentence gives it, or None when it gives none that fit."""
    frame = next((frame for frame in frames() if frame.op == last.op), None)
    if frame is None:
        return None
    kept = _without_denied(items)
    explained = frozenset(
        index for index, item in enumerate(kept) if tokens_of(item) & frame.explains or item.slot is not None
    )
    clause = Clause(list(kept), Match(frame, 0.0, explained, frozenset()), "")
    new = bound(last.op, (), Bag(clause, line, context, last.op))
    if last.op == "fade" and not any(item.gift("direction") or _says_where(item) for item in kept):
        new.pop("direction")
    if last.op in _SPANNED and not any(item.slot is not None and item.slot.kind == "range" for item in kept):
        new = {key: value for key, value in new.items() if key not in ("start", "end")}
    new = {**_other_end(last, kept), **_from_bare_time(last, kept), **new}
    if last.op in _SPANNED and "end" in new and "start" not in new:
        new["start"] = 0
    new = {key: value for key, value in new.items() if value is not None}
    if all(last.args.get(key) == value for key, value in new.items()):
        return None
    return Part(last.op, _merged(last.args, new), clause)


def _says_where(item: Item) -> bool:
    return item.slot is not None and item.slot.kind in ("point", "range")


def _merged(old: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """`old` with `changes`; a new range or amount replaces the old one whole."""
    dropped = frozenset[str]().union(*(group for group in _WHOLE_GROUPS if group & changes.keys()))
    return {**{key: value for key, value in old.items() if key not in dropped}, **changes}


def _other_end(last: Step, items: Sequence[Item]) -> dict[str, Any]:
    """ "No, the end": as much as was taken off one end, off the other."""
    place = next(
        (item.slot.value for item in items if item.slot is not None and item.slot.kind == "point"), None
    )
    start, end = last.args.get("start", 0), last.args.get("end")
    if last.op not in _SPANNED or place is None:
        return {}
    if place == "end" and start == 0 and isinstance(end, int | float):
        return {"start": -end}
    return {"start": 0, "end": -start} if place == 0 and isinstance(start, int | float) and start < 0 else {}


def _from_bare_time(last: Step, items: Sequence[Item]) -> dict[str, Any]:
    """A lone time after a cut or a trim is its new length, on the side that was cut."""
    bare = next(
        (
            item.slot.value
            for item in items
            if item.slot is not None and item.slot.kind in ("time", "limit", "number")
        ),
        None,
    )
    if bare is None:
        return {}
    if last.op in _SPANNED:
        start = last.args.get("start", 0)
        if isinstance(start, int | float) and start < 0:
            return {"start": -bare}
        return {"start": start, "end": bare if not start else start + bare}
    if last.op == "fade":
        return {"duration": bare}
    if last.op == "trim_silence":
        return {"min_silence": bare}
    return {}


def _without_denied(items: Sequence[Item]) -> list[Item]:
    """`items` without what stands under a "not" ("not the voice, the music")."""
    kept: list[Item] = []
    denied = False
    for item in items:
        if item.has("not", "instead_of") and (not item.has("no") or item.text in _IS_NOT):
            denied = True
        elif item.has("comma", "but", "and", "then", "stop") or item.text in _IS:
            denied = False
        elif not denied:
            kept.append(item)
    return kept
