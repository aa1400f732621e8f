"""Child program: an image as our own: upright, opaque over black, without metadata.

Request: path, format, most_side (pixels). Answer: PNG for a still; Matroska with FFV1 pictures at their own
times for an animation.
"""

import sys
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from PIL import Image

from saycut.media.child.images import frames_of, open_image, upright

_TICK_S = Fraction(1, 1000)


def main(request: dict[str, Any]) -> None:
    most = (request["most_side"], request["most_side"])
    image = open_image(request["path"], request["format"])
    if getattr(image, "is_animated", False):
        _write_animation((_opaque(frame, most), shown_s) for frame, shown_s in frames_of(image))
        return
    image.draft("RGB", most)  # JPEG decodes at a fraction of its size when that is enough
    frame, _ = next(frames_of(image))
    _opaque(frame, most).save(sys.stdout.buffer, "PNG", compress_level=1)


def _opaque(frame: Image.Image, most: tuple[int, int]) -> Image.Image:
    shown = upright(frame)
    if shown.width > most[0] or shown.height > most[1]:
        shown.thumbnail(most, Image.Resampling.LANCZOS)
    flat = Image.new("RGB", shown.size, (0, 0, 0))
    flat.paste(shown, mask=shown.getchannel("A"))
    return flat


def _write_animation(frames: Iterator[tuple[Image.Image, Fraction]]) -> None:
    import av
    import numpy as np

    with av.open(sys.stdout.buffer, "w", format="matroska") as container:
        stream = None
        time_s = Fraction(0)
        for image, shown_s in frames:
            if stream is None:
                stream = container.add_stream("ffv1", rate=Fraction(1) / _TICK_S)
                stream.width, stream.height, stream.pix_fmt = image.width, image.height, "bgr0"
                stream.codec_context.time_base = _TICK_S
            frame = av.VideoFrame.from_ndarray(np.asarray(image), format="rgb24").reformat(format="bgr0")
            frame.pts, frame.time_base = round(time_s / _TICK_S), _TICK_S
            for packet in stream.encode(frame):
                packet.duration = round(shown_s / _TICK_S)
                container.mux(packet)
            time_s += shown_s
        if stream is not None:
            container.mux(stream.encode(None))
