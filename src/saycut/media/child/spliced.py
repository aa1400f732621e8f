"""Child program: the proof that a spliced track shows the frames it should.

Request: source and result, each {path, demuxer, index, zero_ticks}; frame_rate; kept: [first, end, at] for
every stretch that was copied (frames [first, end) of the source stand at frame `at` of the result); checks:
[first, end, decode, at, decode of the result, exact] for what lies around the seams (the same, with the
frames where decoding begins in either, and whether the very same pixels have to come out).
Answer: {"wrong": null or a technical phrase}.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from fractions import Fraction
from itertools import islice
from typing import Any

import numpy as np
from av.codec.context import ThreadType
from av.packet import Packet
from av.video.frame import VideoFrame

from saycut.media.child.gops import h264_track
from saycut.media.child.nal import framing_of, units
from saycut.media.child.opening import open_media, packets
from saycut.media.child.parameter_sets import PPS, SPS, kind
from saycut.media.child.tracks import time_base

_LEAST_PSNR_DB = 24.0  # of an encoded frame: another picture than the one meant lies far below


class Track:
    """One of the two files: its packets and its frames, by number."""

    def __init__(self, said: dict[str, Any], frame_rate: Fraction) -> None:
        media = open_media(said["path"], said["demuxer"])
        self.stream = h264_track(media, said["index"])
        self._framing = framing_of("h264", bytes(self.stream.codec_context.extradata or b""))
        self._zero_ticks = said["zero_ticks"]
        self._tick_frames = time_base(self.stream) * frame_rate
        self._packets = packets(media, [self.stream])
        self._read = 0

    def number(self, pts: int | None) -> int:
        """The frame that is shown at `pts`."""
        return -1 if pts is None else round((pts - self._zero_ticks) * self._tick_frames)

    def skip_to(self, place: int) -> None:
        """Read past all packets before number `place`."""
        for _ in islice(self._packets, max(place - self._read, 0)):
            self._read += 1

    def next_packet(self) -> Packet[Any] | None:
        self._read += 1
        return next(self._packets, None)

    def pictures(self, packet: Packet[Any]) -> list[bytes]:
        """The units of a packet but the parameter sets."""
        found = units(memoryview(packet), self._framing)
        return [bytes(unit) for unit in found if kind(unit) not in (SPS, PPS)]

    def frames(self, ranges: list[tuple[int, int, int]]) -> Iterator[VideoFrame | None]:
        """The frames of ascending ranges [first, end, where decoding begins]; None for a missing one."""
        waiting: dict[int, VideoFrame] = {}
        decoder = self.stream.codec_context
        decoder.thread_count, decoder.thread_type = 1, ThreadType.NONE  # every thread holds frames
        for first, end, decode in ranges:
            if decode > self._read:
                self.skip_to(decode)
                decoder.flush_buffers()
                waiting.clear()
            waiting = {number: frame for number, frame in waiting.items() if number >= first}
            for wanted in range(first, end):
                while wanted not in waiting and (not waiting or max(waiting) < wanted):
                    packet = self.next_packet()
                    shown = ((self.number(frame.pts), frame) for frame in decoder.decode(packet))
                    waiting.update((number, frame) for number, frame in shown if number >= wanted)
                    if packet is None:
                        break
                yield waiting.pop(wanted, None)


def main(request: dict[str, Any]) -> None:
    wrong = _other_packets(request) or _other_frames(request)
    sys.stdout.write(json.dumps({"wrong": wrong}))


def _pair(request: dict[str, Any]) -> tuple[Track, Track]:
    frame_rate = Fraction(request["frame_rate"])
    return Track(request["source"], frame_rate), Track(request["result"], frame_rate)


def _other_packets(request: dict[str, Any]) -> str | None:
    source, result = _pair(request)
    for first, end, at in request["kept"]:
        source.skip_to(first)
        result.skip_to(at)
        for place in range(end - first):
            one, other = source.next_packet(), result.next_packet()
            if one is None or other is None:
                return f"packet {at + place} is missing"
            if source.number(one.pts) - first != result.number(other.pts) - at:
                return f"packet {at + place} is shown at another time"
            if source.pictures(one) != result.pictures(other):
                return f"packet {at + place} holds other bytes"
    return None


def _other_frames(request: dict[str, Any]) -> str | None:
    source, result = _pair(request)
    checks = request["checks"]
    ours = source.frames([(first, end, decode) for first, end, decode, *_ in checks])
    theirs = result.frames([(at, at + end - first, decode) for first, end, _, at, decode, _ in checks])
    for first, end, _, at, _, exact in checks:
        for place in range(end - first):
            one, other = next(ours), next(theirs)
            if one is None or other is None:
                return f"frame {at + place} is missing"
            if not _alike(one, other, exact):
                return f"frame {at + place} shows another picture"
    return None


def _alike(one: VideoFrame, other: VideoFrame, exact: bool) -> bool:
    before, after = one.to_ndarray(), other.to_ndarray()
    if before.shape != after.shape:
        return False
    if exact:
        return bool(np.array_equal(before, after))
    apart = before.astype(np.int16) - after
    mean = float(np.mean(np.square(apart, dtype=np.int32)))
    return mean == 0 or 10 * np.log10(255**2 / mean) >= _LEAST_PSNR_DB
