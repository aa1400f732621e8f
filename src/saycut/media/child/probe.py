"""Child program: what a video or sound file holds. Demuxes all of it, decodes one picture per track.

Request: path, demuxer. Answer: the fields of `info.MediaInfo` that the file itself gives, as JSON.
"""

import json
import sys
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Stream
from av.video.stream import VideoStream

from saycut.media import refusals
from saycut.media.allowed import MOST_CHANNELS, MOST_DURATION_S, MOST_PIXELS
from saycut.media.child.opening import open_media, packets
from saycut.media.child.refusing import Refused
from saycut.media.child.tracks import (
    PictureTrack,
    SoundTrack,
    codec_name,
    is_allowed,
    is_attached_picture,
    is_default,
)
from saycut.words import Words

_TAGS = ("title", "artist")
_LONGEST_TAG = 200
_CUT_OFF_S = Fraction(1)


@dataclass
class Tracks:
    """What may be decoded, and the codecs of what may not."""

    pictures: list[PictureTrack] = field(default_factory=list)
    sounds: list[SoundTrack] = field(default_factory=list)
    refused_pictures: list[str] = field(default_factory=list)
    refused_sounds: list[str] = field(default_factory=list)

    @property
    def all(self) -> list[PictureTrack | SoundTrack]:
        return [*self.pictures, *self.sounds]


def main(request: dict[str, Any]) -> None:
    container = open_media(request["path"], request["demuxer"], without_pictures=True)
    tracks = usable(container)
    by_index = {track.stream.index: track for track in tracks.all}
    for packet in packets(container, [track.stream for track in tracks.all]):
        by_index[packet.stream_index].take(packet)
    tracks.pictures = [track for track in tracks.pictures if track.times]
    tracks.sounds = [track for track in tracks.sounds if track.sounds]
    for track in tracks.pictures:
        track.finish()
    if not tracks.all:
        raise Refused("unreadable", refusals.NOTHING_INSIDE)
    sys.stdout.write(json.dumps(facts_of(container, request["path"], tracks)))


def usable(container: InputContainer) -> Tracks:
    """The tracks by what may be done with them. All caps are checked here, before anything is decoded."""
    tracks = Tracks()
    for stream in container.streams:
        if is_attached_picture(stream):
            continue
        if isinstance(stream, VideoStream) and is_allowed(stream):
            _check_size(stream)
            tracks.pictures.append(PictureTrack(stream))
        elif isinstance(stream, AudioStream) and is_allowed(stream):
            _check_channels(stream)
            if stream.codec_context.sample_rate and stream.codec_context.channels:
                tracks.sounds.append(SoundTrack(stream))
        else:
            _note_refused(stream, tracks)
    if tracks.refused_pictures and not tracks.pictures:
        name = tracks.refused_pictures[0]
        raise Refused("unsupported", Words(f"a video with the codec {name}", f"使用 {name} 编码的视频"))
    if tracks.refused_sounds and not tracks.all:
        name = tracks.refused_sounds[0]
        raise Refused("unsupported", Words(f"a recording with the codec {name}", f"使用 {name} 编码的录音"))
    return tracks


def _note_refused(stream: Stream, tracks: Tracks) -> None:
    if stream.type == "video":
        tracks.refused_pictures.append(codec_name(stream))
    elif stream.type == "audio":
        tracks.refused_sounds.append(codec_name(stream))


def _check_size(stream: VideoStream) -> None:
    width, height = stream.codec_context.width, stream.codec_context.height
    most = MOST_PIXELS // 1_000_000
    if width * height == 0:  # what FFmpeg says when a size is over `max_pixels`, or not there
        raise Refused(
            "unreadable",
            Words(
                f"its pictures have no size, or more than {most} million pixels",
                f"画面没有尺寸信息，或超过 {most} 百万像素",
            ),
        )
    if width * height > MOST_PIXELS:
        raise Refused(
            "limit",
            Words(
                f"has pictures of {width}×{height}, more than {most} million pixels",
                f"的画面为 {width}×{height}，超过 {most} 百万像素",
            ),
        )


