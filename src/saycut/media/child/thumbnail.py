"""Child program: one small picture of a file.

Request: path, most_side (pixels), and for an image `format`; for a video demuxer, index, at_s (container
time, a rational as a string), rotation (clockwise degrees), width, height (as a viewer sees it).
Answer: JPEG.
"""

from __future__ import annotations

import sys
from fractions import Fraction
from typing import Any

from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image

from saycut.media import refusals
from saycut.media.child.images import frames_of, open_image, upright
from saycut.media.child.opening import open_media, packets
from saycut.media.child.refusing import Refused
from saycut.media.child.tracks import time_base

_QUALITY = 82


def main(request: dict[str, Any]) -> None:
    shown = _still(request) if "format" in request else _frame(request)
    shown.thumbnail((request["most_side"], request["most_side"]), Image.Resampling.LANCZOS)
    flat = Image.new("RGB", shown.size, (0, 0, 0))
    flat.paste(shown, mask=shown.getchannel("A") if "A" in shown.getbands() else None)
    flat.save(sys.stdout.buffer, "JPEG", quality=_QUALITY)


def _still(request: dict[str, Any]) -> Image.Image:
    image = open_image(request["path"], request["format"])
    if not getattr(image, "is_animated", False):
        image.draft("RGB", (request["most_side"], request["most_side"]))
    frame, _ = next(frames_of(image))
    return upright(frame)


def _frame(request: dict[str, Any]) -> Image.Image:
    at_s = Fraction(request["at_s"])
    frame = _decoded(request, at_s) or _decoded(request, None)
    if frame is None:
        raise Refused("unreadable", refusals.DAMAGED)
    turned = request["rotation"]
    size = (request["height"], request["width"]) if turned % 180 else (request["width"], request["height"])
    scale = min(1.0, request["most_side"] / max(size))
    small = frame.reformat(
        width=max(round(size[0] * scale), 1), height=max(round(size[1] * scale), 1), format="rgb24"
    )
    image = Image.fromarray(small.to_ndarray())
    return image.rotate(-turned, expand=True) if turned else image


def _decoded(request: dict[str, Any], at_s: Fraction | None) -> VideoFrame | None:
    """The picture that is shown at `at_s`; the first that there is for None. None when there is none."""
    container = open_media(request["path"], request["demuxer"])
    stream = container.streams[request["index"]]
    if not isinstance(stream, VideoStream):
        raise Refused("unreadable", refusals.DAMAGED)
    tick_s = time_base(stream)
    last: VideoFrame | None = None
    try:
        if at_s is not None:
            container.seek(int(at_s / tick_s), stream=stream, backward=True)
        for frame in _frames(container, stream):
            if last is not None and at_s is not None and frame.pts is not None and frame.pts * tick_s > at_s:
                return last
            last = frame
            if at_s is None:
                return last
    except FFmpegError:
        return last
    return last


def _frames(container: Any, stream: VideoStream) -> Any:
    for packet in packets(container, [stream]):
        try:
            yield from stream.codec_context.decode(packet)
        except FFmpegError:  # a damaged picture is passed over
            continue
    yield from stream.codec_context.decode(None)
