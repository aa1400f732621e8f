"""What a file holds: plain values that every room may keep, cache and show.

Times are exact (`Fraction`, seconds). A source's time zero is the presentation time of its
first shown picture, or of its first sounding sample when it has no picture; everything that
Saycut says about a source is relative to that zero.
"""

from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import msgspec

from saycut.words import Words

Kind = Literal["video", "audio", "image"]


class VideoStream(msgspec.Struct, frozen=True):
    """One picture track.

    `width`/`height` are what the decoder gives; `display_width`/`display_height` are what a
    viewer sees (after `rotation`, clockwise degrees to apply, and square pixels).
    `frame_rate` is nominal: exact when the rate is constant, snapped to a standard rate when
    that fits; for `is_vfr` it is the rate whose grid suits the track best. `first_pts_s` is in
    the container's time (what the zero of the source is measured from); `duration_s` runs from
    the first shown picture to the end of the last. `frame_count` counts shown pictures;
    `hidden_frames` are stored but left out by an edit list.
    """

    index: int
    codec: str
    profile: str | None
    pix_fmt: str
    bit_depth: int
    has_alpha: bool
    width: int
    height: int
    display_width: int
    display_height: int
    rotation: int
    sample_aspect_ratio: Fraction
    frame_rate: Fraction
    is_vfr: bool
    frame_count: int
    time_base: Fraction
    first_pts_s: Fraction
    duration_s: Fraction
    field_order: Literal["progressive", "tff", "bff", "unknown"]
    color_range: str | None
    color_space: str | None
    color_transfer: str | None
    color_primaries: str | None
    is_hdr: bool
    has_b_frames: bool
    bit_rate: int | None
    is_default: bool = False
    hidden_frames: int = 0

    @property
    def is_interlaced(self) -> bool:
        return self.field_order in ("tff", "bff")

    @property
    def frame_s(self) -> Fraction:
        """The length of one frame at the nominal rate."""
        return 1 / self.frame_rate


class AudioStream(msgspec.Struct, frozen=True):
    """One sound track. `start_s` is relative to the source's zero and may be negative;
    priming samples are not part of the sound, so `start_s` is where it really begins and
    `hidden_start_s` is how much is stored before it but not sounded."""

    index: int
    codec: str
    sample_rate_hz: int
    channels: int
    layout: str
    start_s: Fraction
    duration_s: Fraction
    bit_rate: int | None
    title: str | None = None
    language: str | None = None
    is_default: bool = False
    hidden_start_s: Fraction = Fraction(0)


class ImageFacts(msgspec.Struct, frozen=True):
    """A still or an animation; sizes are as shown (EXIF orientation applied)."""

    format: Literal["jpeg", "png", "gif", "webp"]
    width: int
    height: int
    frame_count: int
    is_animated: bool
    duration_s: Fraction
    has_alpha: bool


class MediaInfo(msgspec.Struct, frozen=True):
    """The result of `probe`. `main_video`/`main_audio` are positions in the lists, not stream indexes."""

    container: str
    demuxer: str
    kind: Kind
    byte_size: int
    duration_s: Fraction
    zero_pts_s: Fraction
    videos: tuple[VideoStream, ...] = ()
    audios: tuple[AudioStream, ...] = ()
    main_video: int | None = None
    main_audio: int | None = None
    image: ImageFacts | None = None
    attached_picture: bool = False
    subtitle_streams: int = 0
    data_streams: int = 0
    chapters: int = 0
    tags: dict[str, str] = {}
    is_cut_off: bool = False
    warnings: tuple[Words, ...] = ()

    @property
    def video(self) -> VideoStream | None:
        """The picture track that is used; None when there is none."""
        return None if self.main_video is None else self.videos[self.main_video]

    @property
    def audio(self) -> AudioStream | None:
        """The sound track that is used; None when there is none."""
        return None if self.main_audio is None else self.audios[self.main_audio]


class Source(msgspec.Struct, frozen=True):
    """A file together with what `probe` found in it: what every function of this room takes."""

    path: Path
    info: MediaInfo


def _encode(value: Any) -> Any:
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    raise NotImplementedError(type(value))


def _decode(kind: Any, value: Any) -> Any:
    if kind is Fraction:
        return Fraction(value)
    raise NotImplementedError(kind)


def info_to_json(info: MediaInfo) -> bytes:
    """`info` as JSON; rationals are strings such as "30000/1001"."""
    return msgspec.json.encode(info, enc_hook=_encode)


def info_from_json(data: bytes) -> MediaInfo:
    """The inverse of `info_to_json`. Raises msgspec.ValidationError on anything else."""
    return _READER.decode(data)


_READER = msgspec.json.Decoder(MediaInfo, dec_hook=_decode)  # before there are threads: timeline/stored.py
