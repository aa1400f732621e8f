"""Tagging: the line as a row of items: slots, known phrases with their readings, unknown words."""

import re
from functools import cache
from typing import Any

import msgspec

from saycut.language.apart import standing_apart
from saycut.language.lexicon import TOKEN, Lexicon, Reading, lexicon
from saycut.language.line import Line
from saycut.language.slots import Slot, SlotBook

_KANA = re.compile("[\u3040-\u30ff]")
_GET = frozenset({"get", "gets", "getting"})
_STOPS = ".;!?"
_COMMAS = ",:/+"
_DETERMINERS = frozenset({"determiner", "afresh", "clip", "royalty_free"})
_BEFORE_A_VERB = frozenset({"polite", "then", "not", "pronoun", "and", "comma", "but", "hesitation"})
_OWN = frozenset({"my", "this", "these", "our"})


class Item(msgspec.Struct):
    """One stretch of the line, `text[start:end]`; readings are empty for slots and for unknown words."""

    start: int
    end: int
    text: str
    readings: tuple[Reading, ...] = ()
    slot: Slot | None = None

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


def tagged(line: Line, book: SlotBook) -> list[Item]:
    """The items of `line`, from left to right; spaces and stray signs are left out."""
    items: list[Item] = []
    scan = _Scan(line, book)
    at = 0
    while at < len(scan.tokens):
        item, length = scan.item(at)
        if item is not None:
            _append(items, item, line)
        at += length
    _disambiguate(items)
    return items


class _Scan:
    """The tokens of one line, and which item begins at each."""

    def __init__(self, line: Line, book: SlotBook) -> None:
        found = list(TOKEN.finditer(line.text))
        self.tokens = [match.group() for match in found]
        self._spans = [match.span() for match in found]
        self._book = book
        self._known = lexicon()
        self._apart = standing_apart(self.tokens, self._known)

    def item(self, at: int) -> tuple[Item | None, int]:
        """The item that begins at token `at` (None for a stray sign) and how many tokens it has."""
        token = self.tokens[at]
        slot = self._book.get(token)
        if slot is not None:
            return self._item(at, 1, slot=slot), 1
        if at in self._apart:
            length, reading = self._apart[at]
            readings = self._readings_apart(at, length, reading)
            return (self._item(at, length, readings) if readings else None), length
        if token in _signs():
            return self._item(at, 1, _signs()[token]), 1
        length, known = self._longest(at)
        if length:
            return self._item(at, length, tuple(known)), length
        return (self._item(at, 1) if token[0].isalnum() else None), 1

    def _item(
        self, at: int, length: int, readings: tuple[Reading, ...] = (), slot: Slot | None = None
    ) -> Item:
        start, end = self._spans[at][0], self._spans[at + length - 1][1]
        return Item(start, end, " ".join(self.tokens[at : at + length]), readings, slot)

    def _readings_apart(self, at: int, length: int, reading: Reading | None) -> tuple[Reading, ...]:
        """A head that stands apart keeps its own readings too; of a tail only "with" is kept."""
        reach, own = self._known.phrases.longest(self.tokens, at)
        if reading is not None and reading.concept == "into":
            return (reading,)
        if reading is None:
            return tuple(each for each in own if each.concept == "with")
        plain = own if reach == length else []
        return (reading, *(each for each in plain if each.concept != reading.concept))

    def _longest(self, at: int) -> tuple[int, list[Reading]]:
        """The longest phrase from `at` that leaves the phrases after it whole."""
        stop = next((index for index in range(at + 1, len(self.tokens)) if index in self._apart), None)
        phrases = self._known.phrases
        length, readings = phrases.longest(self.tokens, at, stop)
        inner = _cut_short(self.tokens, at, length, self._known)
        if inner:
            shorter = phrases.longest(self.tokens, at, inner)
            return shorter if shorter[0] else (length, readings)
        return length, readings


@cache
def _signs() -> dict[str, tuple[Reading, ...]]:
    stop, comma = (Reading(name, "link", (), "", "signs") for name in ("stop", "comma"))
    return {**dict.fromkeys(_STOPS, (stop,)), **dict.fromkeys(_COMMAS, (comma,))}


def _cut_short(tokens: list[str], at: int, length: int, known: Lexicon) -> int:
    """Where the phrase at `at` should end early because a better one begins inside it; 0 when it should not.

    "replace the | background music": a phrase that begins inside and reaches farther is taken when
    that leaves fewer words unknown, or in English as many (中文 | 字幕 stays as it is).
    """
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


def _append(items: list[Item], item: Item, line: Line) -> None:
    """Add `item`; neighbouring unknown words become one item."""
    last = items[-1] if items else None
    joined = last is not None and last.is_unknown and not line.text[last.end : item.start].strip()
    if last is not None and joined and item.is_unknown:
        items[-1] = Item(last.start, item.end, line.text[last.start : item.end])
    else:
        items.append(item)


def _disambiguate(items: list[Item]) -> None:
    """Drop readings that the neighbours rule out: "the cut" is no action, "cinematic music" no filter."""
    japanese = any(_KANA.search(item.text) for item in items)
    reshaped = any(_is_shape(item) for item in items)
    for index, item in enumerate(items):
        before = items[index - 1] if index else None
        after = items[index + 1] if index + 1 < len(items) else None
        if before is not None and item.text[0].isascii():
            item.readings = _readings_after(before, item)
        if japanese and item.has("video"):  # 動画 is a film, 动画 an animation
            item.readings = tuple(reading for reading in item.readings if reading.role != "topic")
        if item.text in _GET and after is not None and after.has("lower", "raise"):  # "gets quieter"
            item.readings = tuple(reading for reading in item.readings if reading.role != "action")
        if reshaped and item.has("blurred"):
            item.readings = tuple(reading for reading in item.readings if reading.role != "topic")
        if before is not None and before.text in _OWN and item.has_role("value"):
            item.readings = _without_source_values(item, after)
        if after is not None and after.has("music") and item.has_role("topic") and not item.has("generate"):
            item.readings = (Reading("genre", "mood", (), "", "moods"),)


def _is_shape(item: Item) -> bool:
    """Whether the picture gets another shape: then "blur" fills its sides and is no filter."""
    return item.gift("aspect") is not None or (item.slot is not None and item.slot.kind == "aspect")


def _readings_after(before: Item, item: Item) -> tuple[Reading, ...]:
    """The readings of an English word after `before`: a verb after "then", no verb after "the"."""
    readings = item.readings
    if before.has("determiner") and item.has_role("thing"):  # "the pauses" are no order to a player
        readings = tuple(reading for reading in readings if reading.role != "topic")
    actions = tuple(reading for reading in readings if reading.role == "action")
    others = tuple(reading for reading in readings if reading.role != "action")
    if not actions or not others:
        return readings
    if before.has(*_BEFORE_A_VERB) and (item.has("video") or item.has_role("small")):
        return actions
    nominal = before.has(*_DETERMINERS) and not before.has_role("link") and not before.has("pronoun")
    return others if nominal and (item.has_role("thing") or item.has_role("small")) else readings


def _without_source_values(item: Item, after: Item | None) -> tuple[Reading, ...]:
    """ "My MOV", "this 4K video": what the footage is, not what it shall become."""
    is_format = item.gift("format") is not None or item.gift("audio_format") is not None
    if is_format or (after is not None and after.has("video")):
        return (Reading("video", "thing", (), "", "signs"),)
    return item.readings
