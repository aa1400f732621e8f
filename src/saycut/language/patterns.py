"""What quantities mean together: "the first {time}" is a range, "longer than {time}" a threshold.

The patterns are rows of `lexicon/patterns/*.toml`; each writes one slot. A row's `says` is plain
words with slots in braces; `(a|b)` is a choice and `(a)?` may be left out. `follows` are words of which
one has to stand before.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec

from saycut.language import data
from saycut.language.line import Line
from saycut.language.slots import SlotBook, char_class

_BRACES = re.compile(r"\{(\w+)\}")
_REFERENCE = re.compile(r"^(?P<sign>-?)\{(?P<first>\d)\}(?:\+\{(?P<second>\d)\})?(?P<share>%?)$")


class Pattern(msgspec.Struct, frozen=True):
    """One row: what is said, the slot it writes, and the example that proves it.

    `needs` are, for each way to say it, the kinds of slots without which it cannot be said.
    """

    says: str
    follows: tuple[str, ...]
    kind: str
    value: Any
    example: str
    op: str
    needs: tuple[frozenset[str], ...]


@cache
def patterns() -> tuple[Pattern, ...]:
    """Every row of the tables, in the order they are tried (file by file, row by row)."""
    return tuple(
        Pattern(
            says=row["says"],
            follows=tuple(row.get("follows", ())),
            kind=row["kind"],
            value=row.get("value", "{1}"),
            example=row["example"],
            op=row["op"],
            needs=_needs(row["says"]),
        )
        for _, table in data.tables("patterns")
        for row in table["pattern"]
    )


def with_patterns(line: Line, book: SlotBook) -> Line:
    """`line` with every relation between quantities as a slot of `book`."""
    for index, pattern in enumerate(patterns()):
        if not any(need <= book.kinds for need in pattern.needs):
            continue
        regex = _compiled(index)
        if regex.search(line.text):
            line = line.rewrite(regex, _writer(pattern, book))
    return line


def _needs(says: str) -> tuple[frozenset[str], ...]:
    """The slots outside all parentheses, for each of the ways that "|" separates outside all parentheses."""
    ways, depth = [""], 0
    for char in says:
        depth += (char == "(") - (char == ")")
        if char == "|" and depth == 0:
            ways.append("")
        elif depth == 0:
            ways[-1] += char
    return tuple(frozenset(_BRACES.findall(way)) for way in ways)


def _writer(pattern: Pattern, book: SlotBook) -> Callable[[re.Match[str]], str | None]:
    return lambda match: _written(match, pattern, book)


def _written(match: re.Match[str], pattern: Pattern, book: SlotBook) -> str | None:
    found = [book.read(char).value for char in match.group() if book.get(char) is not None]
    char = book.write(pattern.kind, _filled(pattern.value, found))
    return char and f" {char} "


def _filled(template: Any, found: list[Any]) -> Any:
    if isinstance(template, dict):
        return {key: _filled(each, found) for key, each in template.items()}
    if isinstance(template, list):
        return [_filled(each, found) for each in template]
    reference = _REFERENCE.match(template) if isinstance(template, str) else None
    if reference is None:
        return template
    value = found[int(reference["first"]) - 1]
    if reference["second"]:
        value = value + found[int(reference["second"]) - 1]
    if reference["sign"]:
        value = -value
    return f"{value:g}%" if reference["share"] else value


@cache
def _compiled(index: int) -> re.Pattern[str]:
    """The regular expression of a row; compiled when a sentence first needs it."""
    pattern = patterns()[index]
    body = _BRACES.sub(lambda match: f"\\s*{char_class(match[1])}\\s*", pattern.says)
    body = body.replace(" ", "\\s*")
    before = "|".join(f"(?<={re.escape(word)} )" for word in pattern.follows) or "(?<![a-z])"
    return re.compile(rf"(?:{before})(?:{body})(?![a-z])")
