"""What a track is, gathered packet by packet and from one decoded picture; no track is held in memory."""

from __future__ import annotations  # Packet is generic for the type checker only

from array import array
from fractions import Fraction
from typing import Any

from av.audio.stream import AudioStream
from av.codec.context import ThreadType
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from saycut.media.allowed import AUDIO_CODECS, VIDEO_CODECS
from saycut.media.child.opening import skipped_samples
from saycut.media.frame_rate import nominal_rate

_TRIES_FOR_A_PICTURE = 64
_NEVER = -(1 << 62)
_HDR_TRANSFERS = {16: "smpte2084", 18: "arib-std-b67"}
_FIELD_ORDERS = {1: "progressive", 2: "tff", 5: "tff", 3: "bff", 4: "bff"}
_RANGES = {1: "tv", 2: "pc"}
_SPACES = {
    0: "gbr",
    1: "bt709",
    4: "fcc",
    5: "bt470bg",
    6: "smpte170m",
    7: "smpte240m",
    9: "bt2020nc",
    10: "bt2020c",
}
_TRANSFERS = {
    1: "bt709", 4: "gamma22", 5: "gamma28", 6: "smpte170m", 7: "smpte240m", 8: "linear",
    13: "iec61966-2-1", 14: "bt2020-10", 15: "bt2020-12", **_HDR_TRANSFERS,
}  # fmt: skip
_PRIMARIES = {
    1: "bt709",
    4: "bt470m",
    5: "bt470bg",
    6: "smpte170m",
    7: "smpte240m",
    9: "bt2020",
    11: "smpte431",
    12: "smpte432",
}

_LAYOUTS = {1: "mono", 2: "stereo"}  # FFmpeg says "1 channels" where a file does not name its speakers


def exact(number: Any) -> Fraction | None:
    """FFmpeg's rational as a Fraction; None where it has none."""
    return Fraction(number.numerator, number.denominator) if number and number.denominator else None


def codec_name(stream: Stream) -> str:
    """The name of the codec (not of the decoder that happens to be there)."""
    context = stream.codec_context
    return context.codec.canonical_name if context is not None else "unknown"


def is_allowed(stream: Stream) -> bool:
    return codec_name(stream) in (VIDEO_CODECS if stream.type == "video" else AUDIO_CODECS)


def is_attached_picture(stream: Stream) -> bool:
    """A cover image that calls itself a video track."""
    return stream.type == "video" and bool(stream.disposition & stream.disposition.__class__.attached_pic)


def is_default(stream: Stream) -> bool:
    return bool(stream.disposition & stream.disposition.__class__.default)


def time_base(stream: Stream) -> Fraction:
    return exact(stream.time_base) or Fraction(1, 1000)


def _says_alpha(stream: Stream) -> bool:
    """VP8 and VP9 keep transparency beside the picture and say so in the container."""
    return any(key.lower() == "alpha_mode" and value == "1" for key, value in stream.metadata.items())


