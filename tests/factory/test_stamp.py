"""The stamp outlives what edits do to a picture, and is never read where there is none."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFilter

from tests.factory import stamp


def grey(picture: np.ndarray) -> Image.Image:
    return Image.fromarray(picture).convert("L")


SHAPES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "1080p": lambda p: p.resize((1920, 1080), Image.Resampling.BICUBIC),
    "half": lambda p: p.resize((160, 90), Image.Resampling.BOX),
    "9:16 crop": lambda p: p.crop((110, 0, 211, 180)).resize((1080, 1920)),
    "1:1 crop": lambda p: p.crop((70, 0, 250, 180)),
    "letterbox": lambda p: pasted(p.resize((1080, 608)), (1080, 1920), 0),
    "white bars": lambda p: pasted(p.resize((1080, 608)), (1080, 1920), 255),
    "squeezed": lambda p: p.resize((320, 120)),
    "border cut": lambda p: p.crop((31, 17, 290, 160)),
    "limited range": lambda p: p.point(lambda v: 16 + v * 219 / 255),
    "faded to 15 %": lambda p: p.point(lambda v: v * 0.15),
    "faded to white": lambda p: p.point(lambda v: 255 - (255 - v) * 0.3),
    "negative bars": lambda p: pasted(p, (400, 400), 90),
    "soft": lambda p: p.filter(ImageFilter.GaussianBlur(2)),
}


def pasted(picture: Image.Image, size: tuple[int, int], colour: int) -> Image.Image:
    canvas = Image.new("L", size, colour)
    canvas.paste(picture, ((size[0] - picture.width) // 2, (size[1] - picture.height) // 2))
    return canvas


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("index", [0, 89, 0xABCDEF, 0xFFFFFF])
def test_stamp_survives(shape: str, index: int) -> None:
    mark = stamp.find(np.asarray(SHAPES[shape](grey(stamp.draw(index, 320, 180, source=5)))))
    assert mark is not None
    assert (mark.index, mark.source, mark.rotation) == (index, 5, 0)


@pytest.mark.parametrize("quarters", range(4))
def test_stamp_tells_which_way_up_it_is(quarters: int) -> None:
    turned = np.rot90(np.asarray(grey(stamp.draw(1234, 320, 180))), -quarters)  # clockwise
    mark = stamp.find(turned)
    assert mark is not None
    assert (mark.index, mark.rotation) == (1234, 90 * quarters)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**24 - 1), st.integers(0, 255), st.integers(0, 44))
def test_any_wrong_cell_is_noticed(index: int, source: int, wrong: int) -> None:
    picture = np.array(grey(stamp.draw(index, 180, 180, source)))
    cell, left = stamp.cell_px(180, 180), (180 - 9 * stamp.cell_px(180, 180)) // 2
    rows, columns = stamp._data_cells()
    top, across = left + (rows[wrong] + 1) * cell, left + (columns[wrong] + 1) * cell
    assert stamp.find(picture) is not None
    part = picture[top : top + cell, across : across + cell]
    picture[top : top + cell, across : across + cell] = 255 - part
    assert stamp.find(picture) is None


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_nothing_is_read_from_noise(seed: int) -> None:
    blocks = np.random.default_rng(seed).integers(0, 2, (18, 32), np.uint8) * 255
    assert stamp.find(np.kron(blocks, np.ones((10, 10), np.uint8))) is None


def test_mixed_and_mirrored_pictures_are_not_read() -> None:
    one, two = (np.asarray(grey(stamp.draw(index, 320, 180)), np.float64) for index in (100, 239))
    assert stamp.find(((one + two) / 2).astype(np.uint8)) is None
    assert stamp.find(np.ascontiguousarray(one.astype(np.uint8)[:, ::-1])) is None


def test_numbers_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        stamp.draw(1 << 24, 320, 180)
