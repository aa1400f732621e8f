"""How far a sentence gets before the clauses: for tests of the early stages."""

from saycut.language.line import Line
from saycut.language.mask import masked
from saycut.language.normalise import normalised
from saycut.language.patterns import with_patterns
from saycut.language.quantities import with_quantities
from saycut.language.slots import Slot, SlotBook
from saycut.language.spelling import repaired
from saycut.language.tagging import Item, tagged


def items_of(text: str) -> list[Item]:
    """The tagged items of `text`."""
    book = SlotBook()
    line = with_patterns(with_quantities(repaired(normalised(masked(Line.of(text), book))), book), book)
    return tagged(line, book)


def slots_of(text: str) -> list[Slot]:
    """The slots of `text`, in spoken order."""
    return [item.slot for item in items_of(text) if item.slot is not None]


def slot_of(text: str, kind: str) -> object:
    """The value of the one slot of `kind` in `text`."""
    values = [slot.value for slot in slots_of(text) if slot.kind == kind]
    assert len(values) == 1, (text, slots_of(text))
    return values[0]


def normal(text: str) -> str:
    """`text` masked, in normal form and with its typos repaired; slots are left out."""
    book = SlotBook()
    line = repaired(normalised(masked(Line.of(text), book)))
    return " ".join("".join(" " if book.get(char) else char for char in line.text).split())
