"""The picture that carries its own number.

A stamp is a square of 7 x 7 black or white cells inside a black ring one cell wide, in the middle of a
grey frame. Its cells hold 24 bits of frame number, 8 bits of source number and a 13 bit checksum; one
corner cell is white and the other three are black, which tells which way up the picture is. The whole
square fits the central 9:16 crop of a 16:9 frame, so it outlives platform crops as well as scaling,
letterboxing, quarter turns, range changes and x264 at CRF 20.
"""

import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Luma = NDArray[np.uint8]
Rgb = NDArray[np.uint8]

CELLS = 7  # data cells a side; the black ring makes it 9
SIDE_CELLS = CELLS + 2
CELLS_PER_SHORT_SIDE = 18  # 9 cells then span half the short side: inside a 9:16 crop of 16:9
INDEX_BITS, SOURCE_BITS, CHECK_BITS = 24, 8, 13
GREY = 128

# What the four corners of a frame show (8 bit BT.709 RGB): top left, top right, bottom left, bottom right.
# All are lighter than the threshold that separates the ring from what is around it.
PATCHES: tuple[tuple[int, int, int], ...] = ((220, 60, 60), (60, 180, 60), (90, 90, 230), (220, 200, 60))


@dataclass(frozen=True)
class Mark:
    """One stamp found in a picture.

    `rotation` is how far the content is turned clockwise from upright, in degrees.
    `box` is left, top, width and height of the ring's outer edge, in pixels of the picture.
    """

    index: int
    source: int
    rotation: int
    box: tuple[float, float, float, float]


