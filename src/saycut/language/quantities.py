"""Plain quantities as slots: times, levels, factors, sizes; what they mean together is for `patterns`."""

import re
from collections.abc import Callable

from saycut.language.line import Line
from saycut.language.slots import SlotBook

_N = r"\d+(?:\.\d+)?"
_HOUR = r"(?:hours?|hrs?|h|个?小时|stunden?|horas?|heures?|时间|시간)(?![a-z])"
_MINUTE = r"(?:minutes?|mins?|m(?!以)|minuten|minutos?|分钟|分间|분|分(?![之贝割成开段离辨钟]))(?![a-z])"
_SECOND = r"(?:seconds?|secs?|s|sekunden?|segundos?|secondes?|秒钟|秒间|秒|초)(?![a-z])"
_MILLI = r"(?:milliseconds?|msecs?|ms|毫秒)(?![a-z])"
_AND = r"\s?(?:and\s|零)?"
_NO_COUNT = r"(?![段个条次步倍成帧度张首分秒])[\u4e00-\u9fff]"  # 2分20这段: seconds; 2分3段: clips
_BARE_END = rf"(?=\s(?:to|and|until|till)\b|\s*(?:[,~到至-]|\.(?!\d)|$|{_NO_COUNT}))"

_CLOCK = re.compile(
    r"(?<![\d:.])(?:(?P<hours>\d{1,2}):(?P<minutes>[0-5]\d):(?P<seconds>[0-5]\d(?:\.\d+)?)(?::\d\d)?"
    r"|(?P<m>\d{1,3}):(?P<s>[0-5]\d(?:\.\d+)?))(?![\d:])"
)
_SPOKEN = re.compile(
    rf"(?<![\d.:a-z])(?:"
    rf"(?P<h>{_N})\s?{_HOUR}(?:{_AND}(?P<hm>{_N})\s?{_MINUTE})?(?:{_AND}(?P<hs>{_N})\s?{_SECOND})?"
    rf"|(?P<m>{_N})\s?{_MINUTE}"
    rf"(?:{_AND}(?P<ms>{_N})\s?{_SECOND}|{_AND}(?P<bare>[0-5]?\d){_BARE_END}|(?P<half>半))?"
    rf"|(?P<s>{_N})\s?{_SECOND}|(?P<ms1>{_N})\s?{_MILLI})"
)
_SHARED_UNIT = re.compile(
    rf"(?<![\d:.])(?P<first>{_N})(?P<mid>\s?(?:to|until|till|and|or|-|~|到|至)\s?第?)"
    rf"(?={_N}\s?(?P<unit>{_HOUR}|{_MINUTE}|{_SECOND}|{_MILLI}))"
)
_HAS_UNIT = re.compile(rf"\d\s?(?:{_MINUTE}|{_HOUR})(?:\sand)?[\s零]?$")
_ONE_OF = re.compile(
    r"\b(?:une?|una|uno|eine[rn]?|ein|uma?) (?=minut|segund|second|sekund|heure|hora|stunde)"
)
_HALF_OF = re.compile(r"\b(?:medi[oa]|mei[oa]|halben?|demi) (?=minut|segund|second|sekund|heure|hora|stunde)")
_FRENCH_ORDER = re.compile(r"\b(\d+) (premieres|dernieres) ")  # les 5 premières secondes
_ASPECT = re.compile(
    r"(?<![\d:.])(?P<w>9|16|1|4|5|3|21|2|2\.35|2\.39)\s?(?P<mark>:|比|x| by )\s?(?P<h>16|9|1|5|4|3|2)"
    r"(?![\d:x%]|\.\d|\s?(?:seconds|minutes|s|m)\b)"
)
_ASPECTS = frozenset(
    {"9:16", "16:9", "1:1", "4:5", "5:4", "4:3", "3:4", "21:9", "2:3", "3:2", "2.35:1", "2.39:1"}
)
_TIME_BEFORE = re.compile(r"(?:\b(?:at|from|until|till|after|before|between)|\d\s?(?:to|-)|[从在到至])\s?$")
_TIME_AFTER = re.compile(r"\s?(?:to|-|until|till|到|至)\s?\d")

_ORDINAL_WORDS = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"),
)
_ORDINALS = (
    {word: place for place, word in enumerate(_ORDINAL_WORDS, 1)}
    | {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "6th": 6, "7th": 7, "8th": 8, "9th": 9, "10th": 10}
    | {"last": -1, "second to last": -2, "second last": -2, "next to last": -2}
)
_ORDINAL_WORD = "|".join(sorted(_ORDINALS, key=len, reverse=True))
_CLIP_NOUN = (
    "(?:(?:audio|sound|music|video) )?(?:clip|video|segment|shot|scene|take|section|piece|part|track)s?"
)
_ORDINAL = re.compile(
    rf"(?<!\d )\b({_ORDINAL_WORD})(?= {_CLIP_NOUN}\b| and (?:the )?(?:{_ORDINAL_WORD})(?: {_CLIP_NOUN}\b|$))"
)
_LAST_ORDINAL = re.compile(rf"(?:(?<=with the )|(?<=after the )|(?<=before the ))({_ORDINAL_WORD})(?=$|[,.])")

_Read = Callable[[re.Match[str]], object]
_FPS = rf"({_N})\s?(?:fps|frames (?:per|a) second|frames/s|帧(?:每秒|率)?)|(?<=每秒)({_N})帧"
_KBPS = (
    r"(\d+)\s?(?:kbps|kbit/s|kb/s|kilobits?(?: per second)?"
    r"|k(?=\s?(?:mp3|aac|bitrate|的|码率|比特率))|k(?=\s?(?:$|[,.]))(?<=[2-9][0-9]k))"
)
_LINES = r"(?:480|720|1080|1440|2160)(?![\d.])"  # said alone they are the size of a picture
_TIMES = "times(?= (?:speed|faster|slower|the speed|as fast|as slow))"


