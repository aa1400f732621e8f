"""Frames: which action on which thing is which operation. Rows of `lexicon/frames/*.toml`.

A frame matches a clause when one of its actions (`do`), one of its things (`to`) and everything
in `with` are there and nothing of `without` is. Its score is the weight of the words it explains
less the weight of those it leaves over, so the frame that explains most of the clause wins.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec

from saycut.language import data
from saycut.language.filenames import file_kind
from saycut.language.sides import sides_of
from saycut.language.lexicon import Reading
from saycut.language.tagging import Item

GAIN = {"action": 2.0, "thing": 2.0, "topic": 3.0, "talk": 3.0, "value": 2.0, "quality": 1.0, "mood": 1.5, "link": 1.0}
LOSS = {"action": 1.5, "thing": 1.0, "topic": 3.0, "talk": 0.3, "value": 0.7, "quality": 0.3, "mood": 0.3}
SLOT_GAIN, SLOT_LOSS = 2.0, 1.2
UNKNOWN_LOSS, NAME_GAIN = 0.15, 0.5
MORE_ACTION_GAIN, MORE_THING_GAIN = 0.5, 1.0
FOOTAGE_GAIN = 0.3
OP_COST = 1.0
STRAY_NOT = 2.0
_FREE_ROLES = frozenset({"small", "link"})


class Frame(msgspec.Struct, frozen=True):
    """One row. Exactly one of `op` and `kind` is set; `takes_tokens` is what the operation's arguments explain."""

    op: str
    kind: str
    ask: str
    do: frozenset[str]
    to: frozenset[str]
    needs: tuple[frozenset[str], ...]
    without: frozenset[str]
    explains: frozenset[str]
    args: tuple[tuple[str, Any], ...]
    weight: float
    neutral: bool
    takes_names: bool
    targets: frozenset[str]
    examples: tuple[str, str]


class Match(msgspec.Struct, frozen=True):
    """A frame over a clause: its score, the indexes of the items it explains, the action words it used."""

    frame: Frame
    score: float
    explained: frozenset[int]
    actions: frozenset[str]


@cache
def frames() -> tuple[Frame, ...]:
    """Every frame, in the order of the tables."""
    return tuple(_frame(row) for _, table in data.tables("frames") for row in table["frame"])


@cache
def _by_token() -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = {}
    for index, frame in enumerate(frames()):
        keys = frame.do or frame.to or frozenset().union(*frame.needs)
        for token in keys:
            found.setdefault(token, []).append(index)
    return {token: tuple(indexes) for token, indexes in found.items()}


def tokens_of(item: Item) -> frozenset[str]:
    """What frames may ask for about `item`: concepts, "@" slot kinds, "#" what it gives, "~free" text."""
    tokens: set[str] = set()
    if item.slot is not None:
        tokens.add(f"@{item.slot.kind}")
        if item.slot.kind == "range":
            tokens.add(f"@range.{item.slot.value['side']}")
        if item.slot.kind == "file":
            tokens.add(f"@file.{file_kind(item.slot.value)}")
    for reading in item.readings:
        tokens.add(reading.concept)
        if reading.role == "topic":
            tokens.add("any topic")
        tokens.update(f"#{key}" for key, _ in reading.gives)
    if item.is_unknown or item.has("greeting", "thanks"):
        tokens.add("~free")
    return frozenset(tokens)


def best_match(items: Sequence[Item], inherited: frozenset[str] = frozenset()) -> Match | None:
    """The frame that explains `items` best, or None; `inherited` are actions of the clause before."""
    sides = sides_of(items)
    tokens = []
    for index, item in enumerate(items):
        plain = tokens_of(item)
        side = sides.get(index)
        tokens.append(plain | {f"{side}.{token}" for token in plain} if side else plain)
    present = frozenset().union(*tokens) | inherited
    seen = {index for token in present for index in _by_token().get(token, ())}
    best: Match | None = None
    for index in sorted(seen):
        match = _match(frames()[index], items, tokens, present, inherited)
        if match is not None and (best is None or match.score > best.score + 1e-9):
            best = match
    return best


def _match(
    frame: Frame, items: Sequence[Item], tokens: Sequence[frozenset[str]], present: frozenset[str], inherited: frozenset[str]
) -> Match | None:
    if frame.without & present or any(not need & present for need in frame.needs):
        return None
    if frame.to and not frame.to & present:
        return None
    done = frame.do & present
    if frame.do and not done:
        return None
    if "none" in done and any(item.has_role("action") for item in items):
        done -= {"none"}
        if not done:
            return None
    if frame.do and frame.to and not inherited and not _apart(frame, tokens):
        return None
    if done == {"none"} and not _lacks(frame, items, tokens):
        return None
    explains = frame.explains if "none" in done else frame.explains - {"none"}
    explained: set[int] = set()
    score = frame.weight - OP_COST
    used: set[str] = set()
    for index, item in enumerate(items):
        gain = _gain(frame, item, tokens[index] & explains, used)
        if gain is not None:
            explained.add(index)
            score += gain
        elif not frame.neutral:
            score -= loss(item)
    score -= _stray_not(items, explained, frame)
    actions = frozenset(token for index in explained for token in tokens[index] & frame.do) | (inherited & done)
    return Match(frame, score, frozenset(explained), actions)


