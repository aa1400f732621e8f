"""Child program: decode tracks to nowhere and count.

Request: path, demuxer, indexes. Answer: frames, samples, errors as JSON.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.error import FFmpegError
from av.packet import Packet
from av.video.stream import VideoStream

from saycut.media.child.opening import open_media, packets


def main(request: dict[str, Any]) -> None:
    container = open_media(request["path"], request["demuxer"])
    wanted = [container.streams[index] for index in request["indexes"]]
    streams = [stream for stream in wanted if isinstance(stream, VideoStream | AudioStream)]
    counts = {"frames": 0, "samples": 0, "errors": 0}
    by_index = {stream.index: stream for stream in streams}
    for packet in packets(container, [*streams]):
        _decode(by_index[packet.stream_index], packet, counts)
    for stream in streams:
        _decode(stream, None, counts)
    sys.stdout.write(json.dumps(counts))


def _decode(stream: VideoStream | AudioStream, packet: Packet[Any] | None, counts: dict[str, int]) -> None:
    try:
        frames = stream.codec_context.decode(packet)
    except FFmpegError:
        counts["errors"] += 1
        return
    for frame in frames:
        counts["errors"] += bool(frame.is_corrupt)
        if isinstance(frame, AudioFrame):
            counts["samples"] += frame.samples
        else:
            counts["frames"] += 1
