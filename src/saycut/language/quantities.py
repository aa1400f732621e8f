"""Plain quantities as slots: times, levels, factors, sizes; what they mean together is for `patterns`."""

import re
from collections.abc import Callable

from saycut.language.line import Line
from saycut.language.slots import SlotBook

_N = r"\d+(?:\.\d+)?"
_HOUR, _MINUTE = r"(?:hours?|hrs?|h|个?小时|stunden?|horas?|heures?|時間|时间|시간)(?![a-z])", r"(?:minutes?|mins?|m|minuten|minutos?|分钟|分間|分间|분|分(?![之贝割成开段离辨钟]))(?![a-z])"
_MILLI, _SECOND = r"(?:milliseconds?|msecs?|ms|毫秒)(?![a-z])", r"(?:seconds?|secs?|s|sekunden?|segundos?|secondes?|秒钟?|秒間|초)(?![a-z])"
_AND = r"\s?(?:and\s|零)?"
_CLOCK = re.compile(
    r"(?<![\d:.])(?:(?P<hours>\d{1,2}):(?P<minutes>[0-5]\d):(?P<seconds>[0-5]\d(?:\.\d+)?)(?::\d\d)?|(?P<m>\d{1,3}):(?P<s>[0-5]\d(?:\.\d+)?))(?![\d:])"
)
_SPOKEN = re.compile(
    rf"(?<![\d.:])(?:(?P<h>{_N})\s?{_HOUR}(?:{_AND}(?P<hm>{_N})\s?{_MINUTE})?(?:{_AND}(?P<hs>{_N})\s?{_SECOND})?"
    rf"|(?P<m>{_N})\s?{_MINUTE}(?:{_AND}(?P<ms>{_N})\s?{_SECOND}|{_AND}(?P<bare>[0-5]?\d)(?=\s(?:to|and|until|till)\b|\s*(?:[,.~到至-]|$|的|处))|(?P<half>半))?"
    rf"|(?P<s>{_N})\s?{_SECOND}|(?P<ms1>{_N})\s?{_MILLI})"
)
_SHARED_UNIT = re.compile(
    rf"(?<![\d:.])(?P<first>{_N})(?P<mid>\s?(?:to|until|till|and|or|-|~|到|至)\s?第?)(?={_N}\s?(?P<unit>{_HOUR}|{_MINUTE}|{_SECOND}|{_MILLI}))"
)
_FRENCH_ORDER = re.compile(r"\b(\d+) (premieres|dernieres) ")  # les 5 premières secondes
_HAS_UNIT = re.compile(rf"\d\s?(?:{_MINUTE}|{_HOUR})(?:\sand)?[\s零]?$")
_ASPECT = re.compile(
    r"(?<![\d:.])(?P<w>9|16|1|4|5|3|21|2|2\.35|2\.39)\s?(?P<mark>:|比|/|x| by )\s?(?P<h>16|9|1|5|4|3|2)(?![\d:x%]|\.\d|\s?(?:seconds|minutes|s|m)\b)"
)
_ASPECTS = frozenset({"9:16", "16:9", "1:1", "4:5", "5:4", "4:3", "3:4", "21:9", "2:3", "3:2", "2.35:1", "2.39:1"})
_TIME_BEFORE = re.compile(r"(?:\b(?:at|from|until|till|after|before|between)|\d\s?(?:to|-)|[从在到至])\s?$")
_TIME_AFTER = re.compile(r"\s?(?:to|-|until|till|到|至)\s?\d")

