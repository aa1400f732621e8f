"""One question with concrete choices, asked when a request has no safe reading; and polite refusals."""

from typing import Any

import msgspec

from saycut.language import data
from saycut.language.parts import Part
from saycut.language.sides import sides_of
from saycut.words import Words

_LEVELS = frozenset({"volume", "speed"})
_NEEDED = {  # operation: one of these arguments, or this question
    "text": ({"text"}, "text"),
    "split": ({"at", "every"}, "range"),
    "speed": ({"factor", "direction"}, "speed"),
    "volume": ({"gain_db", "percent", "direction"}, "what"),
}


class Question(msgspec.Struct, frozen=True):
    """What is asked, and two or three answers that can be taken as they stand."""

    text: Words
    choices: tuple[Words, ...]


def question(name: str) -> Question:
    """The question `name` of `questions.toml`."""
    row = data.table("questions.toml")[name]
    return Question(_words(row), tuple(_words(each) for each in row["choices"]))


def unsure(concepts: frozenset[str]) -> Question:
    """The question for words that were half understood: its choices are about the thing that was named."""
    rows = data.table("questions.toml")
    named = next((name for name, row in rows.items() if concepts & set(row.get("about", ()))), "unsure")
    return question(named)


def refusal(feature: str) -> Words:
    """One polite sentence that says what cannot be done, and what can."""
    rows = data.table("unsupported.toml")
    return _words(rows.get(feature, rows["unknown"]))


def missing(parts: list[Part]) -> Question | None:
    """The question for the first step that lacks something without a safe default; None when all can run.

    In a compound, a step that lacks something does not hold up the others: it is asked only when alone.
    """
    real = [part for part in parts if part.op not in ("protect", "unsupported", "export")]
    if _cannot_decide(real):
        return question("what")
    lacking = [part for part in real if _lacks(part)]
    if not lacking or len(real) > 1:
        return None
    return question(_lacks(lacking[0]) or "unsure")


def _lacks(part: Part) -> str | None:
    """The name of the question to ask about `part`, or None when it can run."""
    args = part.args
    if part.op == "sync_audio":
        return None if args or _names_a_thing(part) else "file"
    if part.op == "reorder":
        return None if _placed(args) else "clip"
    if part.op == "replace_audio" and "source" not in args and _comes_from_nowhere(part):
        return "file"
    needed = _NEEDED.get(part.op)
    if needed is None or args.keys() & needed[0]:
        return None
    return needed[1]


def _cannot_decide(parts: list[Part]) -> bool:
    """ "Louder or quieter": one thing both ways."""
    ways = [(part.op, {**part.args, "direction": None}) for part in parts if "direction" in part.args]
    levels = [way for way in ways if way[0] in _LEVELS]
    said = {part.args["direction"] for part in parts if part.op in _LEVELS and "direction" in part.args}
    return {"up", "down"} <= said and any(levels.count(way) > 1 for way in levels)


def _comes_from_nowhere(part: Part) -> bool:
    """Whether what shall come in is only words nobody knows ("change the voice to a woman")."""
    items = part.clause.items
    new = [items[index] for index, side in sides_of(items).items() if side == "new"]
    return any(item.is_unknown for item in new) and not any(item.has_role("thing") for item in new)


def _names_a_thing(part: Part) -> bool:
    items = part.clause.items
    return any(item.has_role("thing") or item.slot is not None or item.gift("problem") for item in items)


def _placed(args: dict[str, Any]) -> bool:
    if args.keys() & {"swap", "order"}:
        return True
    return args.get("clip") is not None and bool(args.keys() & {"position", "before", "after"})


def _words(row: dict[str, Any]) -> Words:
    return Words(row["en"], row["zh"])
