"""Tagging: the line as a row of items, each a slot, a known phrase with its readings, or unknown words."""

from functools import cache
from typing import Any

import msgspec

from saycut.language.lexicon import TOKEN, Lexicon, Reading, lexicon
from saycut.language.line import Line
from saycut.language.slots import Slot, SlotBook

STOPS = frozenset(".;!?")
_GAP_TOKENS = 8
_DETERMINERS = frozenset({"determiner", "afresh", "clip", "royalty_free"})
_VERB_AFTER = frozenset({"polite", "then", "not", "pronoun", "and", "comma", "but", "hesitation"})
_OWN = frozenset({"my", "this", "these", "our"})
_HAN_FIRST, _HAN_LAST = "\u4e00", "\u9fff"


class Item(msgspec.Struct):
    """One stretch of the line: `start`/`end` are positions in it; readings are empty for unknown words."""

    start: int
    end: int
    text: str
    readings: tuple[Reading, ...] = ()
    slot: Slot | None = None
    side: str = ""

    @property
    def is_unknown(self) -> bool:
        """Whether no table knows these words."""
        return self.slot is None and not self.readings

    def has(self, *concepts: str) -> bool:
        """Whether one of the readings is one of `concepts`."""
        return any(reading.concept in concepts for reading in self.readings)

    def has_role(self, role: str) -> bool:
        """Whether one of the readings has `role`."""
        return any(reading.role == role for reading in self.readings)

    def gift(self, name: str) -> Any:
        """What a reading gives for the argument `name`, or None."""
        for reading in self.readings:
            for key, value in reading.gives:
                if key == name:
                    return value
        return None


@cache
def _signs() -> dict[str, tuple[Reading, ...]]:
    stop, comma = (Reading(name, "link", (), "", "signs") for name in ("stop", "comma"))
    return {**dict.fromkeys(STOPS, (stop,)), **dict.fromkeys(",:/+", (comma,))}


def tagged(line: Line, book: SlotBook) -> list[Item]:
    """The items of `line`, from left to right; spaces and stray signs are left out."""
    found = [(match.group(), match.start(), match.end()) for match in TOKEN.finditer(line.text)]
    tokens = [token for token, _, _ in found]
    known = lexicon()
    apart = _stand_apart(tokens, known)
    items: list[Item] = []
    at = 0
    while at < len(tokens):
        item, length = _item(tokens, found, at, known, apart, book)
        if item is not None:
            _append(items, item, line)
        at += length
    return _disambiguated(items)


def _item(
    tokens: list[str],
    found: list[tuple[str, int, int]],
    at: int,
    known: Lexicon,
    apart: dict[int, tuple[int, Reading | None]],
    book: SlotBook,
) -> tuple[Item | None, int]:
    token, start, _ = found[at]
    slot = book.get(token)
    if slot is not None:
        return Item(start, start + 1, token, slot=slot), 1
    if at in apart:
        length, reading = apart[at]
        end = found[at + length - 1][2]
        return _apart_item(Item(start, end, " ".join(tokens[at : at + length])), reading, tokens, at, known), length
    if token in _signs():
        return Item(start, start + 1, token, _signs()[token]), 1
    stop = next((index for index in range(at + 1, len(tokens)) if index in apart), None)
    length, readings = known.phrases.longest(tokens, at, stop)
    inner = _overlapping(tokens, at, length, known)
    if inner:
        shorter = known.phrases.longest(tokens, at, inner)
        length, readings = shorter if shorter[0] else (length, readings)
    if length:
        end = found[at + length - 1][2]
        return Item(start, end, " ".join(tokens[at : at + length]), tuple(readings)), length
    if not token[0].isalnum():
        return None, 1
    return Item(start, found[at][2], token), 1


def _overlapping(tokens: list[str], at: int, length: int, known: Lexicon) -> int:
    """Where a longer-reaching phrase begins inside the one at `at` ("replace the | background music"); 0 for none."""
    for inner in range(at + 1, at + length):
        reach, readings = known.phrases.longest(tokens, inner)
        meant = any(reading.role != "small" for reading in readings)
        if meant and reach > 1 and inner + reach > at + length:
            greedy = _unknown(tokens, at + length, inner + reach, known)
            patient = _unknown(tokens, at, inner, known)
            return inner if patient < greedy or (patient == greedy and tokens[at].isascii()) else 0
    return 0


def _unknown(tokens: list[str], begin: int, end: int, known: Lexicon) -> int:
    """How many tokens no phrase covers when `tokens[begin:end]` is read greedily."""
    missing, at = 0, begin
    while at < end:
        length, _ = known.phrases.longest(tokens, at, end)
        missing += not length
        at += length or 1
    return missing


