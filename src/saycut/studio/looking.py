"""Looking without changing: what a file holds, and how two files differ in numbers."""

from pathlib import Path
from typing import Any

import msgspec

from saycut.media.info import MediaInfo, info_to_json
from saycut.media.packets import picture_hash, same_picture
from saycut.media.probe import open_source
from saycut.media.sound import decode_sound
from saycut.pcm import RATE_HZ
from saycut.render.figures import figures
from saycut.watch import Watch


def probed(path: Path, watch: Watch) -> dict[str, Any]:
    """All facts about a file as plain data; rationals are strings such as "30000/1001"."""
    info = open_source(path, watch).info
    facts: dict[str, Any] = msgspec.json.decode(info_to_json(info))
    return {"name": path.name, **facts, "duration": float(info.duration_s)}


def probed_lines(path: Path, watch: Watch) -> list[str]:
    """The facts a person asks for first, a line a track."""
    info = open_source(path, watch).info
    lines = [f"{path.name}: {info.container} {info.kind}, {float(info.duration_s):.3f} s"]
    lines += _track_lines(info)
    lines += [f"  ! {warning.en}" for warning in info.warnings]
    return lines


def _track_lines(info: MediaInfo) -> list[str]:
    lines = []
    for video in info.videos:
        rate = f"{float(video.frame_rate):.3f} fps{' (variable)' if video.is_vfr else ''}"
        size = f"{video.display_width}×{video.display_height}"
        turned = f", turned {video.rotation}°" if video.rotation else ""
        lines.append(f"  picture: {video.codec} {size} {rate}, {video.frame_count} frames{turned}")
    for audio in info.audios:
        start = f", starts at {float(audio.start_s):+.3f} s" if audio.start_s else ""
        lines.append(f"  sound: {audio.codec} {audio.sample_rate_hz} Hz {audio.layout}{start}")
    if info.image is not None:
        lines.append(f"  image: {info.image.format} {info.image.width}×{info.image.height}")
    return lines


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
