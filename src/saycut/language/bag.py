"""What a clause offers to its operation: the explained slots and what its words give."""

import itertools
from collections.abc import Iterator
from typing import Any

from saycut.language import data
from saycut.language.clauses import Clause
from saycut.language.context import Context
from saycut.language.line import Line
from saycut.language.sides import sides_of
from saycut.language.tagging import Item


class Bag:
    """The items a clause's frame explains, asked for by slot kind or by what they give.

    `targets` are the tracks that the operation `op` can be aimed at.
    """

    def __init__(self, clause: Clause, line: Line, context: Context, op: str = "") -> None:
        match = clause.match
        explained = match.explained if match is not None else frozenset()
        self.clause = clause
        self.targets = frozenset(data.table("arguments.toml").get(op, {}).get("targets", ()))
        self.line = line
        self.context = context
        self.all_items = clause.items
        self.sides = sides_of(clause.items)
        self.items = [item for index, item in enumerate(clause.items) if index in explained]
        self.side_of = {id(clause.items[index]): side for index, side in self.sides.items()}

    def slot(self, *kinds: str) -> Any:
        """The value of the first slot of one of `kinds`; None when there is none."""
        return next(
            (item.slot.value for item in self.items if item.slot is not None and item.slot.kind in kinds),
            None,
        )

    def follows(self, kind: str, words: frozenset[str]) -> bool:
        """Whether the first slot of `kind` stands right after one of `words`."""
        for before, item in itertools.pairwise(self.all_items):
            if item.slot is not None and item.slot.kind == kind:
                return before.text in words
        return False

    def slots(self, kind: str) -> list[Any]:
        """The values of every slot of `kind`, in spoken order."""
        return [item.slot.value for item in self.items if item.slot is not None and item.slot.kind == kind]

    def gifts(self, name: str) -> list[Any]:
        """What the words give for the argument `name`, in spoken order, without repeats."""
        found: list[Any] = []
        for item in self.items:
            gift = item.gift(name)
            if gift is not None and gift not in found:
                found.append(gift)
        return found

    def gift(self, name: str) -> Any:
        """The first thing the words give for `name`, or None."""
        return next(iter(self.gifts(name)), None)

    def has(self, *concepts: str) -> bool:
        """Whether an explained word is one of `concepts`."""
        return any(item.has(*concepts) for item in self.items)

    def mentions(self, *concepts: str) -> bool:
        """Whether any word of the clause, explained or not, is one of `concepts`."""
        return any(item.has(*concepts) for item in self.all_items)

    def new_side(self) -> Iterator[Item]:
        """The items that stand on the coming side of a replacement (all items when nothing is replaced)."""
        return (item for item in self.all_items if self.side_of.get(id(item), "new") == "new")

    def raw(self, item: Item) -> str:
        """What the person typed for `item`."""
        return self.line.raw(item.start, item.end)
