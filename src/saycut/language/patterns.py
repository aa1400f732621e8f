"""What quantities mean together: "the first {time}" is a range, "longer than {time}" a threshold.

The patterns are rows of `lexicon/patterns/*.toml`; each writes one slot. A row's `says` is plain
words with slots in braces; `(a|b)` is a choice and `(a)?` may be left out. `follows` are words of which
one has to stand before.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec

from saycut.language import data
from saycut.language.line import Line
from saycut.language.slots import SlotBook, char_class

_BRACES = re.compile(r"\{(\w+)\}")
_REFERENCE = re.compile(r"^(?P<sign>-?)\{(?P<first>\d)\}(?:\+\{(?P<second>\d)\})?(?P<share>%?)$")


class Pattern(msgspec.Struct, frozen=True):
    """One row: what is said, the slot it writes, and the example that proves it."""

    says: str
    kind: str
    value: Any
    example: str
    op: str
    regex: re.Pattern[str]


@cache
def patterns() -> tuple[Pattern, ...]:
    """Every row of the tables, in the order they are tried (file by file, row by row)."""
    return tuple(
        Pattern(row["says"], row["kind"], row.get("value", "{1}"), row["example"], row["op"], _compiled(row["says"], row.get("follows", ())))
        for _, table in data.tables("patterns")
        for row in table["pattern"]
    )


def with_patterns(line: Line, book: SlotBook) -> Line:
    """`line` with every relation between quantities as a slot of `book`."""
    for pattern in patterns():
        if pattern.regex.search(line.text):
            line = line.rewrite(pattern.regex, lambda match, pattern=pattern: _written(match, pattern, book))  # type: ignore[misc]  # a bound default
    return line


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


def _compiled(says: str, follows: Sequence[str]) -> re.Pattern[str]:
    body = _BRACES.sub(lambda match: f"\\s*{char_class(match[1])}\\s*", says)
    body = body.replace(" ", "\\s*")
    before = "|".join(f"(?<={re.escape(word)} )" for word in follows) or "(?<![a-z])"
    return re.compile(rf"(?:{before})(?:{body})(?![a-z])")
