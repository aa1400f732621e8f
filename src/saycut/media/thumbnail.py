"""A small picture of a file, for lists and timelines."""

import tempfile
from fractions import Fraction
from pathlib import Path
from typing import Any

from saycut.errors import Usage
from saycut.media.children import answer_of
from saycut.media.info import Source
from saycut.media.picture import PicturePlan, PictureRun
from saycut.media.picture_encode import encode_picture
from saycut.media.probe import open_source
from saycut.media.sandbox import Limits
from saycut.watch import Watch

_LIMITS = Limits(memory_bytes=2 << 30, cpu_s=60, wall_s=120.0)
_CRF = 12  # a JPEG is made of it yet


def thumbnail(source: Source, at_s: Fraction, most_side: int, watch: Watch | None = None) -> bytes:
    """What is seen `at_s` into `source` as a JPEG of at most `most_side` pixels a side.

    An image has one moment only, and of an animation the first picture is taken. HDR is shown as a render
    shows it. Raises Usage for a file without a picture, Unreadable, LimitExceeded, Cancelled.
    """
    info = source.info
    if info.image is None and info.video is not None and info.video.is_hdr:
        with tempfile.TemporaryDirectory(prefix="saycut-") as folder:
            shown = _as_rendered(source, at_s, most_side, Path(folder), watch)
            return thumbnail(shown, Fraction(0), most_side, watch)
    if info.image is not None:
        request: dict[str, Any] = {"format": info.image.format, "most_side": most_side}
    elif info.video is not None:
        request = {
            "demuxer": info.demuxer,
            "index": info.video.index,
            "at_s": str(info.zero_pts_s + at_s),
            "rotation": info.video.rotation,
            "width": info.video.display_width,
            "height": info.video.display_height,
            "most_side": most_side,
        }
    else:
        raise Usage(reason=f"{source.path.name} has no picture")
    return answer_of("thumbnail", source.path, request, watch=watch, limits=_LIMITS)


def _as_rendered(source: Source, at_s: Fraction, most_side: int, folder: Path, watch: Watch | None) -> Source:
    """One small frame with the colours of a render: the decoder's own library maps no tones."""
    video = source.info.video
    assert video is not None
    number = min(int(at_s * video.frame_rate), max(video.frame_count - 1, 0))
    scale = min(1.0, most_side / max(video.display_width, video.display_height))
    out = folder / "shown.mp4"
    plan = PicturePlan(
        runs=(PictureRun(source, ((number, number + 1),)),),
        width=_even(video.display_width * scale),
        height=_even(video.display_height * scale),
        frame_rate=video.frame_rate,
        crf=_CRF,
    )
    encode_picture(plan, out, work=folder, watch=watch)
    return open_source(out, watch)


def _even(pixels: float) -> int:
    return max(round(pixels / 2), 1) * 2
