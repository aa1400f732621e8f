"""Stamped still pictures, and reading them back as a viewer shows them."""

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from tests.factory import stamp
from tests.factory.spec import Still

_ORIENTATION_TAG = 0x0112
# How a viewer turns the stored picture for each EXIF orientation; undone before it is stored.
_UNDO = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
_FORMAT = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF"}
_FRAME_MS = 100


def write_still(still: Still, path: Path) -> None:
    """Write `still`; its orientation is left out of GIF, which has no place for it."""
    pictures = [_picture(still, still.index + number) for number in range(still.frames)]
    options: dict[str, Any] = {"format": _FORMAT[still.container]}
    if still.container != "gif" and still.orientation != 1:
        exif = Image.Exif()
        exif[_ORIENTATION_TAG] = still.orientation
        options["exif"] = exif
    if still.container in ("jpg", "webp"):
        options["quality"] = 92
    if still.frames > 1:
        options |= {"save_all": True, "append_images": pictures[1:], "duration": _FRAME_MS, "loop": 0}
    pictures[0].save(path, **options)


def read_still(path: Path) -> stamp.Mark | None:
    """The stamp of the (first) picture as a viewer shows it: EXIF orientation applied."""
    with Image.open(path) as picture:
        upright = ImageOps.exif_transpose(picture.convert("RGB") if picture.mode == "P" else picture)
        return stamp.find(np.asarray(upright.convert("L")))


def _picture(still: Still, index: int) -> Image.Image:
    picture = Image.fromarray(stamp.draw(index, still.width, still.height, still.source))
    if still.transparent:
        alpha = np.full((still.height, still.width), 255, np.uint8)
        alpha[: still.height // 8] = 0  # a band at the top that shows what lies behind
        picture.putalpha(Image.fromarray(alpha))
    if still.container != "gif" and still.orientation in _UNDO:
        picture = picture.transpose(_UNDO[still.orientation])
    return picture