class PictureTrack:
    """One video track on its way through the packets."""

    def __init__(self, stream: VideoStream) -> None:
        self.stream = stream
        self.codec = codec_name(stream)
        self.times = array("q")
        self.bytes = 0
        self.corrupt = 0
        self.ends_corrupt = False
        self.hidden = 0
        self.reordered = False
        self._last: tuple[int, int] | None = None
        self._frame: VideoFrame | None = None
        self._tries = _TRIES_FOR_A_PICTURE
        stream.codec_context.thread_count = 1
        stream.codec_context.thread_type = ThreadType.NONE

    def take(self, packet: Packet[Any]) -> None:
        """Count one packet; the first few are decoded until one picture has come out."""
        self._look(packet)
        self.bytes += packet.size
        self.corrupt += packet.is_corrupt
        self.ends_corrupt = bool(packet.is_corrupt)
        time = packet.pts if packet.pts is not None else packet.dts
        if time is None:
            time = self._last[0] + self._last[1] if self._last else 0
        if packet.is_discard:
            self.hidden += 1
            return
        if self._is_reference_only(packet):
            return
        if self.times and time < self.times[-1]:
            self.reordered = True
        self.times.append(time)
        if self._last is None or time >= self._last[0]:
            self._last = (time, packet.duration or 0)

    def _is_reference_only(self, packet: Packet[Any]) -> bool:
        """A VP8 reference frame that is never shown (RFC 6386, 9.1: bit 4 of the frame tag)."""
        return self.codec == "vp8" and packet.size > 0 and not memoryview(packet)[0] & 0x10

    def _look(self, packet: Packet[Any]) -> None:
        if self._frame is not None or self._tries == 0:
            return
        first = self._tries == _TRIES_FOR_A_PICTURE
        self._tries -= 1
        try:
            frames = self.stream.codec_context.decode(packet)
            if first and not frames:
                frames = self._alone(packet)
        except FFmpegError:
            return
        if frames:
            self._frame = frames[0]

    def _alone(self, packet: Packet[Any]) -> list[VideoFrame]:
        """What the first packet gives by itself, so that no more are decoded only to push its picture out.

        A decoder that reorders holds it back (85 ms of work for each picture of a camera's 1080p). One that
        really needs what follows is put where it was.
        """
        context = self.stream.codec_context
        frames = context.decode(None)
        context.flush_buffers()
        return frames or context.decode(packet)

    def finish(self) -> None:
        """Get the picture out of a decoder that was still waiting for more."""
        if self._frame is None:
            try:
                frames = self.stream.codec_context.decode(None)
            except FFmpegError:
                return
            self._frame = frames[0] if frames else None

    @property
    def decodes(self) -> bool:
        return self._frame is not None

    def facts(self) -> dict[str, Any]:
        """The fields of `info.VideoStream`, rationals as strings."""
        stream, context, base = self.stream, self.stream.codec_context, time_base(self.stream)
        times = sorted(self.times)
        declared = exact(stream.guessed_rate) or exact(stream.average_rate)
        rate, is_vfr = nominal_rate(times, base, declared if declared and declared <= 480 else None)
        assert self._last is not None
        last_s = self._last[1] * base or 1 / rate
        first_s = times[0] * base
        duration_s = self._last[0] * base + last_s - first_s
        components = context.format.components if context.format is not None else ()
        depth = max((component.bits for component in components), default=8)
        frame = self._frame
        return {
            "index": stream.index,
            "codec": self.codec,
            "profile": stream.profile,
            "pix_fmt": context.format.name if context.format is not None else "unknown",
            "bit_depth": depth,
            "has_alpha": len(components) in (2, 4) or _says_alpha(stream),
            **self._sizes(),
            "frame_rate": str(rate),
            "is_vfr": is_vfr,
            "frame_count": len(times),
            "hidden_frames": self.hidden,
            "time_base": str(base),
            "first_pts_s": str(first_s),
            "duration_s": str(duration_s),
            "field_order": self._field_order(),
            "color_range": _RANGES.get(int(frame.color_range if frame else context.color_range)),
            "color_space": _SPACES.get(int(frame.colorspace if frame else context.colorspace)),
            "color_transfer": _TRANSFERS.get(int(context.color_trc)),
            "color_primaries": _PRIMARIES.get(int(context.color_primaries)),
            "is_hdr": int(context.color_trc) in _HDR_TRANSFERS,
            "has_b_frames": self.reordered,
            "bit_rate": int(self.bytes * 8 / duration_s) if duration_s > 0 else None,
            "is_default": is_default(stream),
        }

    def _sizes(self) -> dict[str, Any]:
        context, frame = self.stream.codec_context, self._frame
        width, height = (frame.width, frame.height) if frame else (context.width, context.height)
        aspect = exact(self.stream.sample_aspect_ratio) or Fraction(1)
        # The decoder's angle is counter-clockwise and says how the picture lies, not how to turn it.
        turn = -round((frame.rotation if frame else 0) / 90) * 90 % 360
        shown = (max(round(width * aspect), 1), height)
        if turn in (90, 270):
            shown = (shown[1], shown[0])
        return {
            "width": width,
            "height": height,
            "display_width": shown[0],
            "display_height": shown[1],
            "rotation": turn,
            "sample_aspect_ratio": str(aspect),
        }

    def _field_order(self) -> str:
        order = _FIELD_ORDERS.get(int(self.stream.codec_context.field_order), "unknown")
        if self._frame is not None and self._frame.interlaced_frame and order in ("unknown", "progressive"):
            return "tff"  # flagged only in its frames; top first is what HD and PAL cameras write
        if self._frame is not None and not self._frame.interlaced_frame and order == "unknown":
            return "progressive"
        return order


