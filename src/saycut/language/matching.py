"""Matching: the frame that explains a clause best.

A frame's score is the weight of the words it explains, less the weight of those it leaves over and
the cost of an operation; so of two readings the one that explains more of the clause wins. The
weights were set by hand on the sentences of the tests.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec

from saycut.language.frames import Frame, frames, tokens_of
from saycut.language.lexicon import Reading
from saycut.language.sides import sides_of
from saycut.language.tagging import Item

_GAIN = {
    "action": 2.0,
    "thing": 2.0,
    "topic": 3.0,
    "talk": 3.0,
    "value": 2.0,
    "quality": 1.0,
    "mood": 1.5,
    "link": 1.0,
}
LOSS = {"action": 1.5, "thing": 1.0, "topic": 3.0, "talk": 0.3, "value": 0.7, "quality": 0.3, "mood": 0.3}
_SLOT_GAIN, _SLOT_LOSS = 2.0, 1.2
_UNKNOWN_LOSS, _NAME_GAIN = 0.15, 0.5
_SAID_AGAIN_GAIN, _BESIDE_GAIN = 0.5, 1.0
_FOOTAGE_GAIN = 0.3
_OP_COST = 1.0
_STRAY_NOT = 2.0
_PARTING = frozenset({"comma", "but", "then", "stop"})
_FREE_ROLES = frozenset({"small", "link"})


class Match(msgspec.Struct, frozen=True):
    """A frame over a clause: its score, the indexes of the items it explains, the action words it used."""

    frame: Frame
    score: float
    explained: frozenset[int]
    actions: frozenset[str]


@cache
def _by_token() -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = {}
    for index, frame in enumerate(frames()):
        keys = frame.do or frame.to or frozenset().union(*frame.needs)
        for token in keys:
            found.setdefault(token, []).append(index)
    return {token: tuple(indexes) for token, indexes in found.items()}


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
    frame: Frame,
    items: Sequence[Item],
    tokens: Sequence[frozenset[str]],
    present: frozenset[str],
    inherited: frozenset[str],
) -> Match | None:
    """`frame` over `items`, or None when it does not fit."""
    if not _has_all(frame, present):
        return None
    done = _done(frame, items, present)
    if frame.do and (not done or not _well_placed(frame, items, tokens, done, inherited)):
        return None
    explains = frame.explains if "none" in done else frame.explains - {"none"}
    explained: set[int] = set()
    score = frame.weight - _OP_COST
    used: set[str] = set()
    for index, item in enumerate(items):
        gain = _gain(frame, item, tokens[index] & explains, used)
        if gain is not None:
            explained.add(index)
            score += gain
        elif not frame.neutral:
            score -= loss(item)
    score -= _stray_not(items, explained, frame)
    said = frozenset(token for index in explained for token in tokens[index] & frame.do)
    return Match(frame, score, frozenset(explained), said | (inherited & done))


def _has_all(frame: Frame, present: frozenset[str]) -> bool:
    if frame.without & present or (frame.to and not frame.to & present):
        return False
    return all(need & present for need in frame.needs)


def _done(frame: Frame, items: Sequence[Item], present: frozenset[str]) -> frozenset[str]:
    """The actions of the frame that are said; "no" is one (no sound) only where no verb is."""
    done = frame.do & present
    if "none" in done and any(item.has_role("action") for item in items):
        return done - {"none"}
    return done


def _well_placed(
    frame: Frame,
    items: Sequence[Item],
    tokens: Sequence[frozenset[str]],
    done: frozenset[str],
    inherited: frozenset[str],
) -> bool:
    """Whether action and thing are two different words, and a "no" stands at its thing."""
    if done == {"none"}:
        return _lacks(frame, items, tokens)
    if frame.together and not inherited and not _said_together(frame, items, tokens):
        return False
    return not frame.to or bool(inherited) or _said_apart(frame, tokens)


def _stray_not(items: Sequence[Item], explained: set[int], frame: Frame) -> float:
    """What a "not" behind the action costs: it belongs to another clause ("louder but not the music")."""
    if frame.neutral:
        return 0.0
    first = next((index for index in sorted(explained) if items[index].has_role("action")), len(items))
    stray = any(
        item.has("not") and index not in explained and not item.has_role("talk") and index > first
        for index, item in enumerate(items)
    )
    return _STRAY_NOT if stray else 0.0


def _said_apart(frame: Frame, tokens: Sequence[frozenset[str]]) -> bool:
    """Whether the action and the thing are said by two different words."""
    doing = [index for index, said in enumerate(tokens) if said & frame.do]
    things = [index for index, said in enumerate(tokens) if said & frame.to]
    return any(one != other for one in doing for other in things)


def _said_together(frame: Frame, items: Sequence[Item], tokens: Sequence[frozenset[str]]) -> bool:
    """Whether some action and some thing of the frame have no joining word between them: "the noise, but
    keep the voice" keeps no noise. Behind its action a thing may be one of several joined by "and"."""
    doing = [index for index, said in enumerate(tokens) if said & frame.do]
    things = [index for index, said in enumerate(tokens) if said & frame.to]
    return any(_joined(items, one, other) for one in doing for other in things)


