"""The picture: a friendly face whose mouth opens with the voice, before a slowly moving background."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT, FPS = 640, 360, 30
SCALE = 2  # drawn twice as large and shrunk: smooth edges

Point = tuple[float, float]

SKIN, SHADE, HAIR, SHIRT = (244, 200, 166), (228, 172, 138), (86, 54, 44), (46, 110, 142)
INK, WHITE, LIP, MOUTH, TONGUE = (40, 34, 40), (252, 250, 246), (196, 92, 90), (96, 30, 40), (222, 110, 112)


def draw(number: int, opening: float) -> NDArray[np.uint8]:
    """Frame `number` with the mouth open by 0..1: uint8 RGB (360, 640, 3)."""
    time = number / FPS
    small = _background(time)
    picture = small.resize((WIDTH * SCALE, HEIGHT * SCALE), Image.Resampling.BILINEAR)
    pen = ImageDraw.Draw(picture)
    sway = (6 * np.sin(0.9 * time) + 3 * np.sin(2.3 * time), 3 * np.sin(1.7 * time) - 4 * opening)
    centre = (WIDTH / 2 + sway[0], HEIGHT * 0.47 + sway[1])
    _body(pen, (WIDTH / 2 + 0.4 * sway[0], HEIGHT * 0.47))
    _head(pen, centre)
    _eyes(pen, centre, time)
    _mouth(pen, centre, opening)
    _counter(pen, time)
    return np.asarray(picture.reduce(SCALE))


def _background(time: float) -> Image.Image:
    """Warm and cool light drifting slowly behind the face, computed small and enlarged."""
    y, x = np.mgrid[0:18, 0:32] / 18.0
    warm = np.exp(-((x - 0.5 - 0.25 * np.sin(0.35 * time)) ** 2 + (y - 0.3) ** 2) / 0.35)
    across, down = x - 1.4 - 0.2 * np.cos(0.28 * time), y - 0.7 - 0.1 * np.sin(0.5 * time)
    cool = np.exp(-(across**2 + down**2) / 0.3)
    colour = np.array([54.0, 62.0, 92.0])
    colour = colour + warm[..., None] * np.array([120.0, 70.0, 30.0])
    colour = colour + cool[..., None] * np.array([10.0, 70.0, 90.0])
    return Image.fromarray(np.clip(colour, 0, 255).astype(np.uint8))


def _oval(pen: ImageDraw.ImageDraw, centre: Point, radius: Point, fill: tuple[int, ...]) -> None:
    (x, y), (rx, ry) = centre, radius
    pen.ellipse([SCALE * (x - rx), SCALE * (y - ry), SCALE * (x + rx), SCALE * (y + ry)], fill=fill)


def _body(pen: ImageDraw.ImageDraw, centre: Point) -> None:
    x, y = centre
    _oval(pen, (x, y + 205), (135, 100), SHIRT)
    pen.rectangle([SCALE * (x - 24), SCALE * (y + 70), SCALE * (x + 24), SCALE * (y + 122)], fill=SHADE)
    _oval(pen, (x, y + 120), (30, 14), SHADE)
    _oval(pen, (x + 16, y + 168), (4, 6), INK)  # the lavalier microphone


def _head(pen: ImageDraw.ImageDraw, centre: Point) -> None:
    x, y = centre
    _oval(pen, (x, y - 26), (86, 88), HAIR)
    for side in (-1, 1):
        _oval(pen, (x + side * 76, y + 10), (13, 20), SHADE)
    _oval(pen, (x, y + 8), (75, 92), SKIN)
    _oval(pen, (x - 20, y - 74), (58, 30), HAIR)
    _oval(pen, (x + 36, y - 74), (40, 24), HAIR)
    for side in (-1, 1):
        _oval(pen, (x + side * 44, y + 34), (14, 9), (246, 180, 156))
    _oval(pen, (x, y + 20), (8, 10), SHADE)


def _eyes(pen: ImageDraw.ImageDraw, centre: Point, time: float) -> None:
    x, y = centre
    until_blink = time % 3.4
    lid = 0.12 if until_blink < 0.12 else 1.0
    look = 3 * np.sin(0.6 * time)
    for side in (-1, 1):
        _oval(pen, (x + side * 30, y - 10), (14, 13 * lid), WHITE)
        if lid == 1.0:
            _oval(pen, (x + side * 30 + look, y - 9), (6.5, 7.5), INK)
            _oval(pen, (x + side * 30 + look + 2, y - 12), (2, 2), WHITE)
        brow = [x + side * 30 - 17, y - 36, x + side * 30 + 17, y - 24]
        pen.arc([SCALE * edge for edge in brow], 200, 340, fill=HAIR, width=5 * SCALE)


def _mouth(pen: ImageDraw.ImageDraw, centre: Point, opening: float) -> None:
    x, y = centre
    if opening < 0.04:
        smile = [x - 26, y + 34, x + 26, y + 62]
        pen.arc([SCALE * edge for edge in smile], 25, 155, fill=LIP, width=5 * SCALE)
        return
    high = 4 + 19 * min(opening, 1.0)
    wide = 25 - 5 * min(opening, 1.0)
    _oval(pen, (x, y + 56), (wide + 4, high + 4), LIP)
    _oval(pen, (x, y + 56), (wide, high), MOUTH)
    if high > 9:
        _oval(pen, (x, y + 56 + 0.55 * high), (0.6 * wide, 0.36 * high), TONGUE)
        _oval(pen, (x, y + 56 - 0.78 * high), (0.62 * wide, 0.2 * high), WHITE)


def _counter(pen: ImageDraw.ImageDraw, time: float) -> None:
    text = f"{int(time // 60):02d}:{time % 60:04.1f}"
    pen.text((SCALE * 18, SCALE * 14), text, font=_font(), fill=WHITE, stroke_width=2, stroke_fill=INK)


@lru_cache(maxsize=1)
def _font() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(22 * SCALE)
