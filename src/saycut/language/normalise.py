"""Normal form: one width, one case, simplified characters, plain punctuation, no contractions."""

import re
import unicodedata
from functools import cache

from saycut.language import data
from saycut.language.line import Line
from saycut.language.numbers_en import digits as english_digits
from saycut.language.numbers_zh import digits as chinese_digits
from saycut.language.slots import ANY_PRIVATE

_PUNCTUATION = str.maketrans({
    "’": "'", "‘": "'", "ʼ": "'", "´": "'", "–": "-", "−": "-", "‒": "-", "‐": "-", "‑": "-", "—": ",", "～": "~", "〜": "~",
    "。": ".", "、": ",", "…": ".", "·": " ", "\u00a0": " ", "\n": ".", "\t": " ", "“": " ", "”": " ", '"': " ",
})  # fmt: skip
_NEGATIVES = re.compile(r"\b(?P<verb>do|does|did|is|are|was|were|wo|would|should|could|have|has|ca|can|must)(?:n't|nt)\b")
_CONTRACTIONS = (
    (re.compile(r"\b(it|that|there|what|here|who|where|how|he|she|let)'s\b"), r"\1 is"),
    (re.compile(r"\bi'm\b"), "i am"),
    (re.compile(r"'re\b"), " are"),
    (re.compile(r"'ve\b"), " have"),
    (re.compile(r"'d\b"), " would"),
    (re.compile(r"'ll\b"), " will"),
    (re.compile(r"'s\b"), ""),
    (re.compile(r"\bim\b"), "i am"),
    (re.compile(r"\bgonna\b"), "going to"),
    (re.compile(r"\bwanna\b"), "want to"),
    (re.compile(r"\bcannot\b"), "can not"),
)
_HYPHEN = re.compile(r"(?<=[a-z])-(?=[a-z\d])|(?<=\d)-(?=[a-z])")
_DASHED_CLOCKS = re.compile(r"(?<=\d),(?=\d{1,2}:)")
_DOTTED_FORMAT = re.compile(r"(?:^|(?<= ))\.(?=[a-z]{2}[a-z\d]{1,2}\b)")
_HESITATION = re.compile(
    r"(?<!the )(?<!say )(?<!saying )(?<!every )(?<!my )(?<!and )(?<!of )(?<!those )(?<!remove )(?<!cut )(?<!any )\b(?:um+|uh+|uhm|erm?|hmm+)\b,?(?! and (?:um|uh|ah|er))"
)
_SPACES = re.compile(r"[ \u3000]+")
_LATIN_HAN = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
_SLOT = re.compile(ANY_PRIVATE)


@cache
def _simplified() -> dict[str, str]:
    pairs = data.table("characters.toml")
    return dict(zip(pairs["traditional"], pairs["simplified"], strict=True))


@cache
def _one(char: str) -> str:
    if _SLOT.match(char):
        return char
    plain = unicodedata.normalize("NFKC", char).translate(_PUNCTUATION).lower()
    if "\u00c0" <= char <= "\u024f":
        plain = "".join(part for part in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(part))
    return "".join(_simplified().get(each, each) for each in plain)


def plain(text: str) -> str:
    """`text` in one width, one case, simplified characters, without accents: the form of the lexicon."""
    return "".join(_one(char) for char in text)


def normalised(line: Line) -> Line:
    """`line` in normal form, number words written as digits (English and Chinese)."""
    line = line.translate(_one)
    line = line.rewrite(_DASHED_CLOCKS, lambda _: "-")
    line = line.rewrite(_DOTTED_FORMAT, lambda _: " ")
    line = line.rewrite(_NEGATIVES, lambda match: f"{ {'wo': 'will', 'ca': 'can'}.get(match['verb'], match['verb'])} not")
    for pattern, plain in _CONTRACTIONS:
        line = line.rewrite(pattern, lambda match, plain=plain: match.expand(plain))  # type: ignore[misc]  # a bound default
    line = line.rewrite(_HYPHEN, lambda _: " ")
    line = line.rewrite(_HESITATION, lambda _: " ")
    line = line.rewrite(_SPACES, lambda _: " ")
    line = line.rewrite(_LATIN_HAN, lambda _: "")
    return chinese_digits(english_digits(line))
