"""What has to be done to the picture, the cheapest first: copy, encode, or draw one for sound alone."""

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from math import ceil
from typing import Literal

import msgspec

from saycut.media.copying import copy_obstacle
from saycut.media.gif import gif_rate
from saycut.media.info import Source, VideoStream
from saycut.media.picture import PicturePlan
from saycut.render.canvas import GIF_SHORT_SIDE, SHORT_SIDE, canvas, natural
from saycut.render.picture_runs import runs_of
from saycut.timeline.clock import to_frames
from saycut.timeline.project import Fades, Look, Project, Segment

# libx264's quality and speed: as DESIGN says, smaller ("compress"), better
QUALITIES = {None: (20, "veryfast"), "small": (27, "fast"), "high": (16, "fast")}
STILL_RATE = Fraction(30)
DRAWN_SIZE = (1920, 1080)


class Copied(msgspec.Struct, frozen=True, kw_only=True):
    """The picture's packets as they are."""

    source: Source


class Encoded(msgspec.Struct, frozen=True, kw_only=True):
    """One encoding pass over the kept frames; `why` says what stood against copying."""

    plan: PicturePlan
    why: str


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """A picture made for sound alone: the given cover, the file's own, or its waveform."""

    frames: int
    cover: Source | None
    title: str


SMALLER = "a smaller file"


class NoPicture(msgspec.Struct, frozen=True, kw_only=True):
    """The result is a sound file."""


Picture = Copied | Encoded | Drawn | NoPicture
Word = Literal["copied", "encoded", "none"]


def word(picture: Picture) -> Word:
    """What the receipt calls it."""
    match picture:
        case Copied():
            return "copied"
        case NoPicture():
            return "none"
        case _:
            return "encoded"


def planned(
    project: Project, sources: Mapping[str, Source], suffix: str, sound_only: bool, *, copying: bool = True
) -> Picture:
    """The cheapest way to the picture that `project` asks for in a file of that suffix.

    Without `copying` it is encoded even where it could be copied.
    """
    if sound_only:
        return NoPicture()
    if not project.has_picture:
        return _drawn(project, sources)
    why = "GIF" if suffix == ".gif" else _against_copying(project, sources, suffix)
    if why is None and copying:
        return Copied(source=sources[_main(project)[0].asset_id])
    return Encoded(plan=_encoding(project, sources, suffix), why=why or "a limit of size")


def _main(project: Project) -> tuple[Segment, ...]:
    return project.main.segments if project.main is not None else ()


def _against_copying(project: Project, sources: Mapping[str, Source], suffix: str) -> str | None:
    segments = _main(project)
    source = sources[segments[0].asset_id]
    if len({s.asset_id for s in segments}) != 1 or source.info.video is None:
        return "several clips"
    return (
        _time_changed(project)
        or _look_changed(project, source.info.video)
        or _size_changed(project, source.info.video)
        or copy_obstacle(source.info, suffix)
        or _made_smaller(project, source)
    )


def _time_changed(project: Project) -> str | None:
    segments = _main(project)
    if any(s.speed != 1 or s.reverse for s in segments):
        return "another speed or direction"
    # The sound of a clip may be split into ranges; the picture is whole as long as they continue each other.
    continuous = all(a.source_end_s == b.start_s for a, b in pairwise(segments))
    whole_s = project.asset(segments[0].asset_id).duration_s
    if not continuous or segments[0].start_s != 0 or segments[-1].source_end_s != whole_s:
        return "the picture is cut"
    return None


def _look_changed(project: Project, video: VideoStream) -> str | None:
    segments = _main(project)
    asked_rate = project.output.frame_rate
    reasons = (
        (any(s.look != Look() for s in segments), "turned or cropped"),
        (any(s.blend is not None for s in segments), "transitions"),
        (any(_fades_picture(fades) for fades in (project.fades, *(s.fades for s in segments))), "fades"),
        (bool(project.titles), "text on the picture"),
        (asked_rate is not None and (video.is_vfr or asked_rate != video.frame_rate), "another frame rate"),
    )
    return next((reason for stands, reason in reasons if stands), None)


def _fades_picture(fades: Fades) -> bool:
    return bool(fades.picture_in_s or fades.picture_out_s)


def _size_changed(project: Project, video: VideoStream) -> str | None:
    asked = project.output
    named = (asked.width, asked.height, asked.aspect, asked.short_side) != (None, None, None, None)
    if named and canvas(project) != natural(project):
        return "another size"
    if not named and min(video.display_width, video.display_height) > SHORT_SIDE:
        return f"larger than {SHORT_SIDE} pixels on the short side"
    return None


def _made_smaller(project: Project, source: Source) -> str | None:
    limit = project.output.max_size_bytes
    if project.output.quality == "small":
        return SMALLER
    if limit is not None and source.info.byte_size > limit:
        return "a limit of size"
    return None


def _encoding(project: Project, sources: Mapping[str, Source], suffix: str) -> PicturePlan:
    rate = project.frame_rate or STILL_RATE
    most_short_side = SHORT_SIDE
    if suffix == ".gif":
        rate = gif_rate(project.output.frame_rate)
        most_short_side = GIF_SHORT_SIDE
    width, height = canvas(project, most_short_side)
    crf, preset = QUALITIES[project.output.quality]
    return PicturePlan(
        runs=runs_of(project, sources, rate),
        width=width,
        height=height,
        frame_rate=rate,
        fade_in_frames=to_frames(project.fades.picture_in_s, rate),
        fade_out_frames=to_frames(project.fades.picture_out_s, rate),
        crf=crf,
        preset=preset,
    )


def _drawn(project: Project, sources: Mapping[str, Source]) -> Drawn:
    title = project.asset(_main(project)[0].asset_id).name
    cover = sources[project.cover_id] if project.cover_id is not None else None
    return Drawn(frames=ceil(project.duration_s * STILL_RATE), cover=cover, title=title)


def already_small(
    project: Project, sources: Mapping[str, Source], picture: Picture, made_bytes: int
) -> Copied | None:
    """The source as it is, where it was encoded for nothing but a smaller file and came out no smaller."""
    if not isinstance(picture, Encoded) or picture.why != SMALLER:
        return None
    source = sources[_main(project)[0].asset_id]
    return Copied(source=source) if made_bytes >= source.info.byte_size else None


def exact_duration_s(project: Project, picture: Picture) -> Fraction:
    """How long the result is: the picture's frames, or the sound where there is no picture."""
    match picture:
        case Encoded(plan=plan):
            return plan.duration_s
        case Drawn(frames=frames):
            return frames / STILL_RATE
        case _:
            return project.duration_s
