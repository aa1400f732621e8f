"""Child program: what a copy holds, as `probe` tells it, and whether it is what it was copied from.

Request: path, demuxer (of the copy), picture and sound: null or {path, demuxer, index} of the track that
was copied. All are read once, side by side. Answer: the facts of `probe` and `differs`, null or what
`packets.py` makes a sentence of: {"what": "count" | "payload" | "shown" | "time" | "sound", "packet": n,
"counts": [n, m]}.
"""

from __future__ import annotations

import json
import math
import sys
from array import array
from collections.abc import Iterator
from fractions import Fraction
from itertools import zip_longest
from typing import Any

from av.packet import Packet
from av.video.stream import VideoStream

from saycut.media import refusals
from saycut.media.child.nal import framing_of, units
from saycut.media.child.opening import open_media, packets
from saycut.media.child.probe import Tracks, facts_of, usable
from saycut.media.child.refusing import Refused
from saycut.media.child.tracks import PictureTrack, SoundTrack, codec_name, time_base


class Picture:
    """One picture track on its way through the comparison: its packets are looked at one by one."""

    def __init__(self, stream: VideoStream, stream_packets: Iterator[Packet[Any]]) -> None:
        self.base = time_base(stream)
        self.times, self.shown = array("q"), bytearray()
        self._framing = framing_of(codec_name(stream), bytes(stream.codec_context.extradata or b""))
        self._packets = stream_packets

    def __iter__(self) -> Iterator[tuple[int | None, Packet[Any]]]:
        """Framing and packet, in file order."""
        for packet in self._packets:
            time = packet.pts if packet.pts is not None else packet.dts
            self.times.append(time if time is not None else len(self.times))
            self.shown.append(not packet.is_discard)
            yield self._framing, packet

    def ticks(self, fine_s: Fraction) -> Iterator[int]:
        """Presentation times from the first shown picture on, in `fine_s`, of which `base` is a multiple."""
        zero = min((t for t, shown in zip(self.times, self.shown, strict=True) if shown), default=0)
        scale = int(self.base / fine_s)
        return ((time - zero) * scale for time in self.times)


class Sound:
    """The packets a sound was copied from, compared as those of the copy come by."""

    def __init__(self, origin: dict[str, Any]) -> None:
        container = open_media(origin["path"], origin["demuxer"], without_pictures=True)
        self._packets = packets(container, [container.streams[origin["index"]]])
        self._count = 0
        self._first: int | None = None

    def take(self, packet: Packet[Any]) -> None:
        """One more packet of the copy."""
        own = next(self._packets, None)
        if self._first is None and (own is None or bytes(own) != bytes(packet)):
            self._first = self._count
        self._count += 1

    def difference(self) -> dict[str, Any] | None:
        """After the last packet of the copy."""
        if self._first is None and next(self._packets, None) is not None:
            self._first = self._count
        if self._first is None:
            return None
        return {"what": "sound", "packet": self._first, "counts": [0, 0]}


def main(request: dict[str, Any]) -> None:
    container = open_media(request["path"], request["demuxer"], without_pictures=True)
    tracks = usable(container)
    by_index: dict[int, PictureTrack | SoundTrack] = {t.stream.index: t for t in tracks.all}
    sound = Sound(request["sound"]) if request["sound"] else None

    def pictures() -> Iterator[Packet[Any]]:
        for packet in packets(container, [track.stream for track in tracks.all]):
            track = by_index[packet.stream_index]
            track.take(packet)
            if isinstance(track, PictureTrack):
                yield packet
            elif sound is not None:
                sound.take(packet)

    differs = _picture_difference(request["picture"], tracks, pictures())
    if differs is None and sound is not None:
        differs = sound.difference()
    for picture in tracks.pictures:
        picture.finish()
    tracks.sounds = [track for track in tracks.sounds if track.sounds]
    facts = facts_of(container, request["path"], tracks)
    sys.stdout.write(json.dumps({**facts, "differs": differs}))


def _picture_difference(
    twin: dict[str, Any] | None, tracks: Tracks, pictures: Iterator[Packet[Any]]
) -> dict[str, Any] | None:
    if twin is None:
        for _ in pictures:
            pass
        return None
    origin = open_media(twin["path"], twin["demuxer"], without_pictures=True)
    stream = origin.streams[twin["index"]]
    if len(tracks.pictures) != 1 or not isinstance(stream, VideoStream):
        raise Refused("unreadable", refusals.DAMAGED)
    copy = Picture(tracks.pictures[0].stream, pictures)
    return _difference(Picture(stream, packets(origin, [stream])), copy)


def _difference(origin: Picture, copy: Picture) -> dict[str, Any] | None:
    """The first difference. Both are read to their ends, so that the facts of the copy are complete."""
    payload: int | None = None
    for place, (one, other) in enumerate(zip_longest(origin, copy)):
        if one is not None and other is not None and payload is None and not _same(one, other):
            payload = place
    counts = [len(origin.times), len(copy.times)]
    if counts[0] != counts[1]:
        return {"what": "count", "packet": 0, "counts": counts}
    if payload is not None:
        return {"what": "payload", "packet": payload, "counts": counts}
    if origin.shown != copy.shown:
        return {"what": "shown", "packet": 0, "counts": counts}
    # Whole numbers of a tick that both are multiples of: exact, and there is one of these for every packet.
    fine_s = Fraction(1, math.lcm(origin.base.denominator, copy.base.denominator))
    tick = int(max(origin.base, copy.base) / fine_s)
    for place, (time, copied) in enumerate(zip(origin.ticks(fine_s), copy.ticks(fine_s), strict=True)):
        if abs(time - copied) > tick:
            return {"what": "time", "packet": place, "counts": counts}
    return None


def _same(one: tuple[int | None, Packet[Any]], other: tuple[int | None, Packet[Any]]) -> bool:
    """Whether two packets hold the same bytes, free of how their containers frame them."""
    (framing, packet), (other_framing, other_packet) = one, other
    if framing == other_framing and packet.size == other_packet.size:
        # Of the ways to compare two buffers, the only one that copies just one of them.
        return bytes(packet).startswith(memoryview(other_packet)) or _same_units(one, other)
    return _same_units(one, other)


def _same_units(one: tuple[int | None, Packet[Any]], other: tuple[int | None, Packet[Any]]) -> bool:
    (framing, packet), (other_framing, other_packet) = one, other
    return list(map(bytes, units(memoryview(packet), framing))) == list(
        map(bytes, units(memoryview(other_packet), other_framing))
    )
