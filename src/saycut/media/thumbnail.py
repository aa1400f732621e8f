"""A small picture of a file, for lists and timelines."""

from fractions import Fraction
from typing import Any

from saycut.errors import Usage
from saycut.media.children import answer_of
from saycut.media.info import Source
from saycut.media.sandbox import Limits
from saycut.watch import Watch

_LIMITS = Limits(memory_bytes=2 << 30, cpu_s=60, wall_s=120.0)


def thumbnail(source: Source, at_s: Fraction, most_side: int, watch: Watch | None = None) -> bytes:
    """What is seen `at_s` into `source` as a JPEG of at most `most_side` pixels a side.

    An image has one moment only, and of an animation the first picture is taken. Raises Usage for a file
    without a picture, Unreadable, LimitExceeded, Cancelled.
    """
    info = source.info
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
