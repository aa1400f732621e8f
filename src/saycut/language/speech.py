"""Which language a sentence is in: by script, then by whose words explain more of it."""

from collections import Counter
from collections.abc import Sequence
from functools import cache

from saycut.language import data
from saycut.language.line import Line
from saycut.language.tagging import Item


@cache
def _other_languages() -> tuple[str, ...]:
    """The languages that have a table of words of their own."""
    return tuple(sorted(table["language"] for _, table in data.tables("words") if "language" in table))


def language_of(line: Line, items: Sequence[Item]) -> str:
    """The ISO 639-1 code: "zh", "ja" (kana), "ko" (hangul), else that of the most known words ("en")."""
    han = kana = hangul = 0
    for char in line.text:
        han += "\u4e00" <= char <= "\u9fff"
        kana += "\u3040" <= char <= "\u30ff"
        hangul += "\uac00" <= char <= "\ud7af"
    if hangul:
        return "ko"
    if kana:
        return "ja"
    if han:
        return "zh"
    counts = Counter(
        reading.table[:2] for item in items for reading in item.readings if reading.table[2:3] == "_"
    )
    best = max(_other_languages(), key=lambda code: counts.get(code, 0))
    return best if counts.get(best, 0) > counts.get("en", 0) else "en"
