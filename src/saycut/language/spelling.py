"""Typo repair against the lexicon: bounded edit distance, never inside names.

Distance is Damerau-Levenshtein in its restricted form (Damerau 1964; one transposition counts
one). A word is repaired only when it is no word of the lexicon, no known look-alike, not
written with a capital inside the sentence, and exactly the nearest candidate is clear.
"""

import functools
import operator
import re
from functools import cache

from saycut.language import data
from saycut.language.lexicon import lexicon
from saycut.language.line import Line
from saycut.language.patterns import patterns

_WORD = re.compile(r"(?<![\w.])[a-z]{3,18}(?![\w.])")
_DOUBLED = re.compile(r"([a-z])\1")  # "cutt", "trimm"
_UNITS = (
    "second",
    "seconds",
    "minute",
    "minutes",
    "hour",
    "hours",
    "percent",
    "first",
    "last",
    "decibels",
    "degrees",
    "speed",
    "half",
)
_LETTERS = re.compile(r"[a-z]+")
_MARKS = "lufs lkfs dbs dbfs fps kbps mbps ms secs mins hrs sec min hz khz px mb gb pct dbtp kbit"
_COMMON = frozenset({"the", "and", "with", "this", "video"})
_SAFE_LENGTH = 5  # shorter words have too many neighbours: there only swapped letters are put right
_ONE_EDIT_UP_TO = 7


@cache
def _known() -> frozenset[str]:
    spoken = frozenset(word for pattern in patterns() for word in _LETTERS.findall(pattern.says))
    return (
        lexicon().words
        | frozenset(_UNITS)
        | spoken
        | frozenset(_MARKS.split())
        | frozenset(data.table("lookalikes.toml")["words"].split())
    )


@cache
def _candidates() -> dict[tuple[str, int], tuple[tuple[str, int], ...]]:
    """Words to repair to, with their letters as a bit set; by one of the first two letters and the length."""
    found: dict[tuple[str, int], list[tuple[str, int]]] = {}
    for word in sorted(lexicon().repairable | frozenset(_UNITS) | _COMMON):
        for letter in set(word[:2]):
            found.setdefault((letter, len(word)), []).append((word, _letters_of(word)))
    return {key: tuple(words) for key, words in found.items()}


def _letters_of(word: str) -> int:
    return functools.reduce(operator.or_, (1 << (ord(char) - ord("a")) for char in word), 0)


def repaired(line: Line) -> Line:
    """`line` with typos of lexicon words put right."""
    return line.rewrite(_WORD, lambda match: _fixed(match.group(), line.raw(*match.span()), match.start()))


def _fixed(word: str, raw: str, at: int) -> str | None:
    if word in _known() or word.removesuffix("s") in _known() or (at > 0 and raw[:1].isupper()):
        return None
    single = _DOUBLED.sub(r"\1", word)
    return single if single in _known() and single != word else _repair(word)


@cache
def _repair(word: str) -> str | None:
    allowed = 1 if len(word) <= _ONE_EDIT_UP_TO else 2
    letters = _letters_of(word)
    best, best_rank = None, (allowed + 1, 1)
    for length in range(len(word) - allowed, len(word) + allowed + 1):
        for candidate, candidate_letters in _candidates().get((word[0], length), ()):
            if (letters ^ candidate_letters).bit_count() > 2 * allowed:
                continue  # each edit changes at most two letters of the set
            swapped = sorted(candidate) == sorted(word)
            if len(word) < _SAFE_LENGTH and not swapped:
                continue
            rank = (edit_distance(word, candidate, allowed), 0 if swapped else 1)
            if rank[0] <= allowed and rank < best_rank:
                best, best_rank = candidate, rank
    return best


def edit_distance(one: str, other: str, limit: int) -> int:
    """Restricted Damerau-Levenshtein distance, or `limit + 1` when it is larger than `limit`."""
    before_last: list[int] = []
    last = list(range(len(other) + 1))
    for row, char in enumerate(one, 1):
        current = [row] + [0] * len(other)
        for column, target in enumerate(other, 1):
            cost = char != target
            current[column] = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + cost)
            if row > 1 and column > 1 and char == other[column - 2] and one[row - 2] == target:
                current[column] = min(current[column], before_last[column - 2] + 1)
        if min(current) > limit:
            return limit + 1
        before_last, last = last, current
    return last[-1]
