"""What a player would show and sound of a finished file, read without any of the product's code.

Edit lists, codec priming, display rotation and start offsets are honoured as a player does; hidden
frames and discarded samples do not appear.
"""

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from tests.factory import stamp


@dataclass(frozen=True)
class FrameStamp:
    """One presented frame.

    `index` is None when no stamp can be read (black, mixed, damaged or foreign picture). `pts_s` is
    the container's own time stamp. `rotation` is how far the shown content is turned clockwise from
    upright; `box` is the stamp's outer edge (left, top, width, height) in pixels of the shown picture
    of `size` (width, height).
    """

    index: int | None
    pts_s: Fraction
    source: int | None
    rotation: int | None
    box: tuple[float, float, float, float] | None
    size: tuple[int, int]


def read_frame_indices(path: Path) -> list[FrameStamp]:
    """Every frame of the first video stream (cover pictures do not count), in presentation order."""
    stamps: list[FrameStamp] = []
    hint = None
    with av.open(str(path)) as file:
        stream = _picture_stream(file)
        if stream is None:
            return []
        stream.thread_type = "NONE"
        for frame in file.decode(stream):
            luma = _shown(_luma(frame), frame.rotation)
            mark = stamp.find(luma, hint)
            hint = mark.box if mark is not None else hint
            stamps.append(_stamp_of(mark, frame.pts * frame.time_base, luma.shape))
    return stamps


def read_picture(path: Path, number: int = 0) -> NDArray[np.uint8]:
    """Frame `number` as a player shows it: upright uint8 RGB (height, width, 3), full range.

    Raises IndexError when there is no such frame.
    """
    with av.open(str(path)) as file:
        stream = _picture_stream(file)
        for at, frame in enumerate(file.decode(stream) if stream is not None else ()):
            if at == number:
                rgb = frame.to_ndarray(format="rgb24")
                return np.ascontiguousarray(_shown(rgb, frame.rotation))
    raise IndexError(f"{path} has no frame {number}")


def read_patches(path: Path, number: int = 0) -> list[tuple[int, int, int]]:
    """The colours of the four corners of frame `number` as shown, to compare with `stamp.PATCHES`.

    Only a picture whose corners were kept has them; expect a few steps of difference from the codec.
    """
    picture = read_picture(path, number)
    high, wide = picture.shape[0] // 12, picture.shape[1] // 16  # the middle of a patch
    spots = ((high, wide), (high, -wide), (-high, wide), (-high, -wide))
    near = max(2, min(picture.shape[:2]) // 60)
    found = []
    for y, x in spots:
        down, across = y % picture.shape[0], x % picture.shape[1]
        area = picture[down - near : down + near, across - near : across + near]
        red, green, blue = (round(float(value)) for value in area.mean(axis=(0, 1)))
        found.append((red, green, blue))
    return found


def read_sound(path: Path, rate: int = 48_000, track: int = 0) -> NDArray[np.float32]:
    """The presented sound of audio stream `track`, float32 (samples, channels) at `rate`.

    Sample 0 sounds with the first picture shown (with no picture: it is the first sample). Sound that
    begins later is preceded by zeros, what sounds before the first picture is left out, holes in the
    time stamps are zeros. A file without such a stream gives an array of no samples.
    """
    with av.open(str(path)) as file:
        if track >= len(file.streams.audio):
            return np.zeros((0, 1), np.float32)
        stream = file.streams.audio[track]
        origin = _first_picture_s(path)
        pieces, native = _placed(file, stream, origin)
    pcm = np.concatenate(pieces) if pieces else np.zeros((0, stream.channels), np.float32)
    if native != rate and len(pcm):
        import soxr

        pcm = soxr.resample(pcm, native, rate, quality="VHQ")
    return np.ascontiguousarray(pcm, np.float32)


def _placed(file: Any, stream: Any, origin: Fraction | None) -> tuple[list[NDArray[np.float32]], int]:
    """The decoded samples, each where its time stamp puts it, from `origin` on; and their rate."""
    native = stream.codec_context.sample_rate
    pieces: list[NDArray[np.float32]] = []
    end, stop_s = 0, None
    slack = 2 + 2 * round(stream.time_base * native)  # time stamps are rounded; the samples are not
    for packet in file.demux(stream):
        if packet.pts is not None and packet.duration:
            stop_s = (packet.pts + packet.duration) * packet.time_base
        for frame in packet.decode():
            native = frame.sample_rate
            time = frame.pts * frame.time_base
            origin = time if origin is None else origin
            start = round((time - origin) * native)
            if pieces and abs(start - end) <= slack:
                start = end
            pcm = _samples(frame)[max(end - start, 0) :]
            start = max(start, end)
            if len(pcm):
                pieces += [np.zeros((start - end, pcm.shape[1]), np.float32), pcm]
                end = start + len(pcm)
    if pieces and stop_s is not None and origin is not None:
        surplus = end - round((stop_s - origin) * native)  # the padding of a last, half-filled AAC frame
        if slack < surplus < len(pieces[-1]):
            pieces[-1] = pieces[-1][:-surplus]
    return pieces, native


def _samples(frame: Any) -> NDArray[np.float32]:
    pcm = frame.to_ndarray()
    if not frame.format.is_planar:
        pcm = pcm.reshape(-1, frame.layout.nb_channels).T
    scale = 1.0 if pcm.dtype.kind == "f" else 2.0 ** (8 * pcm.dtype.itemsize - 1)
    return np.ascontiguousarray(pcm.T / scale, np.float32)


def _first_picture_s(path: Path) -> Fraction | None:
    with av.open(str(path)) as file:
        stream = _picture_stream(file)
        if stream is None:
            return None
        frame = next(file.decode(stream), None)
        return None if frame is None else frame.pts * frame.time_base


def _picture_stream(file: Any) -> Any:
    for stream in file.streams.video:
        if not stream.disposition & av.stream.Disposition.attached_pic:
            return stream
    return None


def _luma(frame: Any) -> NDArray[np.uint8]:
    """The luma plane of 8 bit YUV as it is; anything else as grey. The stamp needs no exact levels."""
    name = frame.format.name
    if name.startswith(("yuv4", "yuvj4", "nv12")) and frame.format.components[0].bits == 8:
        plane = frame.planes[0]
        rows = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)
        return rows[: frame.height, : frame.width]
    return np.asarray(frame.to_ndarray(format="gray"))


def _shown(picture: NDArray[np.uint8], rotation: int) -> NDArray[np.uint8]:
    """The stored picture turned as its display matrix asks (`rotation` counts counter-clockwise)."""
    return np.asarray(np.rot90(picture, round(rotation / 90) % 4))


def _stamp_of(mark: stamp.Mark | None, pts_s: Fraction, shape: tuple[int, ...]) -> FrameStamp:
    size = (shape[1], shape[0])
    if mark is None:
        return FrameStamp(None, pts_s, None, None, None, size)
    return FrameStamp(mark.index, pts_s, mark.source, mark.rotation, mark.box, size)
