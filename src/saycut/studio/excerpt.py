"""Which part of a project is shown in a preview: the same moments of the clips, before and after the plan."""

from collections.abc import Iterable
from typing import NamedTuple

from saycut.timeline.clock import Seconds
from saycut.timeline.project import Project, Segment
from saycut.timeline.ripple import rearranged
from saycut.timeline.spans import Spans, complement, united
from saycut.timeline.value import but


class Shown(NamedTuple):
    """A range of one clip's source, in exact seconds."""

    asset_id: str
    start_s: Seconds
    end_s: Seconds


def shown_in(project: Project, start_s: Seconds, end_s: Seconds) -> tuple[Shown, ...]:
    """What of the clips lies on [start_s, end_s) of the timeline, in its order."""
    found: list[Shown] = []
    for segment in _main(project):
        first, last = max(segment.at_s, start_s), min(segment.end_s, end_s)
        if first < last:
            found.append(Shown(segment.asset_id, *_source_of(segment, first, last)))
    return tuple(found)


def where_shown(project: Project, moments: Iterable[Shown]) -> Spans:
    """Which spans of the timeline show any of `moments`."""
    spans: list[tuple[Seconds, Seconds]] = []
    for moment in moments:
        for segment in _main(project):
            first = max(segment.start_s, moment.start_s)
            last = min(segment.source_end_s, moment.end_s)
            if segment.asset_id == moment.asset_id and first < last:
                spans.append(_timeline_of(segment, first, last))
    return united(spans)


def excerpt(project: Project, spans: Spans) -> Project:
    """`project` made of `spans` of its timeline; fades of the whole stay only at ends that are in it."""
    fades = project.fades
    if not spans or spans[0][0] > 0:
        fades = but(fades, picture_in_s=Seconds(0), sound_in_s=Seconds(0))
    if not spans or spans[-1][1] < project.duration_s:
        fades = but(fades, picture_out_s=Seconds(0), sound_out_s=Seconds(0))
    return rearranged(but(project, fades=fades), spans)


def silent(project: Project) -> Project:
    """`project` for whoever only looks: nothing of it is heard, and no level is set."""
    tracks = tuple(
        but(track, segments=tuple(but(segment, audible=False) for segment in track.segments))
        for track in project.tracks
        if track.role != "music"
    )
    return but(project, tracks=tracks, target=None)


def cut_out(before: Project, after: Project, window: tuple[Seconds, Seconds]) -> Spans:
    """What of `window` of the timeline of `before` is nowhere in `after`, in seconds of `before`."""
    gone: list[tuple[Seconds, Seconds]] = []
    for moment in shown_in(before, *window):
        kept = [(s.start_s, s.source_end_s) for s in _main(after) if s.asset_id == moment.asset_id]
        for start_s, end_s in complement(kept, moment.start_s, moment.end_s):
            gone += where_shown(before, [Shown(moment.asset_id, start_s, end_s)])
    return tuple((max(a, window[0]), min(b, window[1])) for a, b in united(gone))


def same_times(before: Project, after: Project) -> bool:
    """Whether both show the same moments at the same places, so that their sounds can be compared."""
    return _laid(before) == _laid(after)


def same_looks(before: Project, after: Project) -> bool:
    """Whether nothing that is seen differs."""
    return _seen(before) == _seen(after)


def _main(project: Project) -> tuple[Segment, ...]:
    return project.main.segments if project.main is not None else ()


def _laid(project: Project) -> list[tuple[object, ...]]:
    """Places of the clips; neighbours that continue each other are one."""
    rows: list[tuple[object, ...]] = []
    next_row: tuple[object, ...] = ()
    for segment in _main(project):
        how = (segment.asset_id, segment.speed, segment.reverse)
        row = (*how, segment.at_s, segment.start_s)
        if row != next_row or segment.reverse:
            rows.append(row)
        next_row = (*how, segment.end_s, segment.source_end_s)
    return [*rows, (project.duration_s,)]


def _seen(project: Project) -> tuple[object, ...]:
    looks = [
        (segment.look, segment.blend, segment.fades.picture_in_s, segment.fades.picture_out_s)
        for segment in _main(project)
    ]
    changing = [look for look in looks if look != looks[0]]
    fades, out = project.fades, project.output
    shape = (out.short_side, out.width, out.height, out.aspect, out.fit, out.frame_rate)
    seen = (looks[:1], changing, fades.picture_in_s, fades.picture_out_s, project.titles, shape)
    return (_laid(project), *seen)


def _source_of(segment: Segment, first_s: Seconds, last_s: Seconds) -> tuple[Seconds, Seconds]:
    skipped_s = segment.end_s - last_s if segment.reverse else first_s - segment.at_s
    start_s = segment.start_s + skipped_s * segment.speed
    return start_s, start_s + (last_s - first_s) * segment.speed


def _timeline_of(segment: Segment, first_s: Seconds, last_s: Seconds) -> tuple[Seconds, Seconds]:
    skipped_s = segment.source_end_s - last_s if segment.reverse else first_s - segment.start_s
    at_s = segment.at_s + skipped_s / segment.speed
    return at_s, at_s + (last_s - first_s) / segment.speed
