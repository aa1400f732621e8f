"""Child program: where the main picture and the main sound begin and end as a player presents them.

Request: path, demuxer, video, audio (stream indexes or null). Answer: JSON of four rationals or nulls.
"""

from __future__ import annotations

import json
import sys
from fractions import Fraction
from typing import Any

from av.audio.stream import AudioStream
from av.video.stream import VideoStream

from saycut.media.child.opening import open_media, packets
from saycut.media.child.tracks import PictureTrack, SoundTrack


def main(request: dict[str, Any]) -> None:
    container = open_media(request["path"], request["demuxer"])
    tracks: dict[int, PictureTrack | SoundTrack] = {}
    for key in ("video", "audio"):
        if request[key] is not None:
            stream = container.streams[request[key]]
            if isinstance(stream, VideoStream):
                tracks[stream.index] = PictureTrack(stream)
            elif isinstance(stream, AudioStream):
                tracks[stream.index] = SoundTrack(stream)
    for packet in packets(container, [track.stream for track in tracks.values()]):
        tracks[packet.stream_index].take(packet)
    answer: dict[str, str | None] = dict.fromkeys(
        ("video_start_s", "video_end_s", "audio_start_s", "audio_end_s")
    )
    for track in tracks.values():
        if isinstance(track, PictureTrack) and track.times:
            facts = track.facts()
            start_s = Fraction(facts["first_pts_s"])
            answer["video_start_s"], answer["video_end_s"] = (
                str(start_s),
                str(start_s + Fraction(facts["duration_s"])),
            )
        elif isinstance(track, SoundTrack) and track.sounds:
            answer["audio_start_s"], answer["audio_end_s"] = str(track.start_s), str(track.end_s)
    sys.stdout.write(json.dumps(answer))
