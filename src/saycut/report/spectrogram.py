"""A spectrogram as a PNG, in colours whose lightness rises evenly with the level."""

import io

import numpy as np
from numpy.typing import NDArray

from saycut.report.portrait import HIGH_HZ, LOW_HZ, Levels

DARKEST_DBFS, BRIGHTEST_DBFS = -110.0, -20.0
TICKS_HZ = (100, 500, 1000, 5000, 10_000)
# "magma" by N. Smith and S. van der Walt (CC0), every sixteenth of its length
_MAGMA = (
    *((0, 0, 4), (10, 8, 34), (29, 17, 71), (54, 16, 107), (81, 18, 124), (106, 28, 129)),
    *((131, 38, 129), (156, 46, 127), (183, 55, 121), (208, 65, 111), (231, 82, 99), (245, 107, 92)),
    *((252, 137, 97), (254, 167, 114), (254, 196, 136), (253, 226, 163), (252, 253, 191)),
)


def spectrogram_png(spectrum: Levels) -> bytes:
    """`spectrum` in dBFS, (rows, columns), the first row at the bottom: one pixel each."""
    return _png(_shades(spectrum[::-1]))


def legend_png() -> bytes:
    """The scale of the colours from DARKEST_DBFS (left) to BRIGHTEST_DBFS, one row."""
    return _png(np.arange(256, dtype=np.uint8)[None, :])


def height_share(frequency_hz: float) -> float:
    """How far up the picture a frequency lies, 0 (bottom) to 1."""
    return float(np.log(frequency_hz / LOW_HZ) / np.log(HIGH_HZ / LOW_HZ))


def _shades(level_db: Levels) -> NDArray[np.uint8]:
    share = (level_db - DARKEST_DBFS) / (BRIGHTEST_DBFS - DARKEST_DBFS)
    shades: NDArray[np.uint8] = np.rint(np.clip(share, 0, 1) * 255).astype(np.uint8)
    return shades


def _png(shades: NDArray[np.uint8]) -> bytes:
    from PIL import Image

    picture = Image.fromarray(np.ascontiguousarray(shades), "L")
    picture.putpalette(palette().tobytes())
    held = io.BytesIO()
    picture.save(held, "PNG", optimize=True)
    return held.getvalue()


def palette() -> NDArray[np.uint8]:
    """The 256 colours, (256, 3), darkest first."""
    anchors = np.asarray(_MAGMA, np.float64)
    places = np.linspace(0, len(anchors) - 1, 256)
    channels = [np.interp(places, np.arange(len(anchors)), anchors[:, channel]) for channel in range(3)]
    return np.rint(np.stack(channels, axis=1)).astype(np.uint8)
