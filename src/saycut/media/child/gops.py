"""Child program: where an H.264 picture of constant rate may be taken apart without decoding anything.

Request: path, demuxer, index, frame_rate. Answer: one JSON line {obstacle} (why not) or {obstacle (null),
parameter_set_id, zero_ticks, lag_frames}, then `begins` and `ends` of `splice.Gops`, each with a byte for
every frame and one more.
"""

from __future__ import annotations

import json
import sys
from array import array
from fractions import Fraction
from typing import Any

from av.container import InputContainer
from av.video.stream import VideoStream

from saycut.media import refusals
from saycut.media.child.nal import framing_of, units
from saycut.media.child.opening import open_media, packets
from saycut.media.child.parameter_sets import IDR, ParameterSets, kind
from saycut.media.child.refusing import Refused
from saycut.media.child.tracks import codec_name, time_base

_MOST_IDLE_UNITS = 1 << 12  # in one packet; more is no picture but an attempt to keep us busy

_MOST_OFF_FRAMES = 0.125  # Matroska rounds to milliseconds: 0.06 of a frame at 120 a second


def main(request: dict[str, Any]) -> None:
    found = Found(open_media(request["path"], request["demuxer"]), request["index"])
    obstacle = found.order(Fraction(request["frame_rate"]))
    head: dict[str, str | int | None] = {"obstacle": obstacle}
    if obstacle is None:
        head["parameter_set_id"] = found.sets.free_number()
        head["zero_ticks"], head["lag_frames"] = found.zero_ticks, found.lag_frames
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n")
    if obstacle is None:
        sys.stdout.buffer.write(bytes(found.begins) + bytes(found.ends))


def h264_track(media: InputContainer, index: int) -> VideoStream:
    """The H.264 track of that number. Refuses any other."""
    stream = media.streams[index]
    if not isinstance(stream, VideoStream) or codec_name(stream) != "h264":
        raise Refused("unreadable", refusals.DAMAGED)
    return stream


class Found:
    """One reading of all packets: when each is shown, whether it is an IDR, and all parameter sets.

    `zero_ticks` is when the first frame is shown; `lag_frames` by how much decoding runs ahead of showing.
    """

    def __init__(self, media: InputContainer, index: int) -> None:
        stream = h264_track(media, index)
        self.base = time_base(stream)
        self.times, self.idr = array("q"), bytearray()
        self.sets = ParameterSets()
        self.sets.add_head(bytes(stream.codec_context.extradata or b""))
        framing = framing_of("h264", bytes(stream.codec_context.extradata or b""))
        self.unstamped = False
        self.zero_ticks = self.lag_frames = 0
        for packet in packets(media, [stream]):
            self.unstamped |= packet.pts is None or packet.is_discard or packet.is_corrupt
            self.times.append(packet.pts or 0)
            # An IDR is always marked as a key frame; what is not marked need not be looked into.
            self.idr.append(packet.is_keyframe and self._is_idr(memoryview(packet), framing))
        self.begins, self.ends = bytearray(len(self.idr) + 1), bytearray(len(self.idr) + 1)

    def _is_idr(self, packet: memoryview, framing: int | None) -> bool:
        kinds = set()
        for count, unit in enumerate(units(packet, framing)):
            if count > _MOST_IDLE_UNITS:
                break
            if not self.sets.take(unit):
                kinds.add(kind(unit))
        return IDR in kinds

    def order(self, frame_rate: Fraction) -> str | None:
        """Fill `begins` and `ends`; what stands against taking the picture apart, or None."""
        if self.unstamped or not self.times:
            return "packets without times"
        self.zero_ticks = min(self.times)
        tick = float(self.base * frame_rate)
        places = [(time - self.zero_ticks) * tick for time in self.times]
        shown = [round(place) for place in places]
        off = max(abs(place - frame) for place, frame in zip(places, shown, strict=True))
        if off > _MOST_OFF_FRAMES or sorted(shown) != list(range(len(shown))):
            return "frames off the grid of a constant rate"
        if not self.sets.sps or not self.sets.pps or len(self.sets.sps) > 16 or len(self.sets.pps) > 16:
            return "no parameter sets, or too many"
        latest = -1
        for place, frame in enumerate(shown):
            settled = latest + 1 == place  # what was decoded so far is just what is shown before it
            self.ends[place] = settled
            self.begins[place] = settled and self.idr[place] and frame == place
            latest = max(latest, frame)
            self.lag_frames = max(self.lag_frames, place - frame)
        self.ends[len(shown)] = 1
        return None