class SoundTrack:
    """One audio track on its way through the packets; only its edges are kept."""

    def __init__(self, stream: AudioStream) -> None:
        self.stream = stream
        self.codec = codec_name(stream)
        self.base = time_base(stream)
        self.bytes = 0
        self.corrupt = 0
        self.ends_corrupt = False
        self._count = 0
        self._first = 0  # of all stored; the others are in ticks too, there is one of each for every packet
        self._begin = 0
        self._skip = 0
        self._end = _NEVER
        self._padding = 0
        self._usual = 0
        self._in_discard = True

    def take(self, packet: Packet[Any]) -> None:
        """Priming and padding samples are no sound (FFmpeg calls them skip_samples; edit lists: discard)."""
        self.bytes += packet.size
        self.corrupt += packet.is_corrupt
        self.ends_corrupt = bool(packet.is_corrupt)
        time = packet.pts if packet.pts is not None else packet.dts
        if time is None:
            time = max(self._end, 0)
        skip, padding = skipped_samples(packet)
        if self._count == 0:
            self._first, self._begin, self._skip = time, time, skip
        self._count += 1
        if packet.is_discard:
            return
        if self._in_discard:
            self._later(time)
            self._in_discard = False
        elif self._count == 2 and self.codec == "vorbis":
            # The first Vorbis packet only primes the overlap and gives no samples (Vorbis I, 1.3.2).
            self._later(time)
        # A padded last packet says its whole length in some containers, what is left in others.
        end = time + max(packet.duration or 0, self._usual if padding else 0)
        if end > self._end:
            self._end, self._padding = end, padding
        self._usual = packet.duration or 0

    def _later(self, time: int) -> None:
        """The sound begins at `time`, unless what is skipped of the first packets reaches further."""
        if time * self.base > self.start_s:
            self._begin, self._skip = time, 0

    def _samples_s(self, count: int) -> Fraction:
        return Fraction(count, self.stream.codec_context.sample_rate or 48_000)

    @property
    def start_s(self) -> Fraction:
        return self._begin * self.base + self._samples_s(self._skip)

    @property
    def end_s(self) -> Fraction:
        return self._end * self.base - self._samples_s(self._padding)

    @property
    def sounds(self) -> bool:
        return self._count > 0 and self.end_s > self.start_s

    def facts(self, zero_s: Fraction) -> dict[str, Any]:
        """The fields of `info.AudioStream`, rationals as strings."""
        context = self.stream.codec_context
        duration_s = self.end_s - self.start_s
        title = self.stream.metadata.get("title", "")[:200]
        language = self.stream.language
        return {
            "index": self.stream.index,
            "codec": self.codec,
            "sample_rate_hz": context.sample_rate,
            "channels": context.channels,
            "layout": _LAYOUTS.get(context.channels, context.layout.name),
            "start_s": str(self.start_s - zero_s),
            "duration_s": str(duration_s),
            "hidden_start_s": str(self.start_s - self._first * self.base),
            "bit_rate": int(self.bytes * 8 / duration_s) if duration_s > 0 else None,
            "title": title or None,
            "language": language if language not in (None, "und") else None,
            "is_default": is_default(self.stream),
        }
