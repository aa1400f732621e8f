"""Packets as they are stored: proof that a copied picture is the same picture, and where tracks end."""

import json
from array import array
from fractions import Fraction
from typing import Any

import msgspec

from saycut.errors import Usage
from saycut.media.children import answer_of
from saycut.media.info import Source
from saycut.watch import Watch
from saycut.words import Words

_SHOWN, _KEY = 1, 2


class PacketDigest(msgspec.Struct, frozen=True):
    """The packets of one picture track, in decoding order.

    `payload_sha256` covers every packet's bytes, free of the container's framing; `times` are
    presentation times in ticks of `time_base` relative to the first shown picture; `shown` tells
    which packets an edit list leaves visible, `keys` which are key frames.
    """

    count: int
    payload_sha256: str
    time_base: Fraction
    times: tuple[int, ...]
    shown: tuple[bool, ...]
    keys: tuple[bool, ...]


class SamePicture(msgspec.Struct, frozen=True):
    """The verdict of `same_picture` and, when it is no, the first difference in words."""

    same: bool
    reason: Words | None = None

    def __bool__(self) -> bool:
        return self.same


class StreamEnds(msgspec.Struct, frozen=True):
    """What a player presents, in seconds of the file's own time; None where there is no such track."""

    video_start_s: Fraction | None
    video_end_s: Fraction | None
    audio_start_s: Fraction | None
    audio_end_s: Fraction | None

    @property
    def av_end_difference_ms(self) -> float | None:
        """|end of sound - end of picture| in ms; None unless there are both."""
        if self.video_end_s is None or self.audio_end_s is None:
            return None
        return float(abs(self.audio_end_s - self.video_end_s) * 1000)


def picture_hash(source: Source, stream_index: int | None = None, watch: Watch | None = None) -> PacketDigest:
    """Digest of one picture track (None: the main one), without decoding. Raises Unreadable, Cancelled."""
    if stream_index is None:
        if source.info.video is None:
            raise Usage(reason=f"{source.path.name} holds no picture")
        stream_index = source.info.video.index
    request = {"demuxer": source.info.demuxer, "index": stream_index}
    answer = answer_of("packets", source.path, request, watch=watch)
    head, _, rest = answer.partition(b"\n")
    said = json.loads(head)
    count = said["count"]
    times = array("q", rest[: 8 * count])
    flags = rest[8 * count :]
    return PacketDigest(
        count=count,
        payload_sha256=said["payload_sha256"],
        time_base=Fraction(said["time_base"]),
        times=tuple(times),
        shown=tuple(bool(flag & _SHOWN) for flag in flags),
        keys=tuple(bool(flag & _KEY) for flag in flags),
    )


def same_picture(before: PacketDigest, after: PacketDigest) -> SamePicture:
    """Whether both hold the same packets, shown at the same times to one tick of the coarser time base."""
    if before.count != after.count:
        return _count_differs(before.count, after.count)
    if before.payload_sha256 != after.payload_sha256:
        return _differs("the packets hold other bytes", "数据包内容不同")
    if before.shown != after.shown:
        return _differs("other pictures are hidden", "被隐藏的画面不同")
    tolerance = max(before.time_base, after.time_base)
    for place, (one, other) in enumerate(zip(before.times, after.times, strict=True)):
        if abs(one * before.time_base - other * after.time_base) > tolerance:
            return _time_differs(place)
    return SamePicture(True)


def said_difference(found: dict[str, Any] | None) -> SamePicture:
    """The verdict of the child program `copied` in words."""
    if found is None:
        return SamePicture(True)
    place, (before, after) = found["packet"], found["counts"]
    match found["what"]:
        case "count":
            return _count_differs(before, after)
        case "payload":
            return _differs(f"packet {place} holds other bytes", f"第 {place} 个数据包内容不同")
        case "sound":
            return _differs(f"sound packet {place} is another", f"第 {place} 个声音数据包不同")
        case "shown":
            return _differs("other pictures are hidden", "被隐藏的画面不同")
        case _:
            return _time_differs(place)


def _count_differs(before: int, after: int) -> SamePicture:
    return _differs(f"{after} packets instead of {before}", f"数据包为 {after} 个，应为 {before} 个")


def _time_differs(place: int) -> SamePicture:
    return _differs(f"packet {place} is shown at another time", f"第 {place} 个数据包的显示时间不同")


def _differs(en: str, zh: str) -> SamePicture:
    return SamePicture(False, Words(en, zh))


def keyframes(source: Source, watch: Watch | None = None) -> tuple[Fraction, ...]:
    """Presentation times of the main picture's shown key frames, relative to the source's zero, ascending."""
    digest = picture_hash(source, watch=watch)
    kept = zip(digest.times, digest.shown, digest.keys, strict=True)
    return tuple(sorted(time * digest.time_base for time, shown, key in kept if shown and key))


def stream_ends(source: Source) -> StreamEnds:
    """Where the main picture and the main sound begin and end as presented (no priming, no padding).

    The probe went through every packet of both, so nothing is read again.
    """
    video, audio, zero_s = source.info.video, source.info.audio, source.info.zero_pts_s
    picture = sound = None
    if video is not None:
        picture = (video.first_pts_s, video.first_pts_s + video.duration_s)
    if audio is not None:
        sound = (zero_s + audio.start_s, zero_s + audio.start_s + audio.duration_s)
    return StreamEnds(*(picture or (None, None)), *(sound or (None, None)))
