"""The user's own folder of music, and the credits of what a result uses.

A track `song.mp3` may have a file `song.json` beside it with `title`, `author`, `source`,
`licence` and `moods` (a list of words). What is not stated is recorded as not stated.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from saycut.pcm import PcmReader, blocks_of
from saycut.timeline.project import Asset

SUFFIXES = frozenset({".mp3", ".wav", ".m4a", ".aac", ".flac", ".ogg", ".opus"})
NOT_STATED = "not stated"
_TRACK = "track-"


class Licence(msgspec.Struct, frozen=True, kw_only=True):
    """What the sidecar of a track says."""

    title: str = ""
    author: str = NOT_STATED
    source: str = NOT_STATED
    licence: str = NOT_STATED
    moods: tuple[str, ...] = ()


def licence_of(track: Path) -> Licence:
    """The sidecar of `track`, or one in which nothing is stated."""
    sidecar = track.with_suffix(".json")
    try:
        return msgspec.json.decode(sidecar.read_bytes(), type=Licence)
    except (OSError, msgspec.DecodeError):
        return Licence(title=track.stem)


def best_track(folder: Path, mood: str | None) -> Path | None:
    """The first track (by name) whose moods hold `mood`, else the first; None for an empty folder."""
    tracks = tracks_in(folder)
    wanted = (mood or "").casefold()
    for track in tracks:
        if wanted and any(
            wanted in said.casefold() or said.casefold() in wanted for said in licence_of(track).moods
        ):
            return track
    return tracks[0] if tracks else None


def tracks_in(folder: Path) -> list[Path]:
    """All tracks, by name."""
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES and path.is_file())


def track_id(track: Path) -> str:
    """The id of the asset that a track of the folder is: the same wherever and whenever it is brought."""
    return f"{_TRACK}{sha256_of_file(track)[:16]}"


def is_track(asset: Asset) -> bool:
    """Whether that asset came from the folder, not from a person."""
    return asset.id.startswith(_TRACK)


def track_of(folder: Path, asset: Asset) -> Path | None:
    """The track that `asset` was made of, under whatever name it has now; None when it is gone."""
    tracks = tracks_in(folder)
    alike = [track for track in tracks if track.name == asset.name]
    return next((track for track in (*alike, *tracks) if track_id(track) == asset.id), None)


def sha256_of_file(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_of_sound(reader: PcmReader) -> str:
    """The SHA-256 of a sound's float32 samples, in hex."""
    digest = hashlib.sha256()
    for block in blocks_of(reader):
        digest.update(block.tobytes())
    return digest.hexdigest()


def file_credit(asset: Asset, path: Path) -> dict[str, Any]:
    """The manifest entry of a track that came as a file."""
    return {**file_facts(asset, path), "sha256": sha256_of_file(path), "seed": None}


def file_facts(asset: Asset, path: Path) -> dict[str, Any]:
    """Whose a track is that came as a file."""
    licence = licence_of(path)
    return {
        "title": licence.title or asset.name,
        "author": licence.author,
        "source": licence.source if licence.source != NOT_STATED else asset.name,
        "licence": licence.licence,
    }


def bed_credit(asset: Asset, duration_s: float, sound: PcmReader) -> dict[str, Any]:
    """The manifest entry of a composed bed."""
    return {**bed_facts(asset, duration_s), "sha256": sha256_of_sound(sound)}


def bed_facts(asset: Asset, duration_s: float) -> dict[str, Any]:
    """Whose a composed bed is; nothing is composed for that."""
    from saycut.audio.bed.identity import credit
    from saycut.audio.bed.spec import BedSpec

    if asset.bed is None:
        raise KeyError(asset.id)
    bed = asset.bed
    spec = BedSpec(mood=bed.mood, seed=bed.seed, duration_s=duration_s, tempo_bpm=bed.tempo_bpm)
    return dict(credit(spec))


def credit_text(pieces: Sequence[dict[str, Any]]) -> str:
    """What people paste under what they post: a line for every piece."""
    if not pieces:
        return "No music was added.\n没有添加音乐。\n"
    lines = ["Music / 音乐"]
    for piece in pieces:
        said = [f"“{piece['title']}”", f"by {piece['author']}", str(piece["licence"]), str(piece["source"])]
        lines.append(" · ".join(said))
        if "licence_text" in piece:
            lines.append(f"  {piece['licence_text']}")
    return "\n".join(lines) + "\n"
