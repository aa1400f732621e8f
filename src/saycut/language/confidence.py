"""How much of a sentence was understood, and which words became what."""

from collections.abc import Sequence

from saycut.language.clauses import Clause
from saycut.language.frames import Frame
from saycut.language.line import Line
from saycut.language.matching import LOSS, loss
from saycut.language.slots import slot_said
from saycut.language.tagging import Item

_UNKNOWN_WORD = 0.5  # names and asides are often unknown and harmless: half the weight of a known word
_HAN_PER_WORD = 2


def confidence_of(clauses: Sequence[Clause]) -> float:
    """The share (0 to 1) of content words that a frame explained, by weight; 1.0 where there are none."""
    total = explained = 0.0
    for clause in clauses:
        for index, item in enumerate(clause.items):
            used = clause.match is not None and index in clause.match.explained
            weight = _weight(item, used=used)
            total += weight
            neutral = clause.match is not None and loss(item) == 0 and not item.is_unknown
            if used or neutral:
                explained += weight
    return round(explained / total, 3) if total else 1.0


def explanation_of(clauses: Sequence[Clause], line: Line) -> tuple[tuple[str, str], ...]:
    """Each explained fragment and what it became: "operation: concept" or "operation: value with unit"."""
    found: list[tuple[str, str]] = []
    for clause in clauses:
        if clause.match is None:
            continue
        name = clause.match.frame.op or clause.match.frame.kind
        for index in sorted(clause.match.explained):
            item = clause.items[index]
            pair = (line.raw(item.start, item.end).strip(), f"{name}: {_meaning(clause.match.frame, item)}")
            if pair not in found:
                found.append(pair)
    return tuple(found)


def _meaning(frame: Frame, item: Item) -> str:
    """What `item` is to `frame`: the value of a slot with its unit, else the concept the frame asks for."""
    if item.slot is not None:
        return slot_said(item.slot)
    concepts = dict.fromkeys(reading.concept for reading in item.readings)
    for asked in (frame.do, frame.to, frame.explains, frozenset(concepts)):
        said = [concept for concept in concepts if concept in asked]
        if said:
            return "/".join(said)
    return "name"


def _weight(item: Item, *, used: bool) -> float:
    """What `item` counts; a word that can be small talk ("export") counts only where it was used."""
    if item.slot is not None:
        return 1.0
    if item.is_unknown:
        words = len(item.text.split()) if item.text.isascii() else len(item.text) / _HAN_PER_WORD
        return max(_UNKNOWN_WORD, words * _UNKNOWN_WORD)
    roles = {reading.role for reading in item.readings}
    free = roles & {"small", "link"}
    if free and (not used or roles == free):
        return 0.0
    return max(LOSS.get(role, _UNKNOWN_WORD) for role in roles - free)
