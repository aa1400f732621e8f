"""What a fetched file is called: data for people, never part of a path of ours."""

import re
import unicodedata
from pathlib import PurePosixPath
from urllib.parse import unquote

from saycut.service.fetch.target import Target

MOST_CHARACTERS = 120
UNNAMED = "download"
_EXTENDED = re.compile(r"(?:^|[;\s])filename\*\s*=\s*([\w.-]+)'[^']*'([^;\s]+)", re.IGNORECASE)  # RFC 8187
_PLAIN = re.compile(r'(?:^|[;\s])filename\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^";]+))', re.IGNORECASE)


def file_name(disposition: str | None, asked: Target, answered: Target) -> str:
    """The name from `Content-Disposition` (RFC 6266), else from the paths of the address.

    `asked` is where the person pointed, `answered` where the redirects ended: the path that ends in a
    suffix is the better name of the two.
    """
    told = cleaned(_disposed(disposition)) if disposition else ""
    parts = [cleaned(target.last_part) for target in (answered, asked)]
    with_suffix = [part for part in parts if PurePosixPath(part).suffix]
    return next((name for name in (told, *with_suffix, *parts) if name), UNNAMED)


def cleaned(name: str) -> str:
    """`name` without folders and without characters that are not shown, at most 120 characters long."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(letter for letter in name if unicodedata.category(letter)[0] != "C")
    shown = " ".join(shown.split()).lstrip(". ")
    if len(shown) <= MOST_CHARACTERS:
        return shown
    suffix = PurePosixPath(shown).suffix
    suffix = suffix if len(suffix) <= 10 else ""
    return shown[: MOST_CHARACTERS - len(suffix)].rstrip() + suffix


def _disposed(disposition: str) -> str:
    """The `filename*`, else the `filename` of a header; empty where there is none that can be read."""
    header = header_text(disposition)
    if (extended := _EXTENDED.search(header)) is not None:
        try:
            return unquote(extended[2], encoding=extended[1], errors="replace")
        except LookupError:  # a character set that nobody knows: the plain name stands beside it
            pass
    plain = _PLAIN.search(header)
    if plain is None:
        return ""
    quoted, bare = plain.groups()
    return str(quoted).replace('\\"', '"') if quoted is not None else str(bare).strip()


def header_text(header: str) -> str:
    """A header as its sender meant it: it was read as Latin-1, and is UTF-8 where it can be."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header
