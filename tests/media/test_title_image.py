"""Titles are drawn inside of the canvas, in every script there is a font for, and never as boxes."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from saycut.media.fonts import best_face
from saycut.media.title_image import Position, Style, TitleSpec, draw_title

WORDS = {
    "latin": "Grüße, Zoë! Ærø",
    "cyrillic": "Привет, мир: щёлк",
    "greek": "Καλημέρα",
    "chinese": "我的旅行：第一天",
    "japanese": "旅の思い出、カメラ",
    "korean": "안녕하세요 여러분",
}


@pytest.mark.parametrize("script", WORDS)
def test_the_installed_font_has_the_script(script: str) -> None:
    face, lacking = best_face(WORDS[script])
    assert face.path.name == "NotoSansCJK-Regular.ttc"
    assert not lacking


@pytest.mark.parametrize(
    "text", ["Hi", "How to build a budget PC in 2026", "word " * 80, "Donaudampfschiff" * 6]
)
@pytest.mark.parametrize(("width", "height"), [(320, 180), (180, 320), (1920, 1080), (64, 36)])
@pytest.mark.parametrize("style", ["title", "lower_third"])
def test_it_fits_into_nine_tenths(text: str, width: int, height: int, style: Style, tmp_path: Path) -> None:
    image = draw_title(TitleSpec(text=text, style=style), width, height, tmp_path / "t.png")
    assert image is not None
    with Image.open(image.path) as drawn:
        wide, high = drawn.size
    assert wide <= width * 0.9 + 8
    if (width, height) != (64, 36) and len(text) < 200:  # on a stamp nothing smaller can be read anyway
        assert high <= height * 0.9 + 8
    assert 0 <= image.x <= max(width - wide, 0)
    assert 0 <= image.y <= max(height - high, 0)


@pytest.mark.parametrize(
    ("position", "column", "row"),
    [
        ("top", 1, 0),
        ("center", 1, 1),
        ("bottom", 1, 2),
        ("top_left", 0, 0),
        ("top_right", 2, 0),
        ("bottom_left", 0, 2),
        ("bottom_right", 2, 2),
        ("left", 0, 1),
        ("right", 2, 1),
    ],
)
def test_positions(position: Position, column: int, row: int, tmp_path: Path) -> None:
    image = draw_title(TitleSpec(text="Hi", position=position), 960, 540, tmp_path / "t.png")
    assert image is not None
    with Image.open(image.path) as drawn:
        x, y = image.x + drawn.width / 2, image.y + drawn.height / 2
    assert (int(x / 320), int(y / 180)) == (column, row)


def test_the_colour_is_the_one_asked_for_and_its_edge_stands_out(tmp_path: Path) -> None:
    for color, fill, edge in (
        ("yellow", (255, 255, 0), (0, 0, 0)),
        ("#102040", (16, 32, 64), (255, 255, 255)),
    ):
        image = draw_title(TitleSpec(text="HH", color=color), 640, 360, tmp_path / "t.png")
        assert image is not None
        pixels = np.asarray(Image.open(image.path).convert("RGBA")).reshape(-1, 4)
        solid = {tuple(int(v) for v in p[:3]) for p in pixels[pixels[:, 3] == 255]}
        assert {fill, edge} <= solid


def test_what_no_font_has_is_left_out_and_named(tmp_path: Path) -> None:
    image = draw_title(TitleSpec(text="Hi \U000f1234there"), 640, 360, tmp_path / "a.png")
    plain = draw_title(TitleSpec(text="Hi there"), 640, 360, tmp_path / "b.png")
    assert image is not None
    assert plain is not None
    assert (image.missing, plain.missing) == ("\U000f1234", "")
    assert image.path.read_bytes() == plain.path.read_bytes()
    assert draw_title(TitleSpec(text="\U000f1234"), 640, 360, tmp_path / "c.png") is None


def test_languages_get_their_own_shapes(tmp_path: Path) -> None:
    """直 is written differently in China and Japan; kana tell which is meant."""
    chinese, japanese = best_face("直线")[0], best_face("直すカメラ")[0]
    assert chinese.number != japanese.number
    drawn = [bytes(face.font(64).getmask("直")) for face in (chinese, japanese)]
    assert drawn[0] != drawn[1]
