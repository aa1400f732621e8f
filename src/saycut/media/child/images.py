"""Images through Pillow: upright, in sRGB order, with their own timing; one frame in memory at a time."""

import warnings
from collections.abc import Iterator
from fractions import Fraction

from PIL import Image, ImageOps, UnidentifiedImageError

from saycut.media import refusals
from saycut.media.allowed import MOST_PIXELS
from saycut.media.child.refusing import Refused
from saycut.words import Words

_ORIENTATION = 0x0112
_SIDEWAYS = (5, 6, 7, 8)
_MOST_FRAMES = 6000
_SHORTEST_FRAME_MS = 20
_BROWSER_FRAME_MS = 100


def open_image(path: str, image_format: str) -> Image.Image:
    """Only the parser of `image_format`; the size is checked before any pixel is decoded."""
    Image.MAX_IMAGE_PIXELS = None  # our own cap, below, refuses in words
    # The same as a warning would say: damaged metadata does not matter to us, damaged pixels raise.
    warnings.simplefilter("ignore")
    try:
        image = Image.open(path, formats=[image_format.upper()])
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise Refused("unreadable", refusals.DAMAGED) from None
    width, height = image.size
    if width * height > MOST_PIXELS:
        raise Refused(
            "limit",
            Words(
                f"is a picture of {width}×{height}, more than {MOST_PIXELS // 1_000_000} million pixels",
                f"是 {width}×{height} 的图片，超过 {MOST_PIXELS // 1_000_000} 百万像素",
            ),
        )
    return image


def shown_size(image: Image.Image) -> tuple[int, int]:
    """(width, height) after the EXIF orientation."""
    width, height = image.size
    return (height, width) if orientation(image) in _SIDEWAYS else (width, height)


def orientation(image: Image.Image) -> int:
    """The EXIF orientation 1..8; 1 when there is none or it cannot be read."""
    try:
        value = int(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # EXIF in the wild breaks in every way; the picture is still good
        return 1
    return value if 1 <= value <= 8 else 1


def upright(image: Image.Image) -> Image.Image:
    """The picture as shown, without metadata, RGBA (CMYK, palette and grey are converted)."""
    transposed = ImageOps.exif_transpose(image) if orientation(image) != 1 else image
    if transposed.mode == "I;16":
        transposed = transposed.point(lambda level: level / 256).convert("L")
    return transposed.convert("RGBA")


def frames_of(image: Image.Image) -> Iterator[tuple[Image.Image, Fraction]]:
    """Every frame with how long it is shown. A damaged tail ends the walk; a damaged first frame is refused.

    Frames that ask for less than 20 ms last 100 ms, as in browsers.
    """
    for place in range(_MOST_FRAMES + 1):
        try:
            image.seek(place)
            image.load()
        except EOFError:
            return
        except (OSError, ValueError, SyntaxError):
            if place == 0:
                raise Refused("unreadable", refusals.DAMAGED) from None
            return
        if place == _MOST_FRAMES:
            raise Refused(
                "limit", Words(f"has more than {_MOST_FRAMES} frames", f"的帧数超过 {_MOST_FRAMES}")
            )
        shown_ms = Fraction(image.info.get("duration") or 0).limit_denominator(1000)
        yield image, (shown_ms if shown_ms >= _SHORTEST_FRAME_MS else Fraction(_BROWSER_FRAME_MS)) / 1000
