"""What has to be done to the picture, the cheapest first: copy, encode, or draw one for sound alone."""

from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from math import ceil
from typing import Literal

import msgspec

from saycut.media.copying import copy_obstacle
from saycut.media.info import Source
from saycut.media.picture import PicturePlan, PictureRun, Run, StillRun, canvas_size
from saycut.timeline.clock import to_frames
from saycut.timeline.project import Project, Segment

SHORT_SIDE = 1080
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


def planned(project: Project, sources: Mapping[str, Source], suffix: str, sound_only: bool) -> Picture:
    """The cheapest way to the picture that `project` asks for in a file of that suffix."""
    if sound_only:
        return NoPicture()
    if not project.has_picture:
        return _drawn(project, sources)
    why = _against_copying(project, sources, suffix)
    if why is None:
        return Copied(source=sources[_main(project)[0].asset_id])
    return Encoded(plan=_encoding(project, sources), why=why)


def _main(project: Project) -> tuple[Segment, ...]:
    return project.main.segments if project.main is not None else ()


def _against_copying(project: Project, sources: Mapping[str, Source], suffix: str) -> str | None:
    segments = _main(project)
    first = segments[0]
    asset = project.asset(first.asset_id)
    video = sources[first.asset_id].info.video
    if len({s.asset_id for s in segments}) != 1 or video is None:
        return "several clips"
    # The sound of a clip may be split into ranges; the picture is whole as long as they continue each other.
    ends = [(s.start_s, s.source_end_s) for s in segments]
    continuous = all(a[1] == b[0] for a, b in pairwise(ends))
    if not continuous or first.start_s != 0 or segments[-1].source_end_s != asset.duration_s:
        return "the picture is cut"
    limit = project.output.short_side or SHORT_SIDE
    if min(video.display_width, video.display_height) > limit:
        return f"larger than {limit} pixels on the short side"
    return copy_obstacle(sources[first.asset_id].info, suffix)


def _encoding(project: Project, sources: Mapping[str, Source]) -> PicturePlan:
    rate = project.frame_rate or STILL_RATE
    largest = max((project.asset(s.asset_id) for s in _main(project)), key=lambda a: a.width * a.height)
    limit = project.output.short_side or SHORT_SIDE
    width, height = canvas_size(largest.width, largest.height, limit)
    return PicturePlan(runs=_runs(project, sources, rate), width=width, height=height, frame_rate=rate)


def _runs(project: Project, sources: Mapping[str, Source], rate: Fraction) -> tuple[Run, ...]:
    runs: list[Run] = []
    for segment in _main(project):
        source = sources[segment.asset_id]
        # One conversion of the exact timeline position, so that rounding never adds up over many cuts.
        count = to_frames(segment.end_s, rate) - to_frames(segment.at_s, rate)
        if count == 0:
            continue
        if project.asset(segment.asset_id).kind == "image":
            runs.append(StillRun(source=source, frames=count))
            continue
        start = to_frames(segment.start_s, rate)
        last = runs[-1] if runs else None
        span = (start, start + count)
        if isinstance(last, PictureRun) and last.source == source and last.spans[-1][1] <= start:
            runs[-1] = PictureRun(source=source, spans=_joined(last.spans, span))
        else:
            runs.append(PictureRun(source=source, spans=(span,)))
    return tuple(runs)


def _joined(spans: tuple[tuple[int, int], ...], span: tuple[int, int]) -> tuple[tuple[int, int], ...]:
    if spans[-1][1] == span[0]:
        return (*spans[:-1], (spans[-1][0], span[1]))
    return (*spans, span)


def _drawn(project: Project, sources: Mapping[str, Source]) -> Drawn:
    title = project.asset(_main(project)[0].asset_id).name
    cover = sources[project.cover_id] if project.cover_id is not None else None
    return Drawn(frames=ceil(project.duration_s * STILL_RATE), cover=cover, title=title)


def exact_duration_s(project: Project, picture: Picture) -> Fraction:
    """How long the result is: the picture's frames, or the sound where there is no picture."""
    match picture:
        case Encoded(plan=plan):
            return plan.duration_s
        case Drawn(frames=frames):
            return frames / STILL_RATE
        case _:
            return project.duration_s