def _stray_not(items: Sequence[Item], explained: set[int], frame: Frame) -> float:
    """What a "not" behind the action costs: it belongs to another clause ("louder but not the music")."""
    if frame.neutral:
        return 0.0
    first = next((index for index in sorted(explained) if items[index].has_role("action")), len(items))
    stray = any(
        item.has("not") and index not in explained and not item.has_role("talk") and index > first for index, item in enumerate(items)
    )
    return STRAY_NOT if stray else 0.0


def _apart(frame: Frame, tokens: Sequence[frozenset[str]]) -> bool:
    """Whether the action and the thing are said by two different words."""
    doing = [index for index, said in enumerate(tokens) if said & frame.do]
    things = [index for index, said in enumerate(tokens) if said & frame.to]
    return any(one != other for one in doing for other in things)


def _lacks(frame: Frame, items: Sequence[Item], tokens: Sequence[frozenset[str]]) -> bool:
    """Whether "no" stands right before the thing, or 不要了 right after ("no sound")."""
    for index, item in enumerate(items):
        if not item.has("none"):
            continue
        for following in range(index + 1, len(items)):
            if tokens[following] & frame.to:
                return True
            if not items[following].has_role("small"):
                break
        if index and tokens[index - 1] & frame.to:
            return True
    return False


def _gain(frame: Frame, item: Item, tokens: frozenset[str], used: set[str]) -> float | None:
    """What explaining `item` by `tokens` is worth to `frame`; None when the frame leaves it over."""
    if not tokens:
        return None
    if item.slot is not None:
        if item.slot.kind in used and item.slot.kind != "file":
            return None
        used.add(item.slot.kind)
        return SLOT_GAIN
    if item.is_unknown:
        return NAME_GAIN if frame.takes_names or "~free" in frame.to else None
    gains = [_reading_gain(frame, reading, tokens, used) for reading in item.readings]
    found = [gain for gain in gains if gain is not None]
    return max(found) if found else None


def _reading_gain(frame: Frame, reading: Reading, tokens: frozenset[str], used: set[str]) -> float | None:
    concept = reading.concept
    named = concept in frame.explains or (reading.role == "topic" and "any topic" in frame.explains) or any(
        f"{side}.{concept}" in frame.explains and f"{side}.{concept}" in tokens for side in ("old", "new")
    )
    if not named and not any(_given(frame, key, value) for key, value in reading.gives):
        return None
    if concept == "video":
        return FOOTAGE_GAIN
    if f"thing {concept}" in used and not frame.takes_names:
        return MORE_ACTION_GAIN
    used.add(f"thing {concept}")
    gain = GAIN.get(reading.role, 0.0)
    if reading.role == "action":
        if "action" in used:
            return MORE_ACTION_GAIN
        used.add("action")
        return gain
    asked = not named or not frame.to or concept in frame.to | frame.do or concept not in frame.explains
    return gain if asked else min(gain, MORE_THING_GAIN)


def _given(frame: Frame, key: str, value: Any) -> bool:
    """Whether the operation reads `key` from a word, with this value."""
    return f"#{key}" in frame.explains and (key != "target" or value in frame.targets)


def loss(item: Item) -> float:
    """What leaving `item` unexplained costs."""
    if item.slot is not None:
        return SLOT_LOSS
    if item.is_unknown:
        return UNKNOWN_LOSS
    return min(
        (0.0 if reading.concept == "video" or reading.role in _FREE_ROLES else LOSS[reading.role] for reading in item.readings),
        default=0.0,
    )


def _frame(row: dict[str, Any]) -> Frame:
    op = row.get("op", "")
    needs = tuple(frozenset(need.split("|")) for need in row.get("with", ()))
    do, to = frozenset(row.get("do", ())), frozenset(row.get("to", ()))
    explains = do | to | frozenset(row.get("also", ())) | frozenset().union(*needs) | _argument_tokens(op)
    return Frame(
        op=op,
        kind=row.get("kind", ""),
        ask=row.get("ask", ""),
        do=do,
        to=to,
        needs=needs,
        without=frozenset(row.get("without", ())),
        explains=explains,
        args=tuple(row.get("args", {}).items()),
        weight=row.get("weight", 0.0),
        neutral=row.get("neutral", False) or "*" in row.get("also", ()),
        takes_names=row.get("takes_names", False),
        targets=frozenset(data.table("arguments.toml")[op].get("targets", ()) if op else ()),
        examples=(row["en"], row["zh"]),
    )


def _argument_tokens(op: str) -> frozenset[str]:
    if not op:
        return frozenset()
    takes = data.table("arguments.toml")[op]["takes"]
    explained = data.table("takes.toml")
    return frozenset(token for name in takes for token in explained[name]["from"])
