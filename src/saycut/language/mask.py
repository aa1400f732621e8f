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
    rf"[^\s,，。;；:：!！?？“”\"'‘’、()（）<>|*—]+\.(?:{_SUFFIXES})(?![a-z0-9])", re.IGNORECASE
)
_FILE_WHOLE = re.compile(rf".*\.(?:{_SUFFIXES})$", re.IGNORECASE | re.DOTALL)
_HAN = re.compile(r"[\u4e00-\u9fff]")


@cache
def _glue() -> re.Pattern[str]:
    """The words that may stand, without a space, in front of an unquoted file name (Chinese)."""
    words = sorted(data.table("names.toml")["before_a_file_name"], key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))


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
    if not text or _PRIVATE.search(text):
        return None
    char = book.write("file" if _FILE_WHOLE.match(text) and "\n" not in text else "quote", text)
    return char and f" {char} "


def _file(match: re.Match[str], book: SlotBook) -> str | None:
    name = match.group()
    if _PRIVATE.search(name):
        return None
    lead = 0
    if _HAN.search(name):
        stem = name.rsplit(".", 1)[0]
        ends = [found.end() for found in _glue().finditer(stem) if found.end() < len(stem)]
        lead = ends[-1] if ends else 0
    char = book.write("file", name[lead:])
    return char and f"{name[:lead]} {char} "


def _text(match: re.Match[str], book: SlotBook) -> str | None:
    text = match.group("text").strip(" ,，.。:：!！")
    if not text or _PRIVATE.search(text):
        return None
    char = book.write("quote", text)
    return char and f"{match.group()[: match.start('text') - match.start()]} {char} "
