"""Probe: every fact about a file that the other rooms need.

A child demuxes the whole file with the one demuxer that its bytes call for and decodes a single
picture per track; nothing of the file is parsed in this process but its first bytes.
"""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import msgspec

from saycut.errors import Usage
from saycut.media import refusals
from saycut.media.children import answer_of
from saycut.media.info import AudioStream, ImageFacts, MediaInfo, Source, VideoStream, info_from_json
from saycut.media.packets import SamePicture, said_difference
from saycut.media.sandbox import Limits
from saycut.media.sniff import Sniffed, sniff
from saycut.watch import Watch
from saycut.words import Words

_PROBE_LIMITS = Limits(memory_bytes=2 << 30, cpu_s=120, wall_s=600.0)
_CUT_OFF = Words("the file was cut off; only what is there is used", "文件不完整，只使用现有的部分")
_DAMAGED = Words("parts of the file are damaged", "文件部分数据已损坏")


def probe(path: Path, watch: Watch | None = None) -> MediaInfo:
    """All facts about `path`. Reads the whole file once (packets, not pixels).

    Raises NotFound, Unreadable, Unsupported (kind of file or codec off the allow-list),
    LimitExceeded (more than 50 million pixels, 32 tracks or 16 channels), Cancelled.
    """
    sniffed = sniff(path)
    if sniffed.kind == "image":
        return _image(path, sniffed, watch)
    answer = answer_of("probe", path, {"demuxer": sniffed.demuxer}, watch=watch, limits=_PROBE_LIMITS)
    return _info(path, sniffed, json.loads(answer))


def copied_source(
    path: Path, *, picture: Source | None = None, sound: Source | None = None, watch: Watch | None = None
) -> tuple[Source, SamePicture]:
    """`open_source` of a file whose tracks were copied, and whether they are what they were copied from.

    Of the main picture of `picture`: every packet's bytes, which of them are shown, and when. Of the main
    sound of `sound`: every packet's bytes. All files are read once, side by side. Raises as `probe`, Usage
    when there is no such track.
    """
    sniffed = sniff(path)
    request = {
        "demuxer": sniffed.demuxer,
        "picture": None if picture is None else _track(picture, picture.info.video),
        "sound": None if sound is None else _track(sound, sound.info.audio),
    }
    beside = tuple(source.path for source in (picture, sound) if source is not None)
    facts = json.loads(answer_of("copied", path, request, watch=watch, limits=_PROBE_LIMITS, beside=beside))
    differs = facts.pop("differs")
    return Source(path, _info(path, sniffed, facts)), said_difference(differs)


def _track(source: Source, stream: VideoStream | AudioStream | None) -> dict[str, Any]:
    if stream is None:
        raise Usage(reason=f"{source.path.name} lacks the track that was copied")
    return {"path": str(source.path.absolute()), "demuxer": source.info.demuxer, "index": stream.index}


def _info(path: Path, sniffed: Sniffed, facts: dict[str, Any]) -> MediaInfo:
    if facts["undecodable"]:
        raise refusals.unreadable(path, refusals.DAMAGED)
    facts["warnings"] = [msgspec.structs.asdict(words) for words in _warnings(facts)]
    has_video = facts["main_video"] is not None
    facts |= {
        "container": _container_name(sniffed, has_video),
        "demuxer": sniffed.demuxer,
        "kind": "video" if has_video else "audio",
    }
    return info_from_json(json.dumps(facts).encode())


def open_source(path: Path, watch: Watch | None = None) -> Source:
    """`probe` and keep the path with it."""
    return Source(path, probe(path, watch))


def _container_name(sniffed: Sniffed, has_video: bool) -> str:
    return "m4a" if sniffed.container == "mp4" and not has_video else sniffed.container


def _image(path: Path, sniffed: Sniffed, watch: Watch | None) -> MediaInfo:
    answer = answer_of("probe_image", path, {"format": sniffed.container}, watch=watch, limits=_PROBE_LIMITS)
    facts = json.loads(answer)
    image = ImageFacts(**{**facts, "duration_s": Fraction(facts["duration_s"])})
    return MediaInfo(
        container=sniffed.container,
        demuxer=sniffed.demuxer,
        kind="image",
        byte_size=path.stat().st_size,
        duration_s=image.duration_s,
        zero_pts_s=Fraction(0),
        image=image,
    )


def _warnings(facts: dict[str, Any]) -> list[Words]:
    said: list[Words] = []
    if facts["is_cut_off"]:
        said.append(_CUT_OFF)
    elif facts["corrupt_packets"]:
        said.append(_DAMAGED)
    videos, audios = facts["videos"], facts["audios"]
    if len(videos) > 1:
        used = videos[facts["main_video"]]
        size = f"{used['display_width']}×{used['display_height']}"
        said.append(
            Words(
                f"{len(videos)} video tracks: the one of {size} is used",
                f"有 {len(videos)} 条视频轨，使用 {size} 的一条",
            )
        )
    if len(audios) > 1:
        place = facts["main_audio"] + 1
        said.append(
            Words(
                f"{len(audios)} sound tracks: number {place} is used",
                f"有 {len(audios)} 条音轨，使用第 {place} 条",
            )
        )
    for codec in facts["left_out"]:
        said.append(
            Words(f"a sound track with the codec {codec} is left out", f"使用 {codec} 编码的音轨未被使用")
        )
    return said
