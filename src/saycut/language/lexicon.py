"""The lexicon: which words mean what. Read from `lexicon/words/*.toml`, one row a concept.

A phrase may carry several readings ("silence" is a thing and an action); the frames decide
which one explains the sentence.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from saycut.language import data
from saycut.language.inflect import noun_forms, verb_forms
from saycut.language.normalise import plain_form

_NO_LETTER = r"\W_\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af"  # kana, Han and hangul are tokens one by one
TOKEN = re.compile(rf"[^{_NO_LETTER}\d][^{_NO_LETTER}]*(?:/[a-z])?|\d[a-z\d]*|[^\s]")
_PREFIXES = frozenset({"re", "de", "un", "auto"})
_NOT_REPAIRED_TO = frozenset({"small", "talk", "topic", "mood"})
_GAP = " ... "
_LETTERS = re.compile(r"[a-z]+$")


class Reading(msgspec.Struct, frozen=True):
    """One meaning of a phrase: the concept, its role, and the arguments it fills in."""

    concept: str
    role: str
    gives: tuple[tuple[str, Any], ...]
    feature: str
    table: str


class Row(msgspec.Struct, frozen=True):
    """One row of a word table, as written: for the tests and for the explanation."""

    reading: Reading
    says: tuple[str, ...]
    example: str
    op: str


class Phrases:
    """A tree of tokens; each path that ends in readings is a phrase."""

    def __init__(self) -> None:
        self._root: dict[str, Any] = {}

    def add(self, tokens: tuple[str, ...], reading: Reading) -> None:
        """Know the phrase `tokens` in the sense of `reading`."""
        node = self._root
        for token in tokens:
            node = node.setdefault(token, {})
        readings = node.setdefault("", [])
        if all(known.concept != reading.concept for known in readings):
            readings.append(reading)

    def longest(self, tokens: list[str], at: int, stop: int | None = None) -> tuple[int, list[Reading]]:
        """Tokens of the longest known phrase from `at` that ends by `stop` (0: none), and its readings."""
        node, length, readings, count = self._root, 0, [], 0
        stop = len(tokens) if stop is None else stop
        while at + count < stop and tokens[at + count] in node:
            node = node[tokens[at + count]]
            count += 1
            if "" in node:
                length, readings = count, node[""]
        return length, readings


class Lexicon(msgspec.Struct, frozen=True):
    """The rows, their phrases, the phrases whose words may stand apart, and all single words."""

    rows: tuple[Row, ...]
    phrases: Phrases
    apart: dict[str, tuple[tuple[tuple[str, ...], tuple[str, ...], Reading], ...]]
    words: frozenset[str]
    repairable: frozenset[str]


def tokens_of(phrase: str) -> tuple[str, ...]:
    """`phrase` cut the way sentences are: Latin words, single Han characters, single signs."""
    return tuple(TOKEN.findall(phrase))


@cache
def lexicon() -> Lexicon:
    """The whole lexicon (about 40 ms once per process)."""
    rows = tuple(_rows())
    phrases, apart = Phrases(), dict[str, list[tuple[tuple[str, ...], tuple[str, ...], Reading]]]()
    words: set[str] = set()
    repairable: set[str] = set()
    inflections = {name: table.get("inflect", "none") for name, table in data.tables("words")}
    for row in rows:
        for said in map(plain_form, row.says):
            for tokens in _forms(said, inflections[row.reading.table]):
                if "..." in tokens:
                    gap = tokens.index("...")
                    apart.setdefault(tokens[0], []).append((tokens[:gap], tokens[gap + 1 :], row.reading))
                else:
                    phrases.add(tokens, row.reading)
                known = [token for token in tokens if _LETTERS.match(token)]
                words.update(known)
                if row.reading.role not in _NOT_REPAIRED_TO and (
                    len(tokens) == 1 or row.reading.role == "thing"
                ):
                    repairable.update(known)
    return Lexicon(
        rows,
        phrases,
        {head: tuple(each) for head, each in apart.items()},
        frozenset(words),
        frozenset(repairable),
    )


def _rows() -> Iterator[Row]:
    for name, table in data.tables("words"):
        for concept, row in table.items():
            if not isinstance(row, dict):
                continue
            reading = Reading(
                concept,
                row.get("role") or table["role"],
                tuple(row.get("gives", {}).items()),
                row.get("feature", ""),
                name,
            )
            yield Row(reading, tuple(row["says"]), row["example"], row["op"])


def _forms(said: str, inflection: str) -> Iterator[tuple[str, ...]]:
    parts = said.split(_GAP)
    tokens = tokens_of(parts[0])
    tail = ("...", *tokens_of(parts[1])) if len(parts) == 2 else ()
    if inflection == "verb" and tokens[0] in _PREFIXES and len(tokens) > 1:
        yield from ((tokens[0], form, *tokens[2:], *tail) for form in verb_forms(tokens[1]))
    elif inflection == "verb":
        yield from ((form, *tokens[1:], *tail) for form in verb_forms(tokens[0]))
    elif inflection == "noun" and not tail:
        yield from ((*tokens[:-1], form) for form in noun_forms(tokens[-1]))
    else:
        yield (*tokens, *tail)
