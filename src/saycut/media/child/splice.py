"""Child program: a track put together from stretches of one picture and the encoded frames between them.

Request: path, demuxer, index, frame_rate (of the picture), zero_ticks and lag_frames (as `gops` found
them), joints (an MP4 of ours with every encoded frame, each joint beginning with an IDR; null when nothing
is encoded), pieces in the order they are shown: [first, end] in frames of the picture, or [count] frames
of `joints`; out: the MP4 to write.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from typing import Any

import av
from av.packet import Packet

from saycut.media import refusals
from saycut.media.child.gops import Found, h264_track
from saycut.media.child.nal import framing_of, units
from saycut.media.child.opening import open_media, packets
from saycut.media.child.parameter_sets import ParameterSets
from saycut.media.child.refusing import Refused
from saycut.media.child.tracks import time_base

_TICKS = 512  # of a frame: time scales of about 15 000 are what players see every day


class Track:
    """The packets of one H.264 file in decoding order, with the frame of its own that each shows."""

    def __init__(
        self, said: dict[str, Any], frame_rate: Fraction, sets: ParameterSets, zero_ticks: int
    ) -> None:
        media = open_media(said["path"], said["demuxer"])
        self.stream = stream = h264_track(media, said["index"])
        extradata = bytes(stream.codec_context.extradata or b"")
        sets.add_head(extradata)
        self._sets = sets
        self._framing = framing_of("h264", extradata)
        self._packets = packets(media, [stream])
        self._tick_frames = time_base(stream) * frame_rate
        self._zero_ticks = zero_ticks
        self._read = 0

    def take(self, first: int, end: int) -> Iterator[tuple[int, Packet[Any], bytes]]:
        """Packets number `first` to `end`: the frame counted from `first`, the packet, its units."""
        for _ in islice(self._packets, first - self._read):
            pass
        count = 0
        for packet in islice(self._packets, end - first):
            shown = round(((packet.pts or 0) - self._zero_ticks) * self._tick_frames) - first
            if not 0 <= shown < end - first:
                raise Refused("unreadable", refusals.DAMAGED)
            count += 1
            yield shown, packet, self._framed(packet)
        if count != end - first:
            raise Refused("unreadable", refusals.DAMAGED)
        self._read = end

    def _framed(self, packet: Packet[Any]) -> bytes:
        """Its units behind lengths of four bytes, without parameter sets: those stand in the head."""
        made = bytearray()
        for unit in units(memoryview(packet), self._framing):
            if not self._sets.take(unit):
                made += len(unit).to_bytes(4, "big") + unit
        return bytes(made)


def main(request: dict[str, Any]) -> None:
    frame_rate, delay = Fraction(request["frame_rate"]), request["lag_frames"]
    sets = ParameterSets()
    source, joints = Track(request, frame_rate, sets, request["zero_ticks"]), None
    if request["joints"] is not None:
        ours = {"path": request["joints"], "demuxer": "mov", "index": 0}
        found = Found(open_media(ours["path"], ours["demuxer"]), ours["index"])
        if found.order(frame_rate) is not None:
            raise Refused("unreadable", refusals.DAMAGED)
        delay = max(delay, found.lag_frames)
        joints = Track(ours, frame_rate, sets, found.zero_ticks)
    with av.open(f"file:{request['out']}", "w", format="mp4") as container:
        out = container.add_stream_from_template((joints or source).stream)
        out.codec_context.extradata = sets.record()
        base = 1 / (frame_rate * _TICKS)
        out.time_base = base
        for at, number, shown, packet, data in _in_order(request["pieces"], source, joints):
            copy: Packet[Any] = Packet(data)
            copy.stream, copy.time_base = out, base
            copy.pts, copy.dts, copy.duration = (at + shown) * _TICKS, (number - delay) * _TICKS, _TICKS
            copy.is_keyframe = packet.is_keyframe
            container.mux(copy)


def _in_order(
    pieces: list[list[int]], source: Track, joints: Track | None
) -> Iterator[tuple[int, int, int, Packet[Any], bytes]]:
    """(frame the piece begins at, number of the packet, frame in the piece, packet, units) of all pieces."""
    at = encoded = 0
    for piece in pieces:
        if len(piece) == 2:
            taken = source.take(*piece)
            frames = piece[1] - piece[0]
        elif joints is not None:
            frames = piece[0]
            taken = joints.take(encoded, encoded + frames)
            encoded += frames
        else:
            raise ValueError("nothing was encoded")
        for number, (shown, packet, data) in enumerate(taken, at):
            yield at, number, shown, packet, data
        at += frames
