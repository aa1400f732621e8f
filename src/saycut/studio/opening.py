"""From files to the first project: what was brought and what it means (DESIGN, meaning rules)."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import msgspec

from saycut.errors import LimitExceeded, Usage
from saycut.media.info import Source
from saycut.media.probe import open_source
from saycut.timeline.project import STILL_S, Asset, Project, Segment, Track
from saycut.watch import Watch
from saycut.words import Words

MAX_FILES = 200


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A first project, the files behind its assets, and what was noticed while opening them."""

    project: Project
    sources: dict[str, Source]
    notes: tuple[Words, ...]


def open_files(paths: Sequence[Path], watch: Watch) -> Opened:
    """Probe `paths` and lay them out.

    Pictures are clips in the order given; sound beside a picture stays off the timeline; sound alone
    is the timeline, with one picture among it as its cover. Raises Usage, NotFound, Unreadable,
    Unsupported, LimitExceeded.
    """
    if not paths:
        raise Usage(reason="Give at least one file.", reason_zh="请至少给出一个文件。")
    if len(paths) > MAX_FILES:
        raise LimitExceeded(
            reason=f"{len(paths)} files are too many at once (at most {MAX_FILES}).",
            reason_zh=f"一次最多 {MAX_FILES} 个文件。",
        )
    sources: dict[str, Source] = {}
    assets: list[Asset] = []
    for number, path in enumerate(paths, 1):
        watch.report("open", (number - 1) / len(paths))
        source = open_source(path, watch)
        asset = asset_of(source, f"file-{number}")
        sources[asset.id] = source
        assets.append(asset)
    notes = tuple(note for source in sources.values() for note in source.info.warnings)
    project = laid_out(tuple(assets))
    return Opened(project=_with_own_cover(project, sources), sources=sources, notes=notes)


def asset_of(source: Source, asset_id: str) -> Asset:
    """What the timeline needs to know about a file."""
    info = source.info
    kind = info.kind
    if kind == "image" and info.image is not None:
        still = not info.image.is_animated or not info.image.duration_s
        return Asset(
            id=asset_id,
            name=source.path.name,
            kind="image",
            duration_s=STILL_S if still else info.image.duration_s,
            width=info.image.width,
            height=info.image.height,
        )
    video = info.video
    return Asset(
        id=asset_id,
        name=source.path.name,
        kind=kind,
        duration_s=video.duration_s if video is not None else info.duration_s,
        width=video.display_width if video is not None else 0,
        height=video.display_height if video is not None else 0,
        frame_rate=video.frame_rate if video is not None else None,
        has_sound=info.audio is not None,
    )


def laid_out(assets: tuple[Asset, ...]) -> Project:
    """The first project of these files; without any, an empty one."""
    if not assets:
        return Project()
    moving = [a for a in assets if a.kind == "video"]
    images = [a for a in assets if a.kind == "image"]
    sounds = [a for a in assets if a.kind == "audio"]
    if moving or (images and len(images) > 1) or not sounds:
        clips, cover_id = [a for a in assets if a.kind != "audio"], None
    else:
        clips, cover_id = sounds[:1], images[0].id if images else None
    main = Track(id="main", role="main", segments=_in_a_row(clips))
    return Project(assets=assets, tracks=(main,), cover_id=cover_id)


def _in_a_row(clips: Sequence[Asset]) -> tuple[Segment, ...]:
    segments: list[Segment] = []
    at = Fraction(0)
    for clip in clips:
        segments.append(
            Segment(
                asset_id=clip.id, at_s=at, start_s=Fraction(0), duration_s=clip.duration_s, clip=len(segments)
            )
        )
        at += clip.duration_s
    return tuple(segments)


def _with_own_cover(project: Project, sources: dict[str, Source]) -> Project:
    """A sound file that carries its cover uses it when no picture was given."""
    if project.has_picture or project.cover_id is not None or project.main is None:
        return project
    first = project.main.segments[0].asset_id
    return (
        msgspec.structs.replace(project, cover_id=first) if sources[first].info.attached_picture else project
    )
