"""Number words in both languages, full-width forms, contractions, traditional characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saycut.language.line import Line
from saycut.language.normalise import normalised

from .reading import normal

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
]
_ONES += ["seventeen", "eighteen", "nineteen"]
_TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_HAN = "零一二三四五六七八九"


def _english(number: int) -> str:
    if number < 20:
        return _ONES[number]
    tens, ones = divmod(number, 10)
    return _TENS[tens] + (f" {_ONES[ones]}" if ones else "")


def _chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    if not tens:
        return _HAN[ones]
    return ("" if tens == 1 else _HAN[tens]) + "十" + (_HAN[ones] if ones else "")


@given(st.integers(2, 99))
def test_english_number_words_become_digits(number: int) -> None:
    assert normal(f"cut {_english(number)} seconds") == f"cut {number} seconds"


@given(st.integers(1, 99))
def test_chinese_numerals_become_digits(number: int) -> None:
    assert normal(f"剪掉前{_chinese(number)}秒") == f"剪掉前{number}秒"


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("a minute and a half", "1.5 minute"),
        ("two and a half minutes", "2.5 minutes"),
        ("half a second", "0.5 second"),
        ("the first second", "the first 1 second"),
        ("the second clip", "the second clip"),
        ("from one twenty to two oh five", "from 1:20 to 2:05"),
        ("one point five times", "1.5 times"),
        ("minus fourteen lufs", "-14 lufs"),
        ("two hundred", "200"),
        ("use this one", "use this it"),
        ("两分零三秒", "2分3秒"),
        ("一分半", "1.5分"),
        ("七成", "7成"),
        ("百分之三十", "30%"),
        ("三分之一", "33.33%"),
        ("第三段", "第3段"),
        ("加一段音乐", "加一段音乐"),
        ("１０秒", "10秒"),
        ("don't  CUT it", "do not cut it"),
        ("去掉背景音樂", "去掉背景音乐"),
        ("30-second royalty-free", "30 second royalty free"),
    ],
)
def test_normal_form(said: str, plain: str) -> None:
    assert normal(said) == plain


def test_the_origin_of_every_character_is_kept() -> None:
    line = normalised(Line.of("Cut  Twenty-Five Seconds"))

    at = line.text.index("25")
    assert line.raw(at, at + 2) == "Twenty-Five"
    assert line.raw(0, len(line.text)) == "Cut  Twenty-Five Seconds"