def cell_px(width: int, height: int) -> int:
    """The side of one cell in a frame of this size; at least 4 px are needed to read it back."""
    return max(4, min(width, height) // CELLS_PER_SHORT_SIDE)


def draw(index: int, width: int, height: int, source: int = 0) -> Rgb:
    """Frame number `index` of `source`, uint8 RGB (height, width, 3), full range."""
    picture = np.full((height, width, 3), GREY, np.uint8)
    patch_h, patch_w = height // 6, width // 8
    for number, colour in enumerate(PATCHES):
        top = 0 if number < 2 else height - patch_h
        left = 0 if number % 2 == 0 else width - patch_w
        picture[top : top + patch_h, left : left + patch_w] = colour
    bar = patch_w + (index * 3) % max(1, width - 2 * patch_w - 8)  # something that visibly moves
    picture[height - patch_h // 2 :, bar : bar + 8] = 190
    cell = cell_px(width, height)
    grid = np.zeros((SIDE_CELLS, SIDE_CELLS), np.uint8)
    grid[1:-1, 1:-1] = _grid(index, source) * 255
    square = np.kron(grid, np.ones((cell, cell), np.uint8))
    top, left = (height - len(square)) // 2, (width - len(square)) // 2
    picture[top : top + len(square), left : left + len(square)] = square[:, :, None]
    return picture


def find(luma: Luma, hint: tuple[float, float, float, float] | None = None) -> Mark | None:
    """The stamp in an upright or turned picture (height, width), or None when none can be read.

    `hint` is the box of an earlier frame: it is tried first, which is quick and also reads frames
    that are faded so far that the ring no longer stands out.
    """
    if hint is not None:
        mark = _read_box(luma, hint)
        if mark is not None:
            return mark
    step = max(1, min(luma.shape) // 200)
    small = luma[::step, ::step]
    for box in _candidates(small):
        mark = _read_box(luma, (box[0] * step, box[1] * step, box[2] * step, box[3] * step))
        if mark is not None:
            return mark
    return None


def _grid(index: int, source: int) -> NDArray[np.uint8]:
    if not 0 <= index < 1 << INDEX_BITS or not 0 <= source < 1 << SOURCE_BITS:
        raise ValueError(f"index {index} or source {source} does not fit the stamp")
    word = (index << SOURCE_BITS | source) << CHECK_BITS | _check(index, source)
    bits = [word >> shift & 1 for shift in range(INDEX_BITS + SOURCE_BITS + CHECK_BITS)]
    grid = np.zeros((CELLS, CELLS), np.uint8)
    grid[_data_cells()] = bits
    grid[0, 0] = 1
    return grid


def _check(index: int, source: int) -> int:
    payload = (index << SOURCE_BITS | source).to_bytes(4, "big")
    return zlib.crc32(payload) & (1 << CHECK_BITS) - 1


def _data_cells() -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    inside = np.ones((CELLS, CELLS), bool)
    inside[[0, 0, -1, -1], [0, -1, 0, -1]] = False
    rows, columns = np.nonzero(inside)
    return rows, columns


def _candidates(luma: Luma) -> list[tuple[float, float, float, float]]:
    """Boxes of dark shapes whose four edges are dark all along: rings, and little else."""
    boxes = []
    low, middle = int(luma.min()), int(np.median(luma))
    for threshold in dict.fromkeys((70, (low + middle) // 2, 100, 45)):
        dark = luma < threshold
        labels, _count = ndimage.label(dark)
        for rows, columns in ndimage.find_objects(labels):
            high, wide = rows.stop - rows.start, columns.stop - columns.start
            if min(high, wide) < 3 * SIDE_CELLS or not 0.4 < wide / high < 2.5:
                continue
            shape = dark[rows, columns]
            edges = (shape[1], shape[-2], shape[:, 1], shape[:, -2])
            if min(float(edge.mean()) for edge in edges) > 0.9:
                boxes.append((float(columns.start), float(rows.start), float(wide), float(high)))
    return boxes


def _read_box(luma: Luma, box: tuple[float, float, float, float]) -> Mark | None:
    cells = _sample(luma, box)
    if cells is None:
        return None
    ring = np.concatenate((cells[0], cells[-1], cells[:, 0], cells[:, -1]))
    data = cells[1:-1, 1:-1]
    black, white = float(np.median(ring)), float(data.max())
    if white - black < 8 or float(ring.max()) > (black + white) / 2:
        return None
    bits = (data > (black + white) / 2).astype(np.uint8)
    for quarter in range(4):
        upright = np.rot90(bits, quarter)  # np.rot90 turns counter-clockwise
        value = _decode(upright)
        if value is not None:
            return Mark(value[0], value[1], 90 * quarter, box)
    return None


def _sample(luma: Luma, box: tuple[float, float, float, float]) -> NDArray[np.float64] | None:
    """The mean of the middle of every cell, (9, 9); None when the box leaves the picture."""
    left, top, wide, high = box
    if left < 0 or top < 0 or left + wide > luma.shape[1] or top + high > luma.shape[0]:
        return None
    columns = _points(left, wide)
    rows = _points(top, high)
    picked = luma[np.ix_(rows, columns)].astype(np.float64)
    return np.asarray(picked.reshape(SIDE_CELLS, 3, SIDE_CELLS, 3).mean(axis=(1, 3)))


def _points(start: float, length: float) -> NDArray[np.intp]:
    """Three points in the middle third of each of the 9 cells."""
    centres = (np.arange(SIDE_CELLS)[:, None] + np.array([0.36, 0.5, 0.64])).ravel()
    return np.asarray(start + centres * length / SIDE_CELLS, np.float64).astype(np.intp)


def _decode(bits: NDArray[np.uint8]) -> tuple[int, int] | None:
    if (bits[0, 0], bits[0, -1], bits[-1, 0], bits[-1, -1]) != (1, 0, 0, 0):
        return None
    word = sum(int(bit) << shift for shift, bit in enumerate(bits[_data_cells()]))
    check = word & (1 << CHECK_BITS) - 1
    source = word >> CHECK_BITS & (1 << SOURCE_BITS) - 1
    index = word >> (CHECK_BITS + SOURCE_BITS)
    return (index, source) if check == _check(index, source) else None