def _whole(number: str) -> float | int:
    value = float(number)
    return int(value) if value.is_integer() else value


def _first_number(match: re.Match[str]) -> float:
    return float(match[1])


_PLAIN: tuple[tuple[str, str, _Read], ...] = (
    (
        "dims",
        r"(?<!\d)(\d{3,4})\s?(?:x|\*|×|by|乘)\s?(\d{3,4})(?![\dp])",
        lambda match: (int(match[1]), int(match[2])),
    ),
    ("lufs", rf"([-+]?{_N})\s?(?:db\s?)?(?:lufs|lkfs)(?![a-z])", lambda match: -abs(float(match[1]))),
    ("db", rf"([-+]?{_N})\s?(?:dbs?|dbfs|decibels?|分贝)(?![a-z])", _first_number),
    ("percent", rf"({_N})\s?(?:%|percent(?![a-z])|per cent(?![a-z])|pct(?![a-z]))", _first_number),
    ("percent", r"(\d(?:\.\d)?)成(?:左右)?", lambda match: 10 * float(match[1])),
    ("kbps", _KBPS, lambda match: int(match[1])),
    (
        "megabytes",
        rf"({_N})\s?(?:mb|megabytes?|megs?|兆|m(?=以[内下]|左右|$))(?![a-z])",
        lambda match: _whole(match[1]),
    ),
    (
        "megabytes",
        rf"({_N})\s?(?:gb|gigabytes?|gigs?|g(?=以[内下]))(?![a-z])",
        lambda match: 1024 * float(match[1]),
    ),
    ("degrees", rf"({_N})\s?(?:degrees?|degs?\b|°|度)", lambda match: _whole(match[1])),
    ("factor", r"(?<![\d.])(1)倍(?!速)", lambda match: 2 * float(match[1])),  # 加快一倍: once more
    ("factor", rf"({_N})\s?(?:x(?![a-z])|×|倍速?|배속?|{_TIMES})", _first_number),
    ("factor", rf"(?<![a-z])x\s?({_N})(?![\d.])", _first_number),
    ("number", rf"(?<![a-z\d.])(?!{_LINES})(-?{_N})(?![a-z\d%])", lambda match: _whole(match[1])),
)
_COMPILED = tuple((kind, re.compile(pattern), read) for kind, pattern, read in _PLAIN)
_MEGA = re.compile(rf"(?<=[到过于])\s?({_N})\s?m(?![a-z])")  # 压到30M: no minutes
_FRAME_RATE = re.compile(_FPS)
_DIGIT = re.compile(r"\d")


def with_quantities(line: Line, book: SlotBook) -> Line:
    """`line` with every plain quantity as a slot of `book`."""
    for ordinal in (_ORDINAL, _LAST_ORDINAL):
        line = line.rewrite(ordinal, lambda match: book.write("ordinal", _ORDINALS[match[1]]))
    line = line.rewrite_as(_HALF_OF, "0.5 ")
    line = line.rewrite_as(_ONE_OF, "1 ")
    if not _DIGIT.search(line.text):
        return line
    line = line.rewrite(_FRENCH_ORDER, lambda match: f"{match[2]} {match[1]} ")
    line = line.rewrite(_ASPECT, lambda match: _aspect(match, book))
    line = line.rewrite(_SHARED_UNIT, _share_unit)
    line = line.rewrite(_CLOCK, lambda match: book.write("time", _clock_s(match)))
    line = line.rewrite(_FRAME_RATE, lambda match: book.write("fps", _whole(match[1] or match[2])))
    line = line.rewrite(_MEGA, lambda match: book.write("megabytes", _whole(match[1])))
    line = line.rewrite(_SPOKEN, lambda match: book.write("time", _spoken_s(match)))
    for kind, pattern, read in _COMPILED:
        line = line.rewrite(pattern, _writer(book, kind, read))
    return line


def _writer(book: SlotBook, kind: str, read: _Read) -> Callable[[re.Match[str]], str | None]:
    return lambda match: book.write(kind, read(match))


def _share_unit(match: re.Match[str]) -> str | None:
    """ "10 to 20 seconds" is two times; the 10 of "one minute ten to two minutes" already has its unit."""
    if _HAS_UNIT.search(match.string[: match.start()]):
        return None
    return f"{match['first']} {match['unit']}{match['mid']}"


def _clock_s(match: re.Match[str]) -> float:
    if match["hours"]:
        return int(match["hours"]) * 3600 + int(match["minutes"]) * 60 + float(match["seconds"])
    return int(match["m"]) * 60 + float(match["s"])


def _spoken_s(match: re.Match[str]) -> float:
    def part(name: str) -> float:
        return float(match[name]) if match[name] else 0.0

    minutes = part("hm") + part("m") + (0.5 if match["half"] else 0.0)
    seconds = part("hs") + part("ms") + part("bare") + part("s") + part("ms1") / 1000
    return round(3600 * part("h") + 60 * minutes + seconds, 4)


def _aspect(match: re.Match[str], book: SlotBook) -> str | None:
    """The slot of an aspect ratio; 9:16 between other times is a time."""
    text = match.string
    aspect = f"{match['w']}:{match['h']}"
    timed = _TIME_BEFORE.search(text[: match.start()]) or _TIME_AFTER.match(text[match.end() :])
    if aspect not in _ASPECTS or (aspect == "9:16" and match["mark"] == ":" and timed):
        return None
    char = book.write("aspect", aspect)
    return char and f" {char} "
