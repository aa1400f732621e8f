"""Masking: quoted text, file names and links become slots, so that nothing in them is ever parsed.

Quoted text and file names are copied verbatim (a title "cut the cake" cuts nothing).
"""

import re
from collections.abc import Callable
from functools import cache

from saycut.language import data
from saycut.language.line import Line
from saycut.language.slots import ANY_PRIVATE, SlotBook

_PRIVATE = re.compile(ANY_PRIVATE)
_URL = re.compile(r"(?:https?://|www\.)[^\s，。；！？、（）“”\"'<>]+", re.IGNORECASE)
_QUOTED = re.compile(
    r"“([^“”]*)”|「([^「」]*)」|『([^『』]*)』|《([^《》]*)》|«([^«»]*)»|‘([^‘’]*)’|\"([^\"]*)\"|„([^“”]*)[“”]"
    r"|(?<![\w])'([^']+)'(?!\w)|`([^`]+)`|”([^“”]*)”"
)
_SUFFIXES = "|".join(
    [
        *("mp4", "mov", "mkv", "webm", "avi", "m4v", "mpg", "mpeg", "mts", "3gp"),
        *("wav", "mp3", "m4a", "aac", "flac", "ogg", "opus", "wma", "aiff", "aif"),
        *("jpg", "jpeg", "png", "gif", "webp", "heic", "srt", "vtt", "ass"),
    ]
)
_FILE = re.compile(
    rf"[^\s,，。;；:：!！?？“”\"'‘’、()（）<>|*—]+?\.(?:{_SUFFIXES})(?![a-z0-9])", re.IGNORECASE
)
_FILE_WHOLE = re.compile(rf".*\.(?:{_SUFFIXES})$", re.IGNORECASE | re.DOTALL)
_TIMED = re.compile(
    r"在?第?\d+(?:\.\d+)?(?:秒|分钟?)(?:\d+秒?)?(?:处|的时候|时|的地方|开始)?"
)  # 45秒处放笑声.mp3
_HAN = re.compile(r"[\u4e00-\u9fff]")


@cache
def _verbs() -> re.Pattern[str]:
    """The verbs that may stand, without a space, in front of an unquoted file name (Chinese)."""
    words = sorted(data.table("names.toml")["verbs_before_a_file"] + _particles(), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))


def _particles() -> list[str]:
    """The words that always end before a name."""
    return list(data.table("names.toml")["particles_before_a_file"])


@cache
def _before_latin() -> re.Pattern[str]:
    words = sorted(data.table("names.toml")["before_a_latin_file"], key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(map(re.escape, words))})(?=[\x21-\x7e]+$)")


@cache
def _saying() -> tuple[re.Pattern[str], ...]:
    """What announces a text to write that is not in quotes, and where it ends."""
    rows = data.table("names.toml")["announces_a_text"]
    return tuple(
        re.compile(rf"(?:{row['after']})(?P<text>.+?)(?={row['until']})", re.IGNORECASE) for row in rows
    )


def masked(line: Line, book: SlotBook, known_files: tuple[str, ...] = ()) -> Line:
    """`line` with quotes, known and recognisable file names and links as slots in `book`."""
    line = line.rewrite(_PRIVATE, lambda _: " ")
    line = line.rewrite(_URL, lambda match: book.write("url", match.group()))
    for name in sorted(known_files, key=len, reverse=True):
        known = re.compile(rf"['\"“‘]?{re.escape(name)}['\"”’]?(?![\w])", re.IGNORECASE)
        line = line.rewrite(known, _writer(book, name))
    line = line.rewrite(_QUOTED, lambda match: _quote(match, book))
    line = line.rewrite(_FILE, lambda match: _file(match, book))
    for pattern in _saying():
        line = line.rewrite(pattern, lambda match: _text(match, book))
    return line


def _writer(book: SlotBook, name: str) -> Callable[[re.Match[str]], str | None]:
    return lambda _: book.write("file", name)


def _quote(match: re.Match[str], book: SlotBook) -> str | None:
    text = next((group for group in match.groups() if group is not None), "").strip()
    if text.lower() in data.table("names.toml")["spoken_fillers"]:
        return " ums "
    if not text or _PRIVATE.search(text):
        return None
    char = book.write("file" if _FILE_WHOLE.match(text) and "\n" not in text else "quote", text)
    return char and f" {char} "


def _file(match: re.Match[str], book: SlotBook) -> str | None:
    name = match.group()
    if _PRIVATE.search(name):
        return None
    lead = _lead(name.rpartition(".")[0]) if _HAN.search(name) else 0
    char = book.write("file", name[lead:])
    return char and f"{name[:lead]} {char} "


def _lead(stem: str) -> int:
    """How many characters before a file's name belong to the sentence: "在第10秒加上掌声.wav"."""
    latin = _before_latin().search(stem)
    if latin is not None:
        return latin.end()
    timed = _TIMED.match(stem)
    lead = timed.end() if timed is not None and timed.end() < len(stem) else 0
    for found in _verbs().finditer(stem):
        ends_anywhere = len(found.group()) > 1 or found.group() in _particles()
        if found.end() < len(stem) and (ends_anywhere or found.start() == lead):
            lead = found.end()
    return lead


def _text(match: re.Match[str], book: SlotBook) -> str | None:
    text = match.group("text").strip(" ,，.。:：!！")
    if not text or _PRIVATE.search(text):
        return None
    char = book.write("quote", text)
    return char and f"{match.group()[: match.start('text') - match.start()]} {char} "
