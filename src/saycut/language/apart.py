"""Phrases whose words stand apart: "turn the music down", "take the ums out"."""

import re
from collections.abc import Sequence

from saycut.language.lexicon import Lexicon, Reading
from saycut.language.slots import char_class

_FARTHEST = 8  # tokens between the head and the tail
_ENDS = frozenset({",", ".", ";", "!", "?", "then"})

_FILE = re.compile(char_class("file"))
_TO = ("to",)
_INTO = Reading("into", "link", (), "", "signs")  # "change the song | to | upbeat.mp3"


def standing_apart(tokens: list[str], known: Lexicon) -> dict[int, tuple[int, Reading | None]]:
    """Where such phrases stand: token index → (tokens it covers, its reading; None for the tail)."""
    found: dict[int, tuple[int, Reading | None]] = {}
    for at, token in enumerate(tokens):
        ways = known.apart.get(token, ())
        if at in found or not ways or _is_topic(tokens, at, known):
            continue
        best = max(
            (
                (len(head) + len(tail), -place, (head, tail, reading))
                for head, tail, reading in ways
                if (place := _place_of(tokens, at, head, tail, known))
            ),
            key=lambda way: way[:2],
            default=None,
        )
        if best is not None:
            head, tail, reading = best[2]
            found[at] = (len(head), reading)
            found[-best[1]] = (len(tail), _INTO if reading.concept == "replace" and tail == _TO else None)
    return found


def _place_of(tokens: list[str], at: int, head: Sequence[str], tail: Sequence[str], known: Lexicon) -> int:
    """Where `tail` follows the head at `at`, a word or more on and before any stop or "then"; else 0."""
    if tokens[at : at + len(head)] != list(head):
        return 0
    begin = at + len(head)
    for place in range(begin + 1, min(begin + _FARTHEST, len(tokens) - len(tail) + 1)):
        stopped = tokens[place - 1] in _ENDS and not _joins_files(tokens, place - 1)
        ended = stopped or (tokens[place - 1] == tokens[at] and place > begin + 1)
        if ended:
            return 0
        if tokens[place : place + len(tail)] == list(tail):
            whole = known.phrases.longest(tokens, at)[0] > place - at  # "fade in and out" as it stands
            return 0 if whole or _belongs_on(tokens, place, len(tail), known) else place
    return 0


def _joins_files(tokens: list[str], at: int) -> bool:
    """Whether the sign at `at` is a comma in a list of files ("take a.mp3, b.mp3 and c.mp3 out")."""
    after = tokens[at + 1 : at + 3]
    listed = (after[:1] == ["and"] and after[1:]) or after[:1]
    return tokens[at] == "," and bool(_FILE.match(tokens[at - 1])) and bool(listed and _FILE.match(listed[0]))


def _is_topic(tokens: list[str], at: int, known: Lexicon) -> bool:
    """Whether a phrase of another kind of request begins here ("change the background")."""
    length, readings = known.phrases.longest(tokens, at)
    return length > 1 and any(reading.role == "topic" for reading in readings)


def _belongs_on(tokens: list[str], place: int, length: int, known: Lexicon) -> bool:
    """Whether the tail begins a longer phrase of its own ("strip the vocals | out of the song")."""
    reach, readings = known.phrases.longest(tokens, place)
    return reach > length + 1 and any(reading.role == "thing" for reading in readings)
