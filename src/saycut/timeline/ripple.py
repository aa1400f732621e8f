"""Taking time out of a project: what follows moves up, on every track alike.

Cuts of many pauses and cuts by hand are the same thing. Music added under the voice is not cut
into pieces: it stays whole and ends with the shorter timeline.
"""

from collections.abc import Callable, Iterable

from saycut.timeline.clock import Seconds
from saycut.timeline.project import Project, Segment, Track
from saycut.timeline.spans import Spans, complement, united
from saycut.timeline.value import but


def without(project: Project, removed: Iterable[tuple[Seconds, Seconds]]) -> Project:
    """`project` with the spans `removed` (timeline seconds) taken out and the gaps closed."""
    kept = complement(united(removed), Seconds(0), _reach_s(project))
    tracks = [t if t.role == "music" else _kept_of(t, kept) for t in project.tracks]
    shorter = but(project, tracks=tuple(tracks))
    return _music_shortened(shorter)


def _reach_s(project: Project) -> Seconds:
    """Past the end of everything, so that sound which outlasts the picture keeps its place."""
    return max((s.end_s for t in project.tracks for s in t.segments), default=Seconds(0))


def _kept_of(track: Track, kept: Spans) -> Track:
    pieces: list[Segment] = []
    moved_s = Seconds(0)
    for start, end in kept:
        for segment in track.segments:
            piece = part(segment, start, end)
            if piece is not None:
                pieces.append(but(piece, at_s=piece.at_s - start + moved_s))
        moved_s += end - start
    return but(track, segments=joined(pieces))


def _music_shortened(project: Project) -> Project:
    end_s = project.duration_s
    for track in project.tracks:
        if track.role == "music":
            shorter = (part(segment, Seconds(0), end_s) for segment in track.segments)
            fitted = tuple(segment for segment in shorter if segment is not None)
            project = project.with_track(but(track, segments=fitted))
    return project


def part(segment: Segment, start_s: Seconds, end_s: Seconds) -> Segment | None:
    """The part of `segment` inside [start_s, end_s) of the timeline, None when there is none."""
    first, last = max(segment.at_s, start_s), min(segment.end_s, end_s)
    if first >= last:
        return None
    return but(segment, at_s=first, start_s=segment.start_s + first - segment.at_s, duration_s=last - first)


def joined(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """The same segments with neighbours that continue each other in their source made one."""
    out: list[Segment] = []
    for segment in segments:
        if out and _continues(out[-1], segment):
            longer = out[-1].duration_s + segment.duration_s
            out[-1] = but(out[-1], duration_s=longer)
        else:
            out.append(segment)
    return tuple(out)


def _continues(first: Segment, second: Segment) -> bool:
    return second == but(first, at_s=first.end_s, start_s=first.source_end_s, duration_s=second.duration_s)


def mapped_within(
    track: Track, start_s: Seconds, end_s: Seconds, change: Callable[[Segment], Segment]
) -> Track:
    """`track` with `change` made to its segments inside [start_s, end_s), split at the edges."""
    pieces: list[Segment] = []
    for segment in track.segments:
        before, after = part(segment, Seconds(0), start_s), part(segment, end_s, segment.end_s)
        inside = part(segment, start_s, end_s)
        pieces += [piece for piece in (before, inside and change(inside), after) if piece is not None]
    return but(track, segments=joined(pieces))