def _joined(items: Sequence[Item], action: int, thing: int) -> bool:
    parting = _PARTING if action < thing else {"and", *_PARTING}
    return not any(item.has(*parting) for item in items[min(action, thing) : max(action, thing)])


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
        return _SLOT_GAIN
    if item.is_unknown:
        return _NAME_GAIN if frame.takes_names or "~free" in frame.to else None
    gains = [_reading_gain(frame, reading, tokens, used) for reading in item.readings]
    found = [gain for gain in gains if gain is not None]
    return max(found) if found else None


def _reading_gain(frame: Frame, reading: Reading, tokens: frozenset[str], used: set[str]) -> float | None:
    concept = reading.concept
    named = _named(frame, reading, tokens)
    if not named and not any(_given(frame, key, value) for key, value in reading.gives):
        return None
    if concept == "video":
        return _FOOTAGE_GAIN
    again = f"thing {concept}" in used and not frame.takes_names
    if again or _is_second_track(frame, reading, used):
        return _SAID_AGAIN_GAIN
    used.add(f"thing {concept}")
    gain = _GAIN.get(reading.role, 0.0)
    if reading.role == "action":
        if "action" in used:
            return _SAID_AGAIN_GAIN
        used.add("action")
        return gain
    asked = not named or not frame.to or concept in frame.to | frame.do or concept not in frame.explains
    return gain if asked else min(gain, _BESIDE_GAIN)


def _is_second_track(frame: Frame, reading: Reading, used: set[str]) -> bool:
    """Whether another track was named before: "voice up, music down" are two steps."""
    aimed = next((str(value) for key, value in reading.gives if key == "target"), "")
    if aimed not in frame.targets:
        return False
    before = {f"track {each}" for each in frame.targets} & used
    used.add(f"track {aimed}")
    return bool(before - {f"track {aimed}"})


def _named(frame: Frame, reading: Reading, tokens: frozenset[str]) -> bool:
    """Whether the frame asks for the reading's concept, as it stands or on the side it stands."""
    names = {reading.concept, f"old.{reading.concept}", f"new.{reading.concept}"} & frame.explains
    if reading.concept in names or names & tokens:
        return True
    return reading.role == "topic" and "any topic" in frame.explains


def _given(frame: Frame, key: str, value: Any) -> bool:
    """Whether the operation reads `key` from a word, with this value."""
    return f"#{key}" in frame.explains and (key != "target" or value in frame.targets)


def loss(item: Item) -> float:
    """What leaving `item` unexplained costs."""
    if item.slot is not None:
        return _SLOT_LOSS
    if item.is_unknown:
        return _UNKNOWN_LOSS
    return min(
        (
            0.0 if reading.concept == "video" or reading.role in _FREE_ROLES else LOSS[reading.role]
            for reading in item.readings
        ),
        default=0.0,
    )
