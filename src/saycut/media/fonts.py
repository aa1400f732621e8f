"""A font of this system that has every character of a text, so that nothing is ever drawn as an empty box."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

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
_UNASSIGNED = "\U000ffffd"  # a private-use place that no font fills: drawn as the font's "missing" glyph


def font_for(text: str, size_px: int) -> "FreeTypeFont | None":
    """The most preferred font that covers `text`; None when this system has none."""
    from PIL import ImageFont

    for path in _candidates():
        try:
            font = ImageFont.truetype(str(path), size_px)
        except OSError:
            continue
        if _covers(font, text):
            return font
    return None


def _covers(font: "FreeTypeFont", text: str) -> bool:
    missing = bytes(font.getmask(_UNASSIGNED))
    return all(char.isspace() or bytes(font.getmask(char)) != missing for char in set(text))


@lru_cache(maxsize=1)
def _candidates() -> tuple[Path, ...]:
    found = sorted(_font_files())
    ranked = [path for name in _PREFERRED for path in found if path.name.startswith(name)]
    return tuple(dict.fromkeys(ranked))


def _font_files() -> Iterator[Path]:
    for folder in _FOLDERS:
        for suffix in ("*.ttf", "*.otf", "*.ttc"):
            yield from Path(folder).expanduser().rglob(suffix)