def _check_channels(stream: AudioStream) -> None:
    if stream.codec_context.channels > MOST_CHANNELS:
        raise Refused(
            "limit", Words(f"has more than {MOST_CHANNELS} sound channels", f"的声道超过 {MOST_CHANNELS} 个")
        )


def _main_picture(tracks: list[PictureTrack]) -> int | None:
    """The default track; among several the larger; among equals the first."""
    some_default = any(is_default(track.stream) for track in tracks)

    def merit(place: int) -> tuple[bool, bool, int, int]:
        stream = tracks[place].stream
        chosen = not some_default or is_default(stream)
        size = stream.codec_context.width * stream.codec_context.height
        return tracks[place].decodes, chosen, size, -place

    return max(range(len(tracks)), key=merit, default=None)


def _main_sound(tracks: list[SoundTrack]) -> int | None:
    """The default track; then the one with more channels, the higher sample rate, the first."""
    some_default = any(is_default(track.stream) for track in tracks)

    def merit(place: int) -> tuple[bool, int, int, int]:
        context = tracks[place].stream.codec_context
        chosen = not some_default or is_default(tracks[place].stream)
        return chosen, context.channels, context.sample_rate, -place

    return max(range(len(tracks)), key=merit, default=None)


def facts_of(container: InputContainer, path: str, tracks: Tracks) -> dict[str, Any]:
    main_video, main_audio = _main_picture(tracks.pictures), _main_sound(tracks.sounds)
    videos = [track.facts() for track in tracks.pictures]
    sound = None if main_audio is None else tracks.sounds[main_audio]
    zero_s, ends_s = Fraction(0), []
    if sound is not None:
        zero_s, ends_s = sound.start_s, [sound.end_s]
    if main_video is not None:
        zero_s = Fraction(videos[main_video]["first_pts_s"])
        ends_s.append(zero_s + Fraction(videos[main_video]["duration_s"]))
    end_s = max(ends_s)
    if end_s - zero_s > MOST_DURATION_S:
        raise Refused("limit", Words("is longer than 24 hours", "的时长超过 24 小时"))
    streams = container.streams
    return {
        "byte_size": Path(path).stat().st_size,
        "duration_s": str(end_s - zero_s),
        "zero_pts_s": str(zero_s),
        "videos": videos,
        "audios": [track.facts(zero_s) for track in tracks.sounds],
        "main_video": main_video,
        "main_audio": main_audio,
        "attached_picture": any(is_attached_picture(stream) for stream in streams),
        "subtitle_streams": len(streams.subtitles),
        "data_streams": len(streams.data) + len(streams.attachments),
        "chapters": len(container.chapters()),
        "tags": {key: container.metadata[key][:_LONGEST_TAG] for key in _TAGS if container.metadata.get(key)},
        "is_cut_off": _is_cut_off(container, path, end_s, tracks) or any(t.ends_corrupt for t in tracks.all),
        "corrupt_packets": sum(track.corrupt for track in tracks.all),
        "left_out": tracks.refused_sounds,
        "undecodable": main_video is not None and not tracks.pictures[main_video].decodes,
    }


def _is_cut_off(container: InputContainer, path: str, end_s: Fraction, tracks: Tracks) -> bool:
    """Whether the file promises more than it holds: an index past its end, or a longer declared duration."""
    if container.format.name.startswith("mov"):
        size = Path(path).stat().st_size
        last = [track.stream.index_entries[-1:] for track in tracks.all]
        return any(entry.pos + entry.size > size for entries in last for entry in entries)
    declares = container.format.name.split(",")[0] in ("matroska", "avi", "wav", "aiff")
    if not declares or container.duration is None:
        return False
    declared_s = Fraction(container.duration, 1_000_000)
    return declared_s - end_s > max(_CUT_OFF_S, declared_s / 50)