_Read = Callable[[re.Match[str]], object]
_PLAIN: tuple[tuple[str, re.Pattern[str], _Read], ...] = (
    ("dims", re.compile(r"(?<!\d)(\d{3,4})\s?(?:x|\*|×|by|乘)\s?(\d{3,4})(?![\dp])"), lambda m: (int(m[1]), int(m[2]))),
    ("lufs", re.compile(rf"([-+]?{_N})\s?(?:db\s?)?(?:lufs|lkfs)(?![a-z])"), lambda m: -abs(float(m[1]))),
    ("db", re.compile(rf"([-+]?{_N})\s?(?:dbs?|dbfs|decibels?|分贝)(?![a-z])"), lambda m: float(m[1])),
    ("percent", re.compile(rf"({_N})\s?(?:%|percent(?![a-z])|per cent(?![a-z])|pct(?![a-z]))"), lambda m: float(m[1])),
    ("percent", re.compile(r"(\d(?:\.\d)?)成(?:左右)?"), lambda m: 10 * float(m[1])),
    ("fps", re.compile(rf"({_N})\s?(?:fps|frames (?:per|a) second|frames/s|帧(?:每秒|率)?)|(?<=每秒)({_N})帧"), lambda m: _whole(m[1] or m[2])),
    ("kbps", re.compile(r"(\d+)\s?(?:kbps|kbit/s|kb/s|kilobits?(?: per second)?|k(?= mp3| aac| bitrate))"), lambda m: int(m[1])),
    ("megabytes", re.compile(rf"({_N})\s?(?:mb|megabytes?|megs?|兆|m(?=以[内下]|左右|$))(?![a-z])"), lambda m: _whole(m[1])),
    ("megabytes", re.compile(rf"({_N})\s?(?:gb|gigabytes?|gigs?|g(?=以[内下]))(?![a-z])"), lambda m: 1024 * float(m[1])),
    ("degrees", re.compile(rf"({_N})\s?(?:degrees?|degs?\b|°|度)"), lambda m: _whole(m[1])),
    ("factor", re.compile(r"(?<![\d.])1倍(?!速)"), lambda m: 2.0),  # 加快一倍: once more, that is twice
    ("factor", re.compile(rf"({_N})\s?(?:x(?![a-z])|×|倍速?|times(?= (?:speed|faster|slower|the speed|as fast|as slow)))"), lambda m: float(m[1])),
    ("factor", re.compile(rf"(?<![a-z])x\s?({_N})(?![\d.])"), lambda m: float(m[1])),
)  # fmt: skip
_ORDINALS = {
    word: place
    for place, words in enumerate(
        ("first 1st", "second 2nd", "third 3rd", "fourth 4th", "fifth 5th", "sixth 6th", "seventh 7th", "eighth 8th", "ninth 9th", "tenth 10th"), 1
    )
    for word in words.split()
} | {"last": -1, "second to last": -2, "second last": -2, "next to last": -2}  # fmt: skip
_CLIP_NOUN = r"(?:clip|video|segment|shot|scene|take|section|piece|track|audio track|sound track|music track|video clip)s?"
_ORDINAL = re.compile(
    rf"(?<!\d )\b({'|'.join(sorted(_ORDINALS, key=len, reverse=True))})(?= {_CLIP_NOUN}\b| and (?:the )?(?:second|third|fourth|fifth|last) (?:clip|video|shot|scene)"
    r"|(?= and (?:the )?(?:first|second|third|fourth|fifth|last)$))"
    rf"|(?:(?<=with the )|(?<=after the )|(?<=before the ))({'|'.join(_ORDINALS)})(?=$|[,.])"
)
_NUMBER = re.compile(rf"(?<![a-z\d.])-?{_N}(?![a-z\d%])")
_LETTER_DIGIT = re.compile(r"[a-z]\d")


def with_quantities(line: Line, book: SlotBook) -> Line:
    """`line` with every plain quantity as a slot of `book`."""
    line = line.rewrite(_FRENCH_ORDER, lambda match: f"{match[2]} {match[1]} ")
    line = line.rewrite(_ORDINAL, lambda match: book.write("ordinal", _ORDINALS[match[1] or match[2]]))
    line = line.rewrite(_ASPECT, lambda match: _aspect(match, book))
    line = line.rewrite(_SHARED_UNIT, _share_unit)
    line = line.rewrite(_CLOCK, lambda match: book.write("time", _clock_s(match)))
    line = line.rewrite(_PLAIN[5][1], lambda match: book.write("fps", _PLAIN[5][2](match)))
    line = line.rewrite(_SPOKEN, lambda match: book.write("time", _spoken_s(match)))
    for kind, pattern, read in _PLAIN:
        line = line.rewrite(pattern, lambda match, kind=kind, read=read: book.write(kind, read(match)))  # type: ignore[misc]  # bound defaults
    return line.rewrite(_NUMBER, lambda match: book.write("number", _whole(match.group())))


def _share_unit(match: re.Match[str]) -> str | None:
    """ "10 to 20 seconds" is two times; the 10 of "one minute ten to two minutes" already has its unit."""
    if _HAS_UNIT.search(match.string[: match.start()]):
        return None
    return f"{match['first']} {match['unit']}{match['mid']}"


def _whole(number: str) -> float | int:
    value = float(number)
    return int(value) if value.is_integer() else value


def _clock_s(match: re.Match[str]) -> float:
    if match["hours"]:
        return int(match["hours"]) * 3600 + int(match["minutes"]) * 60 + float(match["seconds"])
    return int(match["m"]) * 60 + float(match["s"])


def _spoken_s(match: re.Match[str]) -> float:
    def part(name: str) -> float:
        return float(match[name]) if match[name] else 0.0

    half = 30.0 if match["half"] else 0.0
    total = 3600 * part("h") + 60 * (part("hm") + part("m")) + part("hs") + part("ms") + part("bare") + part("s")
    return round(total + half + part("ms1") / 1000, 4)


def _aspect(match: re.Match[str], book: SlotBook) -> str | None:
    text = match.string
    aspect = f"{match['w']}:{match['h']}"
    if aspect not in _ASPECTS:
        return None
    if match["mark"] == "/":
        return None
    timed = _TIME_BEFORE.search(text[: match.start()]) or _TIME_AFTER.match(text[match.end() :])
    if aspect == "9:16" and match["mark"] == ":" and timed:
        return None
    char = book.write("aspect", aspect)
    return char and f" {char} "