def _apart_item(
    item: Item, reading: Reading | None, tokens: list[str], at: int, known: Lexicon
) -> Item | None:
    """The head of a phrase that stands apart, with its own readings too; of the tail only "with", "for" are kept."""
    length, own = known.phrases.longest(tokens, at)
    if reading is None:
        item.readings = tuple(each for each in own if each.concept == "with")
        return item if item.readings else None
    plain = tuple(own) if length == len(item.text.split()) else ()
    item.readings = (reading, *(each for each in plain if each.concept != reading.concept))
    return item


def _append(items: list[Item], item: Item, line: Line) -> None:
    """Add `item`; neighbouring unknown words become one item."""
    if items and item.is_unknown and items[-1].is_unknown and not line.text[items[-1].end : item.start].strip():
        last = items[-1]
        items[-1] = Item(last.start, item.end, line.text[last.start : item.end])
    else:
        items.append(item)


def _stand_apart(tokens: list[str], known: Lexicon) -> dict[int, tuple[int, Reading | None]]:
    """Phrases whose words stand apart ("turn the music down"): token index → (length, reading)."""
    found: dict[int, tuple[int, Reading | None]] = {}
    for at, token in enumerate(tokens):
        if at in found:
            continue
        if _is_topic(tokens, at, known):
            continue
        best: tuple[int, int, int, Reading] | None = None
        for head, tail, reading in known.apart.get(token, ()):
            if tuple(tokens[at : at + len(head)]) != head:
                continue
            place = _tail_place(tokens, at, len(head), tail)
            if place and _belongs_on(tokens, place, len(tail), known):
                continue
            if place and (best is None or (len(head) + len(tail), -place) > (best[0], -best[2])):
                best = (len(head) + len(tail), len(head), place, reading)
        if best is not None:
            _, head_length, place, reading = best
            tail_length = best[0] - head_length
            found[at] = (head_length, reading)
            found[place] = (tail_length, None)
    return found


def _is_topic(tokens: list[str], at: int, known: Lexicon) -> bool:
    """Whether a phrase of another kind of request begins here ("change the background")."""
    length, readings = known.phrases.longest(tokens, at)
    return length > 1 and any(reading.role == "topic" for reading in readings)


def _belongs_on(tokens: list[str], place: int, length: int, known: Lexicon) -> bool:
    """Whether the tail begins a longer phrase of its own ("strip the vocals | out of the song")."""
    reach, readings = known.phrases.longest(tokens, place)
    return reach > length + 1 and any(reading.role == "thing" for reading in readings)


def _tail_place(tokens: list[str], at: int, head_length: int, tail: tuple[str, ...]) -> int:
    """Where `tail` follows the head at `at`, at least one word on, before any stop, "then" or the same head; else 0."""
    begin = at + head_length
    for place in range(begin + 1, min(begin + _GAP_TOKENS, len(tokens) - len(tail) + 1)):
        if tokens[place - 1] in {",", ".", ";", "!", "?", "then", tokens[at]} and place > begin + 1:
            return 0
        if tuple(tokens[place : place + len(tail)]) == tail:
            return place
    return 0


def _without_source_values(item: Item, after: Item | None) -> tuple[Reading, ...]:
    """ "My MOV", "this 4K video": what the footage is, not what it shall become."""
    shape = any(key in ("format", "audio_format") for reading in item.readings for key, _ in reading.gives)
    if shape or (after is not None and after.has("video")):
        return (Reading("video", "thing", (), "", "signs"),)
    return item.readings


def _disambiguated(items: list[Item]) -> list[Item]:
    """Drop readings that the neighbours rule out: "the cut" is no action, "cinematic music" no request."""
    for index, item in enumerate(items):
        before = items[index - 1] if index else None
        after = items[index + 1] if index + 1 < len(items) else None
        if len(item.readings) > 1 and before is not None and item.text[0].isascii():
            if before.has(*_VERB_AFTER) and item.has_role("action") and (item.has("video") or item.has_role("small")):
                item.readings = tuple(reading for reading in item.readings if reading.role == "action")
            nominal = before.has(*_DETERMINERS) and not before.has_role("link") and not before.has("pronoun")
            if nominal and any(reading.role in {"thing", "small"} for reading in item.readings):
                item.readings = tuple(reading for reading in item.readings if reading.role != "action")
        if before is not None and before.text in _OWN and item.has_role("value"):
            item.readings = _without_source_values(item, after)
        if after is not None and after.has("music") and item.has_role("topic") and not item.has("generate"):
            item.readings = (Reading("genre", "mood", (), "", "moods"),)
    return items
