"""English number words as digits: "twenty five" 25, "a minute and a half" 1.5 minutes, "one twenty" 1:20."""

import re

from saycut.language.line import Line

_ONES = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen".split()
    )
}
_TENS = {
    word: 10 * (place + 2) for place, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split())
} | {"fourty": 40}
_ONE = "|".join(sorted(_ONES, key=len, reverse=True))
_TEN = "|".join(_TENS)
_UNDER_100 = rf"(?:(?:{_TEN})(?:[ -](?:one|two|three|four|five|six|seven|eight|nine)\b)?|(?:{_ONE}))"
_WORDS = re.compile(rf"\b(?P<number>{_UNDER_100}(?: hundred(?: (?:and )?{_UNDER_100})?)?)\b(?: point (?P<tenths>{_ONE})\b)?")
_CLOCK = re.compile(rf"\b(?P<minutes>{_UNDER_100}) (?:(?P<oh>oh|o) (?P<one>one|two|three|four|five|six|seven|eight|nine)|(?P<seconds>(?:{_TEN})(?: (?:one|two|three|four|five|six|seven|eight|nine)\b)?|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen))\b(?! (?:second|minute|percent|hundred|db|decibel))")
_PRONOUN_ONE = re.compile(
    r"(?<=\bthis )one\b|(?<=\bthat )one\b|(?<=\bthe )one\b|(?<=\bnew )one\b|(?<=\bnext )one\b|(?<=\banother )one\b"
    r"|(?<=\bfree )one\b|(?<=\bother )one\b"
)
_ORDINAL_ONE = re.compile(r"(?<=\bfirst )one\b|(?<=\bsecond )one\b|(?<=\bthird )one\b|(?<=\bfourth )one\b|(?<=\blast )one\b")
_UNIT = r"(?:milliseconds?|seconds?|secs?|minutes?|mins?|hours?|decibels?|db)"
_HALVES = (
    (re.compile(r"\b(\d) tenths? of a (?=second\b)"), r"0.\1 "),
    (re.compile(rf"\b(\d+) and (?:a |one )?half (?={_UNIT}\b)"), r"\1.5 "),
    (re.compile(rf"\b(?:a |an |one |1 )?({_UNIT}) and a half\b"), r"1.5 \1"),
    (re.compile(rf"\b(\d+) ({_UNIT}) and a half\b"), r"\1.5 \2"),
    (re.compile(rf"\b(?:a )?half (?:of )?(?:an? |1 )?(?={_UNIT}\b)"), "0.5 "),
    (re.compile(rf"\b(?:a )?quarter (?:of )?(?:an? )(?={_UNIT}\b)"), "0.25 "),
    (re.compile(rf"\b(?:a )?couple (?:of )?(?={_UNIT}\b)"), "2 "),
    (re.compile(r"\b(?:a |an )(?=(?:minutes?|mins?|hours?|seconds?)\b(?! (?:clip|video|track|one|part|shot|take|song|time|pass|version)))"), "1 "),
    (re.compile(r"\b(first|last|final|opening) (?=second\b|minute\b|hour\b)"), r"\1 1 "),
    (re.compile(r"\b(?:minus|negative) (?=\d)"), "-"),
)


def digits(line: Line) -> Line:
    """`line` with English number words as digits."""
    line = line.rewrite(_PRONOUN_ONE, lambda _: "it")
    line = line.rewrite(_ORDINAL_ONE, lambda _: "clip")
    line = line.rewrite(_CLOCK, _clock)
    line = line.rewrite(_WORDS, _number)
    for pattern, plain in _HALVES:
        line = line.rewrite(pattern, lambda match, plain=plain: match.expand(plain))  # type: ignore[misc]  # a bound default
    return line


def _clock(match: re.Match[str]) -> str | None:
    minutes = _value(match["minutes"])
    if match["oh"]:
        return f"{minutes}:0{_ONES[match['one']]}"
    if minutes in _TENS.values():
        return None
    return f"{minutes}:{_value(match['seconds']):02d}"


def _number(match: re.Match[str]) -> str:
    whole = str(_value(match["number"]))
    return f"{whole}.{_ONES[match['tenths']]}" if match["tenths"] else whole


def _value(words: str) -> int:
    total = 0
    for word in re.split(r"[ -]", words):
        if word == "hundred":
            total *= 100
        else:
            total += _ONES.get(word, _TENS.get(word, 0))
    return total
