"""Child program: the packets of one picture track, digested.

Request: path, demuxer, index (of the picture track). Answer: binary for `packets.py`: one JSON
line {count, payload_sha256, time_base}, then per packet in file order its presentation time
relative to the first shown picture (int64, little endian) and one byte of flags: 1 shown, 2 key.
"""

from __future__ import annotations

import hashlib
import json
import sys
from array import array
from typing import Any

from av.video.stream import VideoStream

from saycut.media import refusals
from saycut.media.child.nal import framing_of, units
from saycut.media.child.opening import open_media, packets
from saycut.media.child.refusing import Refused
from saycut.media.child.tracks import codec_name, time_base

SHOWN, KEY = 1, 2


def main(request: dict[str, Any]) -> None:
    container = open_media(request["path"], request["demuxer"], without_pictures=True)
    stream = container.streams[request["index"]]
    if not isinstance(stream, VideoStream):
        raise Refused("unreadable", refusals.DAMAGED)
    framing = framing_of(codec_name(stream), bytes(stream.codec_context.extradata or b""))
    payload = hashlib.sha256()
    times, flags = array("q"), bytearray()
    for packet in packets(container, [stream]):
        time = packet.pts if packet.pts is not None else packet.dts
        times.append(time if time is not None else len(times))
        flags.append((0 if packet.is_discard else SHOWN) | (KEY if packet.is_keyframe else 0))
        for piece in units(memoryview(packet), framing):
            payload.update(len(piece).to_bytes(4, "big"))
            payload.update(piece)
        payload.update(b"\xff\xff\xff\xff")  # the end of a packet, which no length can be mistaken for
    shown = [time for time, flag in zip(times, flags, strict=True) if flag & SHOWN]
    if not shown:
        raise Refused("unreadable", refusals.NOTHING_INSIDE)
    zero = min(shown)
    times = array("q", (time - zero for time in times))
    if sys.byteorder == "big":
        times.byteswap()
    head = {"count": len(times), "payload_sha256": payload.hexdigest(), "time_base": str(time_base(stream))}
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + times.tobytes() + bytes(flags))
