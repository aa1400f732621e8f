"""Small pictures of files: the frame that is meant, and HDR as renders show it."""

import io
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from saycut.media.info import Source
from saycut.media.picture import PicturePlan, PictureRun
from saycut.media.picture_encode import encode_picture
from saycut.media.probe import open_source
from saycut.media.thumbnail import thumbnail
from tests.factory import read_picture
from tests.media.material import made, real

SIDE = 320


def pixels(source: Source, at_s: Fraction) -> np.ndarray:
    with Image.open(io.BytesIO(thumbnail(source, at_s, SIDE))) as image:
        return np.asarray(image.convert("RGB"), dtype=np.float64)


def rendered(source: Source, number: int, size: tuple[int, int], folder: Path) -> np.ndarray:
    video = source.info.video
    assert video is not None
    run = PictureRun(source, ((number, number + 1),))
    plan = PicturePlan(runs=(run,), width=size[0], height=size[1], frame_rate=video.frame_rate)
    encode_picture(plan, folder / "out.mp4", work=folder)
    return read_picture(open_source(folder / "out.mp4").path).astype(np.float64)


@pytest.mark.parametrize("name", ["hdr", "hdr10_av1_portrait.mp4"])
def test_hdr_is_shown_as_a_render_shows_it(name: str, tmp_path: Path) -> None:
    source = made(name) if name == "hdr" else real(name)
    video = source.info.video
    assert video is not None
    assert video.is_hdr
    shown = pixels(source, 30 / video.frame_rate)
    height, width = shown.shape[:2]
    assert max(width, height) == SIDE
    wanted = rendered(source, 30, (width, height), tmp_path)
    assert np.abs(shown - wanted).mean() < 8  # two lossy codecs differ by 1 and 4; unmapped it is 26 and 28


def test_the_last_moment_of_hdr_has_a_picture() -> None:
    source = made("hdr")
    assert pixels(source, source.info.duration_s + 1).std() > 10
