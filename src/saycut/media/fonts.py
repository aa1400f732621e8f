"""The font that has every character of a text, so that nothing is ever drawn as an empty box.

First the one that is installed with Saycut (Noto Sans CJK: Latin, Cyrillic, Greek, Chinese, Japanese and
Korean), so that a title looks the same everywhere; then those of this system, for other scripts.
"""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
# Best first: faces made for screens, then those that cover Chinese, Japanese and Korean.
_PREFERRED = (
    "Inter-SemiBold",
    "NotoSans-SemiBold",
    "NotoSans-Bold",
    "OpenSans-Semibold",
    "Roboto-Medium",
    "DejaVuSans-Bold",
    "LiberationSans-Bold",
    "NotoSansCJK-Bold",
    "NotoSansCJK-Regular",
    "NotoSansSC",
    "SourceHanSans",
    "LXGWWenKai",
    "wqy-microhei",
    "wqy-zenhei",
    "DroidSansFallback",
)
_OTHER_SCRIPTS = ("NotoSans", "NotoNaskh", "DejaVuSans", "FreeSans")
_UNASSIGNED = "\U000ffffd"  # a private-use place that no font fills: drawn as the font's "missing" glyph
_PROBED_PX = 24
_JAPANESE, _KOREAN, _CHINESE = 0, 1, 2  # faces of the installed collection


class Face(NamedTuple):
    """A font file and which of its faces."""

    path: Path
    number: int = 0

    def font(self, size_px: int) -> "FreeTypeFont":
        """The face at that size. Raises OSError for a file that is no font."""
        from PIL import ImageFont

        return ImageFont.truetype(str(self.path), size_px, index=self.number)


def font_for(text: str, size_px: int) -> "FreeTypeFont | None":
    """The most preferred font that covers `text`; None when there is none."""
    for face in (*(Face(path) for path in _candidates()), installed(text)):
        try:
            font = face.font(size_px)
        except OSError:
            continue
        if not _missing(font, text):
            return font
    return None


def best_face(text: str) -> tuple[Face, frozenset[str]]:
    """The face that covers most of `text`, the installed one first, and the characters that it lacks."""
    best = installed(text)
    lacks = _missing(best.font(_PROBED_PX), text)
    for path in (*_candidates(), *_other_candidates()) if lacks else ():
        try:
            found = _missing(Face(path).font(_PROBED_PX), text)
        except OSError:
            continue
        if len(found) < len(lacks):
            best, lacks = Face(path), found
        if not lacks:
            break
    return best, lacks


def installed(text: str) -> Face:
    """The face of the installed collection whose shapes suit the language of `text`."""
    from noto_cjk_sans_otc import FONT_PATH

    names = [unicodedata.name(char, "") for char in text]
    if any(name.startswith(("HIRAGANA", "KATAKANA")) for name in names):
        index = _JAPANESE
    elif any(name.startswith("HANGUL") for name in names):
        index = _KOREAN
    else:
        index = _CHINESE
    return Face(Path(str(FONT_PATH)), index)


def _missing(font: "FreeTypeFont", text: str) -> frozenset[str]:
    unknown = bytes(font.getmask(_UNASSIGNED))
    return frozenset(c for c in set(text) if _is_drawn(c) and bytes(font.getmask(c)) == unknown)


def _is_drawn(char: str) -> bool:
    return not char.isspace() and unicodedata.category(char) not in ("Cf", "Cc", "Mn")


@lru_cache(maxsize=1)
def _candidates() -> tuple[Path, ...]:
    found = sorted(_font_files())
    ranked = [path for name in _PREFERRED for path in found if path.name.startswith(name)]
    return tuple(dict.fromkeys(ranked))


@lru_cache(maxsize=1)
def _other_candidates() -> tuple[Path, ...]:
    return tuple(path for path in sorted(_font_files()) if path.name.startswith(_OTHER_SCRIPTS))


def _font_files() -> Iterator[Path]:
    for folder in _FOLDERS:
        for suffix in ("*.ttf", "*.otf", "*.ttc"):
            yield from Path(folder).expanduser().rglob(suffix)
