"""Which mood is meant: free words in English and Chinese to a name of the table."""

import re
import unicodedata
from functools import cache
from importlib.resources import files

import msgspec

DEFAULT_MOOD = "calm"
"""What plays when nothing is said: quiet, neutral, made to lie under a voice."""

_GENRE_WEIGHT, _FEEL_WEIGHT = 2.0, 1.0
_LONGER_WINS = 0.01  # "hip hop beats" beats "pop" when the count is equal
_NOT_EN = re.compile(
    r"\b(?:not|no|without|never|less|isn't|don't want|nothing)\s+(?:too\s+|so\s+|very\s+|that\s+)?[\w-]+"
)
_NOT_ZH = re.compile(r"(?:不要太|不要那么|不要|别太|别|不太|不那么|不想要|不是|不|没有)[\u4e00-\u9fff]{1,2}")


class _Lexicon(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    genre: tuple[str, ...]
    feel: tuple[str, ...]


def mood_for(words: str | None) -> str:
    """The mood that `words` ask for; `DEFAULT_MOOD` when they name none.

    What is negated ("not too sad", "不要太吵") does not count.
    """
    said = unicodedata.normalize("NFKC", words or "").lower()
    said = _NOT_ZH.sub(" ", _NOT_EN.sub(" ", said))
    scores = {mood: _score(said, patterns) for mood, patterns in _patterns().items()}
    best = max(scores, key=lambda mood: scores[mood])  # ties: the order of the table
    return best if scores[best] > 0 else DEFAULT_MOOD


def _score(said: str, patterns: tuple[tuple[re.Pattern[str], float], ...]) -> float:
    total = 0.0
    for pattern, weight in patterns:
        found = pattern.search(said)
        if found:
            total += weight + _LONGER_WINS * len(found[0])
    return total


@cache
def _patterns() -> dict[str, tuple[tuple[re.Pattern[str], float], ...]]:
    raw = files("saycut.audio.bed").joinpath("mood_words.toml").read_bytes()
    table = msgspec.toml.decode(raw, type=dict[str, _Lexicon])
    return {
        mood: tuple(
            (_pattern(word), weight)
            for words, weight in ((lexicon.genre, _GENRE_WEIGHT), (lexicon.feel, _FEEL_WEIGHT))
            for word in words
        )
        for mood, lexicon in table.items()
    }


def _pattern(word: str) -> re.Pattern[str]:
    if re.search(r"[\u4e00-\u9fff]", word):
        return re.compile(re.escape(word))
    escaped = re.escape(word).replace(r"\*", r"[\w-]*").replace(r"\ ", r"[\s-]+")
    return re.compile(rf"(?<![\w-]){escaped}(?![\w])")
