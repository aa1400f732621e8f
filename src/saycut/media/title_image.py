"""Words as a picture: wrapped, as large as fits, with an edge or a plate that keeps them readable."""

import unicodedata
from functools import lru_cache
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec

from saycut.media.fonts import Face, best_face

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

Position = Literal[
    "top", "center", "bottom", "top_left", "top_right", "bottom_left", "bottom_right", "left", "right"
]
Style = Literal["title", "lower_third"]
Colour = tuple[int, int, int, int]

# Shares of the canvas's short side, and of its sides: what titles of editors come with
_SIZES: dict[Style, float] = {"title": 0.095, "lower_third": 0.055}
_FITS = 0.9  # of the canvas, by the width and by the height
_SMALLEST_PX = 8
_BREAKS_WORDS_BELOW = 0.55  # of the wanted size: only then a word may be broken
_MARGIN = 0.06
_PLATE: Colour = (0, 0, 0, 165)
_NEVER_FIRST = frozenset("，。！？；：、）》」』”’,.!?;:)]}%…")


class TitleSpec(msgspec.Struct, frozen=True, kw_only=True):
    """What is written where. `color` is a CSS name or #rrggbb."""

    text: str
    position: Position = "center"
    color: str = "white"
    style: Style = "title"


class TitleImage(msgspec.Struct, frozen=True, kw_only=True):
    """An RGBA PNG, where its top left corner lies on the canvas, and the characters that no font has."""

    path: Path
    x: int
    y: int
    missing: str


class _Laid(NamedTuple):
    text: str
    font: "FreeTypeFont"
    size_px: int


def is_colour(name: str) -> bool:
    """Whether `name` is a colour that can be drawn: a CSS name or #rrggbb."""
    from PIL import ImageColor

    try:
        ImageColor.getrgb(name)
    except ValueError:
        return False
    return True


def draw_title(spec: TitleSpec, width: int, height: int, out: Path) -> TitleImage | None:
    """`spec` drawn for a canvas of that size into `out`; None when no character of it can be drawn."""
    face, lacking = best_face(spec.text)
    kept = "".join(char for char in spec.text if char not in lacking).strip()
    missing = "".join(dict.fromkeys(char for char in spec.text if char in lacking))
    if not kept:
        return None
    image = _drawn(_laid(kept, face, spec.style, width, height), spec)
    image.save(out)
    x, y = _place(spec.position, image.size, width, height)
    return TitleImage(path=out, x=x, y=y, missing=missing)


def _laid(text: str, face: Face, style: Style, width: int, height: int) -> _Laid:
    """The text in lines, at the largest size that fits; words are broken only when all else is too small."""
    wanted = max(round(min(width, height) * _SIZES[style]), _SMALLEST_PX)
    size = wanted
    while True:
        font = face.font(size)
        around = 2 * (_stroke_px(size) if style == "title" else _padding_px(size))
        room = width * _FITS - around
        lines, broken = _wrapped(text, font, room)
        laid = _Laid("\n".join(lines), font, size)
        top, bottom = _box(laid, 0)[1::2]
        fits = bottom - top + around <= height * _FITS
        may_break = size <= max(wanted * _BREAKS_WORDS_BELOW, _SMALLEST_PX)
        if (fits and (may_break or not broken)) or size <= _SMALLEST_PX:
            return laid
        size = max(int(size * 0.93), _SMALLEST_PX)


def _wrapped(text: str, font: "FreeTypeFont", room: float) -> tuple[list[str], bool]:
    lines: list[str] = []
    broken = False
    for paragraph in text.splitlines():
        line = ""
        for piece in _pieces(paragraph):
            if font.getlength((line + piece).strip()) <= room:
                line += piece
                continue
            if line.strip():
                lines.append(line.strip())
            line = piece.lstrip()
            while font.getlength(line.strip()) > room and len(line) > 1:
                broken = True
                count = next(
                    n for n in range(len(line) - 1, 0, -1) if n == 1 or font.getlength(line[:n]) <= room
                )
                lines.append(line[:count])
                line = line[count:]
        lines.append(line.strip())
    return lines, broken


def _pieces(paragraph: str) -> list[str]:
    """Where a line may end: behind spaces, and between characters of scripts that use none."""
    pieces: list[str] = []
    for char in paragraph:
        before = pieces[-1][-1] if pieces else ""
        breaks = (
            not before
            or (before.isspace() and not char.isspace())
            or ((_is_wide(char) or _is_wide(before)) and char not in _NEVER_FIRST and not char.isspace())
        )
        if breaks:
            pieces.append(char)
        else:
            pieces[-1] += char
    return pieces


@lru_cache(maxsize=4096)
def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in ("W", "F") and not unicodedata.name(char, "").startswith(
        "HANGUL"
    )


def _stroke_px(size_px: int) -> int:
    return max(round(size_px / 14), 1)


def _padding_px(size_px: int) -> int:
    return max(round(size_px * 0.6), 2)


def _box(laid: _Laid, stroke_px: int) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the drawn lines."""
    from PIL import Image, ImageDraw

    draw = ImageDraw.Draw(Image.new("RGBA", (1, 1)))
    return draw.multiline_textbbox(
        (0, 0), laid.text, font=laid.font, spacing=_spacing_px(laid.size_px), stroke_width=stroke_px
    )


def _spacing_px(size_px: int) -> int:
    return round(size_px * 0.15)


def _drawn(laid: _Laid, spec: TitleSpec) -> "Image":
    from PIL import Image, ImageColor, ImageDraw

    red, green, blue = ImageColor.getrgb(spec.color)[:3]
    fill: Colour = (red, green, blue, 255)
    is_light = 0.299 * red + 0.587 * green + 0.114 * blue > 110
    edge: Colour = (0, 0, 0, 255) if is_light else (255, 255, 255, 255)
    plate = spec.style == "lower_third"
    stroke = 0 if plate else _stroke_px(laid.size_px)
    padding = _padding_px(laid.size_px) if plate else 2
    align = "left" if plate or "left" in spec.position else "right" if "right" in spec.position else "center"
    left, top, right, bottom = _box(laid, stroke)
    size = (ceil(right - left) + 2 * padding, ceil(bottom - top) + 2 * padding)
    shade = _PLATE if is_light else (255, 255, 255, _PLATE[3])
    image = Image.new("RGBA", size, shade if plate else (*edge[:3], 0))
    ImageDraw.Draw(image).multiline_text(
        (padding - left, padding - top),
        laid.text,
        fill=fill,
        font=laid.font,
        spacing=_spacing_px(laid.size_px),
        align=align,
        stroke_width=stroke,
        stroke_fill=edge,
    )
    return image


def _place(position: Position, size: tuple[int, int], width: int, height: int) -> tuple[int, int]:
    margin_x, margin_y = round(width * _MARGIN), round(height * _MARGIN)
    x, y = (width - size[0]) // 2, (height - size[1]) // 2
    if "left" in position:
        x = margin_x
    elif "right" in position:
        x = width - size[0] - margin_x
    if "top" in position:
        y = margin_y
    elif "bottom" in position:
        y = height - size[1] - margin_y
    return max(min(x, width - size[0]), 0), max(min(y, height - size[1]), 0)
