"""Chinese numerals as digits where they count or order: 两分零三秒 2分03秒, 七成 7成, 一分半 1.5分."""

import re

from saycut.language.line import Line

_DIGIT = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
_PLACE = {"十": 10, "百": 100, "千": 1000}
_NUMERAL = "[零〇一二两俩三四五六七八九十百千]+"
_DECIMALS = "[零一二三四五六七八九]+"
_UNIT = "(?:个半|个小时|小时|分钟|分|秒|毫秒|倍|成|分贝|度|帧|步|次|遍|兆|段|个|条|首|号)"
_BEFORE = "(?:第|片段|镜头|素材|倒数|百分之|减|负|分之|点|加到|到|至|[分秒]零?)"
_COUNTED = re.compile(rf"(?<!百)(?P<whole>{_NUMERAL})(?:点(?P<part>{_DECIMALS}))?(?={_UNIT})")
_AFTER = re.compile(rf"(?P<lead>{_BEFORE})(?P<whole>{_NUMERAL})(?![下点些半开起])")
_FRACTION = re.compile(r"(?P<below>\d+|[二三四五六七八九十])分之(?P<above>\d+|[一二三四五六七八九])")
_HUNDREDTHS = re.compile(rf"百分之(?P<number>{_NUMERAL}|\d+(?:\.\d+)?)")
_HALVES = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"(\d+)分钟?半(?!秒)", r"\1.5分"),
        (r"(\d+)(?:个半小时|个?小时半)", r"\1.5小时"),
        (r"(\d+)秒半", r"\1.5秒"),
        (r"(\d+)倍半", r"\1.5倍"),
        (r"每(?=分钟|小时)", "每1"),
        (r"半(?=分钟|秒|个?小时)", "0.5"),
    )
)
_INDEFINITE = frozenset({"一段", "一个", "一条", "一首", "一次", "一步", "一遍"})  # "a piece of …", no count


def digits(line: Line) -> Line:
    """`line` with Chinese numerals as digits wherever they count or order something."""
    line = line.rewrite(_HUNDREDTHS, lambda match: f"{_plain(match['number'])}%")
    line = line.rewrite(_FRACTION, _share)
    line = line.rewrite(_COUNTED, _counted)
    line = line.rewrite(_AFTER, lambda match: f"{match['lead']}{_value(match['whole'])}")
    for pattern, plain in _HALVES:
        line = line.rewrite_as(pattern, plain)
    return line


def _counted(match: re.Match[str]) -> str | None:
    text, at = match.string, match.end()
    ordinal = text[max(0, match.start() - 1) : match.start()] == "第"
    if not ordinal and match["whole"] + text[at : at + 1] in _INDEFINITE:
        return None
    part = f".{_digit_run(match['part'])}" if match["part"] else ""
    apart = " " if text[max(0, match.start() - 1) : match.start()].isdigit() else ""  # 1:10四倍速
    return f"{apart}{_value(match['whole'])}{part}"


def _share(match: re.Match[str]) -> str | None:
    below, above = float(_plain(match["below"])), float(_plain(match["above"]))
    return f"{100 * above / below:.4g}%" if below else None


def _plain(number: str) -> str:
    return number if number[0].isdigit() else str(_value(number))


def _digit_run(numerals: str) -> str:
    return "".join(str(_DIGIT.get(char, "")) for char in numerals)


def _value(numerals: str) -> int:
    if not any(char in _PLACE for char in numerals):
        return int(_digit_run(numerals))
    total, current = 0, 0
    for char in numerals:
        if char in _PLACE:
            total += (current or 1) * _PLACE[char]
            current = 0
        else:
            current = _DIGIT[char]
    return total + current
