"""Time turned round: what was last is first, on every track but music."""

from saycut.timeline.clock import Seconds
from saycut.timeline.project import Blend, BlendKind, Fades, Project, Segment, Track
from saycut.timeline.ripple import at, joined, part
from saycut.timeline.value import but

# What moves to the left moves to the right when time runs backwards; the others look the same.
_TURNED: dict[BlendKind, BlendKind] = {
    "wipe_left": "wipe_right",
    "wipe_right": "wipe_left",
    "slide_left": "slide_right",
    "slide_right": "slide_left",
}


def turned_round(project: Project, start_s: Seconds, end_s: Seconds) -> Project:
    """`project` with [start_s, end_s) of its timeline played backwards; nothing else moves.

    Titles inside go with the moment they lie on; one that reaches over an edge stays.
    """

    def turned(time_s: Seconds) -> Seconds:
        return start_s + end_s - time_s

    tracks = (t if t.role == "music" else _turned_track(t, start_s, end_s) for t in project.tracks)
    titles = (
        but(t, start_s=turned(t.end_s), end_s=turned(t.start_s))
        if start_s <= t.start_s and t.end_s <= end_s
        else t
        for t in project.titles
    )
    return but(project, tracks=tuple(tracks), titles=tuple(titles))


def _turned_track(track: Track, start_s: Seconds, end_s: Seconds) -> Track:
    first: list[Segment] = []
    inside: list[Segment] = []
    last: list[Segment] = []
    for segment in track.segments:
        before, after = part(segment, Seconds(0), start_s), part(segment, end_s, segment.end_s)
        within = part(segment, start_s, end_s)
        first += [before] if before is not None else []
        inside += [within] if within is not None else []
        last += [after] if after is not None else []
    turned = (at(_backwards(s), start_s + end_s - s.end_s) for s in reversed(inside))
    return but(track, segments=joined([*first, *turned, *last]))


def _backwards(segment: Segment) -> Segment:
    """The segment played backwards: it fades out where it faded in, and goes over into what came before."""
    turned = but(segment, reverse=not segment.reverse, fades=_swapped(segment.fades), blend=None)
    if segment.blend is None:
        return turned
    kind = _TURNED.get(segment.blend.kind, segment.blend.kind)
    return but(_backwards(segment.blend.before), blend=Blend(kind=kind, before=turned))


def _swapped(fades: Fades) -> Fades:
    return Fades(
        picture_in_s=fades.picture_out_s,
        picture_out_s=fades.picture_in_s,
        sound_in_s=fades.sound_out_s,
        sound_out_s=fades.sound_in_s,
    )
