"""English number words as digits: "twenty five" 25, "a minute and a half" 1.5 minutes, "one twenty" 1:20."""

import re

from saycut.language.line import Line

_DIGITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    *("ten", "eleven", "twelve", "thirteen", "fourteen"),
    *("fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_DECADES = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ONES = {word: value for value, word in enumerate(("zero", *_DIGITS, *_TEENS))}
_TENS = {word: 10 * value for value, word in enumerate(_DECADES, 2)} | {"fourty": 40}

_DIGIT = "|".join(_DIGITS)
_ONE = "|".join(sorted(_ONES, key=len, reverse=True))
_TEN = "|".join(_TENS)
_UNDER_100 = rf"(?:(?:{_TEN})(?:[ -](?:{_DIGIT})\b)?|(?:{_ONE}))"
_SECONDS = rf"(?:{_TEN})(?: (?:{_DIGIT})\b)?|{'|'.join(_TEENS)}"
_UNIT = "(?:milliseconds?|seconds?|secs?|minutes?|mins?|hours?|decibels?|db)"
_CLIP_NOUN = "clip|video|track|one|part|shot|take|song|time|pass|version"

_WORDS = re.compile(
    rf"\b(?P<number>{_UNDER_100}(?: hundred(?: (?:and )?{_UNDER_100})?)?)\b"
    rf"(?: point (?P<tenths>{_ONE})\b)?"
)
_CLOCK = re.compile(
    rf"\b(?P<minutes>{_UNDER_100}) (?:(?:oh|o) (?P<one>{_DIGIT})|(?P<seconds>{_SECONDS}))\b"
    r"(?! (?:second|minute|percent|hundred|db|decibel))"
)
_PRONOUN_ONE = re.compile(
    r"\b(this|that|the|new|next|free|other|another) one\b(?! (?:minute|second|hour|percent)s?\b)"
)
_ORDINAL_ONE = re.compile(r"\b(first|second|third|fourth|last) one\b")
_HALVES = (
    (rf"\b(\d) tenths? of an? (?={_UNIT}\b)", r"0.\1 "),
    (rf"\b(?:a )?tenth of an? (?={_UNIT}\b)", "0.1 "),
    (rf"\b(\d+) and (?:a |one )?half (?={_UNIT}\b)", r"\1.5 "),
    (rf"\b(?:a |an |one |1 )?({_UNIT}) and a half\b", r"1.5 \1"),
    (rf"\b(\d+) ({_UNIT}) and a half\b", r"\1.5 \2"),
    (rf"\b(?:a )?half (?:of )?(?:an? |1 )?(?={_UNIT}\b)", "0.5 "),
    (rf"\b3 quarters? (?:of )?(?:an? )?(?={_UNIT}\b)", "0.75 "),
    (rf"\b(?:a |1 )?quarter (?:of )?(?:an? )?(?={_UNIT}\b)", "0.25 "),
    (rf"\b(?:a )?couple (?:of )?(?={_UNIT}\b)", "2 "),
    (r"\b(every|each|per) (?=(?:minute|second|hour)\b)", r"\1 1 "),
    (rf"\b(?:a |an )(?=(?:minutes?|mins?|hours?|seconds?)\b(?! (?:{_CLIP_NOUN})))", "1 "),
    (r"\b(first|last|final|opening) (?=second\b|minute\b|hour\b)", r"\1 1 "),
    (r"(?<!\d )(?<!\d)\bminute (\d+)(?=$|[ ,.](?!seconds?\b))", r"\1:00"),
    (r"\b(?:minus|negative) (?=\d)", "-"),
)
_REWRITES = tuple((re.compile(pattern), plain) for pattern, plain in _HALVES)


def digits(line: Line) -> Line:
    """`line` with English number words as digits."""
    line = line.rewrite_as(_PRONOUN_ONE, r"\1 it")
    line = line.rewrite_as(_ORDINAL_ONE, r"\1 clip")
    line = line.rewrite(_CLOCK, _clock)
    line = line.rewrite(_WORDS, _number)
    for pattern, plain in _REWRITES:
        line = line.rewrite_as(pattern, plain)
    return line


def _clock(match: re.Match[str]) -> str | None:
    minutes = _value(match["minutes"])
    if match["one"]:
        return f"{minutes}:0{_ONES[match['one']]}"
    if minutes in _TENS.values():  # "twenty fifteen" is no time of day anybody cuts at
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
