"""Normal form: one width, one case, simplified characters, plain punctuation, no contractions, digits."""

import re
import unicodedata
from functools import cache

from saycut.language import data
from saycut.language.line import Line
from saycut.language.numbers_en import digits as english_digits
from saycut.language.numbers_zh import digits as chinese_digits
from saycut.language.slots import ANY_PRIVATE

_PUNCTUATION = str.maketrans(
    dict.fromkeys("’‘ʼ´", "'")
    | dict.fromkeys("–−‒‐‑", "-")
    | dict.fromkeys("～〜", "~")
    | dict.fromkeys("—、", ",")
    | dict.fromkeys("。…\n", ".")
    | dict.fromkeys('·\u00a0\t“”"', " ")
)
_ACCENTED = range(0xC0, 0x250)

_NEGATED = re.compile(r"\b(do|does|did|is|are|was|were|would|should|could|have|has|must)n'?t\b")
_TRACK = "(?:music|bgm|song|voice|vocals|speech|dialogue|narration|voiceover|background music)"
_REWRITES = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"(?<=\d),(?=\d{1,2}:)", "-"),  # a dash between two clock times
        (r"(?:^|(?<= ))\.(?=[a-z]{2}[a-z\d]{1,2}\b)", " "),  # ".webm file"
        (r"\bwon'?t\b", "will not"),
        (r"\bcan'?t\b|\bcannot\b", "can not"),
        (r"\b(it|that|there|what|here|who|where|how|he|she|let)'s\b", r"\1 is"),
        (r"\b(that|there|what|here|where|how)s\b", r"\1 is"),  # spoken text has no apostrophes
        (r"\bive\b", "i have"),
        (r"\bi'?m\b", "i am"),
        (r"'re\b", " are"),
        (r"'ve\b", " have"),
        (r"'d\b", " would"),
        (r"'ll\b", " will"),
        (r"'s\b", ""),
        (r"\bone (?:after|behind) (?:the other|another)\b", "in sequence"),
        (r"\bh\.\s?(?=26[45]\b)", "h"),
        (rf"(\band |, ?)((?:the |my )?{_TRACK}) down(?=$|[,.;]| and)", r"\1\2 quieter"),
        (rf"(\band |, ?)((?:the |my )?{_TRACK}) up(?=$|[,.;]| and)", r"\1\2 louder"),
        (r"一分为二|一切为二|一刀两断", "切成两段"),
        (r"\bgonna\b", "going to"),
        (r"\bwanna\b", "want to"),
        (r"(?<=[a-z])-(?=[a-z\d])|(?<=\d)-(?=[a-z])", " "),  # royalty-free, 30-second
    )
)
# A spoken "um" says nothing, but "remove the um" speaks of it.
_HESITATION = re.compile(
    r"(?<!the )(?<!say )(?<!saying )(?<!every )(?<!my )(?<!and )(?<!of )(?<!those )(?<!any )"
    r"(?<!remove )(?<!cut )"
    r"\b(?:um+|uh+|uhm|erm?|hmm+)\b,?(?! and (?:um|uh|ah|er))"
)
_AND_NOT = re.compile(r",? (?:and )?not (?=(?:the|my) )")
_USES = re.compile(r"\b(?:use|using) ")
_SPACES = re.compile(r"[ \u3000]+")
_BETWEEN_HAN = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
_SLOT = re.compile(ANY_PRIVATE)


def normalised(line: Line) -> Line:
    """`line` in normal form, number words written as digits (English and Chinese)."""
    line = line.translate(_one)
    line = line.rewrite(_NEGATED, lambda match: f"{match[1]} not")
    for pattern, plain in _REWRITES:
        line = line.rewrite_as(pattern, plain)
    line = line.rewrite(_AND_NOT, _instead)
    line = line.rewrite_as(_HESITATION, " ")
    line = line.rewrite_as(_SPACES, " ")
    line = line.rewrite_as(_BETWEEN_HAN, "")
    return chinese_digits(english_digits(line))


def _instead(match: re.Match[str]) -> str | None:
    """ "Use the lav, not the camera": the lav instead of the camera."""
    return " instead of " if _USES.search(match.string[: match.start()]) else None


def plain_form(text: str) -> str:
    """`text` in one width, one case, simplified characters, without accents: the form of the lexicon."""
    return "".join(_one(char) for char in text)


@cache
def _simplified() -> dict[str, str]:
    pairs = data.table("characters.toml")
    return dict(zip(pairs["traditional"], pairs["simplified"], strict=True))


@cache
def _one(char: str) -> str:
    if _SLOT.match(char):
        return char
    plain = unicodedata.normalize("NFKC", char).translate(_PUNCTUATION).lower()
    if ord(char) in _ACCENTED:
        parts = unicodedata.normalize("NFKD", plain)
        plain = "".join(part for part in parts if not unicodedata.combining(part))
    return "".join(_simplified().get(each, each) for each in plain)
