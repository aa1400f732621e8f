"""Frames: which action on which thing is which operation. Rows of `lexicon/frames/*.toml`.

A frame matches a clause when one of its actions (`do`), one of its things (`to`) and everything
in `with` are there and nothing of `without` is; which frame wins is for `matching`.
"""

from functools import cache
from typing import Any

import msgspec

from saycut.language import data
from saycut.language.filenames import file_kind
from saycut.language.tagging import Item


class Frame(msgspec.Struct, frozen=True):
    """One row. Exactly one of `op` and `kind` is set; `explains` is every token it can make use of;
    where `together` is set, no comma and no "but" may part its action from its thing."""

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
    together: bool
    targets: frozenset[str]
    examples: tuple[str, str]


@cache
def frames() -> tuple[Frame, ...]:
    """Every frame, in the order of the tables."""
    return tuple(_frame(row) for _, table in data.tables("frames") for row in table["frame"])


def tokens_of(item: Item) -> frozenset[str]:
    """What frames may ask for about `item`: concepts, "@" slot kinds, "#" what it gives, "~free" text."""
    tokens: set[str] = set()
    if item.slot is not None:
        tokens.add(f"@{item.slot.kind}")
        if item.slot.kind == "range":
            tokens.add(f"@range.{item.slot.value['side']}")
        if item.slot.kind == "point" and item.slot.value in (0, "end", "both"):
            tokens.add("@point.edge")
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
        together=row.get("together", False),
        targets=frozenset(data.table("arguments.toml")[op].get("targets", ()) if op else ()),
        examples=(row["en"], row["zh"]),
    )


def _argument_tokens(op: str) -> frozenset[str]:
    if not op:
        return frozenset()
    takes = data.table("arguments.toml")[op]["takes"]
    explained = data.table("takes.toml")
    return frozenset(token for name in takes for token in explained[name]["from"])
