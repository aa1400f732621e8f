"""Looking without changing: what a file holds, and how two files differ in numbers."""

from pathlib import Path
from typing import Any

import msgspec

from saycut.audio.sound_map import SoundMap, sound_map
from saycut.media.info import MediaInfo, Source, info_to_json
from saycut.media.packets import picture_hash, same_picture
from saycut.media.probe import open_source
from saycut.media.sound import decode_sound
from saycut.pcm import RATE_HZ
from saycut.render.figures import figures
from saycut.report.heard import music_places, voice_level
from saycut.watch import Watch
from saycut.words import Words

_MOST_SPANS = 6  # in a line


def probed(path: Path, watch: Watch) -> dict[str, Any]:
    """All facts about a file as plain data; rationals are strings such as "30000/1001". `heard` is where
    there is music, speech and silence, in seconds; null without sound."""
    source = open_source(path, watch)
    facts: dict[str, Any] = msgspec.json.decode(info_to_json(source.info))
    heard = _heard(source, watch)
    return {
        "name": path.name,
        **facts,
        "duration": float(source.info.duration_s),
        "heard": None if heard is None else _heard_data(heard),
    }


def probed_lines(path: Path, watch: Watch) -> list[Words]:
    """The facts a person asks for first, a line a track, and what is heard."""
    source = open_source(path, watch)
    info = source.info
    first = f"{path.name}: {info.container} {info.kind}, {float(info.duration_s):.3f} s"
    lines = [Words(first, first), *_track_lines(info)]
    if (heard := _heard(source, watch)) is not None:
        lines += _heard_lines(heard)
    return [*lines, *(Words(f"  ! {warning.en}", f"  ! {warning.zh}") for warning in info.warnings)]


def _track_lines(info: MediaInfo) -> list[Words]:
    lines = []
    for video in info.videos:
        rate = f"{float(video.frame_rate):.3f} fps"
        size = f"{video.display_width}×{video.display_height}"
        varies = Words(" (variable)", "（可变）") if video.is_vfr else Words("", "")
        turned = f", turned {video.rotation}°" if video.rotation else ""
        turned_zh = f"，旋转 {video.rotation}°" if video.rotation else ""
        what, frames = f"{video.codec} {size} {rate}", video.frame_count
        lines.append(
            Words(
                f"  picture: {what}{varies.en}, {frames} frames{turned}",
                f"  画面：{what}{varies.zh}，{frames} 帧{turned_zh}",
            )
        )
    for audio in info.audios:
        what = f"{audio.codec} {audio.sample_rate_hz} Hz {audio.layout}"
        start = f"{float(audio.start_s):+.3f}" if audio.start_s else ""
        lines.append(
            Words(
                f"  sound: {what}{f', starts at {start} s' if start else ''}",
                f"  声音：{what}{f'，从 {start} 秒开始' if start else ''}",
            )
        )
    if info.image is not None:
        what = f"{info.image.format} {info.image.width}×{info.image.height}"
        lines.append(Words(f"  image: {what}", f"  图片：{what}"))
    return lines


def _heard(source: Source, watch: Watch) -> SoundMap | None:
    if source.info.audio is None:
        return None
    return sound_map(decode_sound(source, watch=watch), float(source.info.duration_s))


def _heard_data(heard: SoundMap) -> dict[str, Any]:
    over_db = heard.voice_over_music_db
    return {
        "music_s": [list(span) for span in heard.music_s],
        "speech_s": [list(span) for span in heard.speech_s],
        "silence_s": [list(span) for span in heard.silence_s],
        "voice_over_music_db": None if over_db is None else round(over_db, 1),
    }


def _heard_lines(heard: SoundMap) -> list[Words]:
    places = music_places(heard, _MOST_SPANS)
    music = Words(f"  music: {places.en or 'none heard'}", f"  音乐：{places.zh or '没有听到'}")
    level = voice_level(heard)
    if level is not None:
        return [music, Words(f"  voice: {level.en} the music", f"  人声：比音乐{level.zh}")]
    return [music] if heard.speech_s else [music, Words("  voice: none heard", "  人声：没有听到")]


def compared(before: Path, after: Path, watch: Watch) -> dict[str, Any]:
    """Length, level and picture of both files, measured."""
    sources = [open_source(path, watch) for path in (before, after)]
    told: dict[str, Any] = {}
    for name, source in zip(("before", "after"), sources, strict=True):
        info = source.info
        sound = None
        if info.audio is not None:
            samples = int(info.duration_s * RATE_HZ)
            sound = msgspec.to_builtins(figures(decode_sound(source, watch=watch), samples, watch))
        told[name] = {"name": source.path.name, "duration_s": float(info.duration_s), "sound": sound}
    told["picture_identical"] = None
    if all(source.info.video is not None for source in sources):
        one, other = (picture_hash(source, watch=watch) for source in sources)
        told["picture_identical"] = same_picture(one, other).same
    return told


def compared_lines(comparison: dict[str, Any]) -> list[str]:
    """The comparison as a small table."""
    lines = []
    for name in ("before", "after"):
        row = comparison[name]
        sound = row["sound"] or {}
        levels = ", ".join(f"{key} {value:.1f}" for key, value in sound.items() if value is not None)
        lines.append(
            f"{name}: {row['name']}, {row['duration_s']:.3f} s{', ' + levels if levels else ', no sound'}"
        )
    if comparison["picture_identical"] is not None:
        lines.append(f"picture identical: {'yes' if comparison['picture_identical'] else 'no'}")
    return lines
