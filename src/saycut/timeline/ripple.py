"""Time taken out of a project, repeated, or put into another order: on every track alike.

Cuts of many pauses, cuts by hand, deleted, repeated and reordered clips are the same thing: the spans of the
old timeline that the new one shows, in their new order. Music added under the voice is not cut into
pieces: it stays whole, ends with a shorter timeline and goes on to the end of a longer one.
"""

from collections.abc import Callable, Iterable
from fractions import Fraction

from saycut.timeline.clock import Seconds
from saycut.timeline.project import Fades, Project, Segment, Title, Track
from saycut.timeline.spans import Spans, complement, united
from saycut.timeline.value import but


def without(project: Project, removed: Iterable[tuple[Seconds, Seconds]]) -> Project:
    """`project` with the spans `removed` (timeline seconds) taken out and the gaps closed."""
    return rearranged(project, complement(united(removed), Seconds(0), reach_s(project)))


def reach_s(project: Project) -> Seconds:
    """Past the end of everything, so that sound which outlasts the picture keeps its place."""
    return max((s.end_s for t in project.tracks for s in t.segments), default=Seconds(0))


def rearranged(project: Project, order: Spans) -> Project:
    """`project` made of the spans `order` of its timeline, one after the other.

    Spans may be in any order and may come again. Titles go with the time they lie on.
    """
    tracks = [t if t.role == "music" else but(t, segments=_laid(t, order)) for t in project.tracks]
    titles = tuple(part for title in project.titles for part in _moved_title(title, order))
    return _music_fitted(project, but(project, tracks=tuple(tracks), titles=titles))


def _laid(track: Track, order: Spans) -> tuple[Segment, ...]:
    pieces: list[Segment] = []
    moved_s = Seconds(0)
    for start, end in order:
        for segment in track.segments:
            piece = part(segment, start, end)
            if piece is not None:
                pieces.append(at(piece, piece.at_s - start + moved_s))
        moved_s += end - start
    return joined(_with_blends_that_hold(pieces))


def _with_blends_that_hold(segments: Iterable[Segment]) -> Iterable[Segment]:
    """A transition stays only where what goes over into its segment is what is shown just before it."""
    last: Segment | None = None
    for segment in segments:
        before = segment.blend.before if segment.blend is not None else None
        shown = (last.end_s, last.asset_id, last.clip) if last is not None else None
        holds = before is None or shown == (segment.at_s, before.asset_id, before.clip)
        last = segment if holds else but(segment, blend=None)
        yield last


def _moved_title(title: Title, order: Spans) -> Iterable[Title]:
    """The parts of a title where its time went; parts that meet again are one."""
    moved_s = Seconds(0)
    parts: list[tuple[Seconds, Seconds]] = []
    for start, end in order:
        first, last = max(title.start_s, start), min(title.end_s, end)
        if first < last:
            parts.append((first - start + moved_s, last - start + moved_s))
        moved_s += end - start
    return (but(title, start_s=first, end_s=last) for first, last in united(parts))


def _music_fitted(before: Project, after: Project) -> Project:
    """`after` with its music ending where the timeline does; music that did not last to the end of
    `before` is only ever shortened."""
    end_s, was_s = after.duration_s, before.duration_s
    for track in after.tracks:
        if track.role != "music" or not track.segments:
            continue
        pieces = (part(segment, Seconds(0), end_s) for segment in track.segments)
        fitted = [segment for segment in pieces if segment is not None]
        if fitted and was_s <= fitted[-1].end_s < end_s:
            fitted = _played_on(after, fitted, end_s)
        after = after.with_track(but(track, segments=tuple(fitted)))
    return after


def _played_on(project: Project, segments: list[Segment], end_s: Seconds) -> list[Segment]:
    """Music that goes on to `end_s`: composed longer, else with the rest of the piece, then again."""
    last = segments[-1]
    asset = project.asset(last.asset_id)
    length_s = end_s - last.at_s
    if asset.bed is None:
        length_s = max(last.duration_s, min(length_s, (asset.duration_s - last.start_s) / last.speed))
    longer = [*segments[:-1], but(last, duration_s=length_s)]
    while longer[-1].end_s < end_s and asset.duration_s > 0:
        at_s = longer[-1].end_s
        length_s = min(asset.duration_s / last.speed, end_s - at_s)
        longer.append(but(last, at_s=at_s, start_s=Seconds(0), duration_s=length_s))
    return longer


def at(segment: Segment, at_s: Seconds) -> Segment:
    """`segment` laid at another place, with what goes over into it."""
    blend = segment.blend
    if blend is not None:
        blend = but(blend, before=but(blend.before, at_s=at_s))
    return but(segment, at_s=at_s, blend=blend)


def part(segment: Segment, start_s: Seconds, end_s: Seconds) -> Segment | None:
    """The part of `segment` inside [start_s, end_s) of the timeline, None when there is none.

    Fades stay at the ends they belong to.
    """
    first, last = max(segment.at_s, start_s), min(segment.end_s, end_s)
    if first >= last:
        return None
    if (first, last) == (segment.at_s, segment.end_s):
        return segment
    skipped_s = segment.end_s - last if segment.reverse else first - segment.at_s
    fades, blend = segment.fades, segment.blend
    if first > segment.at_s:
        fades = but(fades, picture_in_s=Seconds(0), sound_in_s=Seconds(0))
    if last < segment.end_s:
        fades = but(fades, picture_out_s=Seconds(0), sound_out_s=Seconds(0))
    if blend is not None:
        before = part(blend.before, start_s, end_s)
        blend = but(blend, before=before) if before is not None else None
    return but(
        segment,
        at_s=first,
        start_s=segment.start_s + skipped_s * segment.speed,
        duration_s=last - first,
        fades=fades,
        blend=blend,
    )


def joined(segments: Iterable[Segment]) -> tuple[Segment, ...]:
    """The same segments with neighbours that continue each other in their source made one."""
    out: list[Segment] = []
    for segment in segments:
        if out and _continues(out[-1], segment):
            first = out[-1]
            out[-1] = but(
                first,
                start_s=min(first.start_s, segment.start_s),
                duration_s=first.duration_s + segment.duration_s,
                fades=_both_ends(first.fades, segment.fades),
            )
        else:
            out.append(segment)
    return tuple(out)


def _continues(first: Segment, second: Segment) -> bool:
    if first.blend is not None or second.blend is not None or first.end_s != second.at_s:
        return False
    meets = second.source_end_s == first.start_s if first.reverse else second.start_s == first.source_end_s
    same = but(second, at_s=first.at_s, start_s=first.start_s, duration_s=first.duration_s, fades=first.fades)
    out, into = first.fades, second.fades
    faded = out.picture_out_s or out.sound_out_s or into.picture_in_s or into.sound_in_s
    return meets and same == first and not faded


def _both_ends(first: Fades, last: Fades) -> Fades:
    return but(first, picture_out_s=last.picture_out_s, sound_out_s=last.sound_out_s)


def mapped_within(
    track: Track, start_s: Seconds, end_s: Seconds, change: Callable[[Segment], Segment]
) -> Track:
    """`track` with `change` made to its segments inside [start_s, end_s), split at the edges.

    A transition is not split: the change is made to it when its middle lies inside.
    """
    pieces: list[Segment] = []
    for segment in track.segments:
        if segment.blend is not None:
            middle_s = segment.at_s + segment.duration_s / 2
            pieces.append(change(segment) if start_s <= middle_s < end_s else segment)
            continue
        before, after = part(segment, Seconds(0), start_s), part(segment, end_s, segment.end_s)
        inside = part(segment, start_s, end_s)
        pieces += [piece for piece in (before, inside and change(inside), after) if piece is not None]
    return but(track, segments=joined(pieces))


def with_before(change: Callable[[Segment], Segment]) -> Callable[[Segment], Segment]:
    """`change` made to what goes over into a segment too: what concerns all that is heard there."""

    def both(segment: Segment) -> Segment:
        changed = change(segment)
        if changed.blend is None:
            return changed
        return but(changed, blend=but(changed.blend, before=change(changed.blend.before)))

    return both


def at_speed(project: Project, start_s: Seconds, end_s: Seconds, factor: Fraction) -> Project:
    """`project` with [start_s, end_s) played `factor` times as fast on every track but music; what follows
    moves up or down. The new length is a whole number of frames (or samples)."""
    grid_hz = project.grid_hz
    frames = max(1, round((end_s - start_s) / factor * grid_hz))
    length_s = Fraction(frames) / grid_hz
    factor = (end_s - start_s) / length_s

    def moved(time_s: Seconds) -> Seconds:
        if time_s <= start_s:
            return time_s
        return start_s + (min(time_s, end_s) - start_s) / factor + max(time_s - end_s, Seconds(0))

    tracks = [
        t if t.role == "music" else but(t, segments=_sped(t, start_s, end_s, factor, moved))
        for t in project.tracks
    ]
    titles = tuple(but(t, start_s=moved(t.start_s), end_s=moved(t.end_s)) for t in project.titles)
    return _music_fitted(project, but(project, tracks=tuple(tracks), titles=titles))


def _sped(
    track: Track, start_s: Seconds, end_s: Seconds, factor: Fraction, moved: Callable[[Seconds], Seconds]
) -> tuple[Segment, ...]:
    pieces: list[Segment] = []
    for segment in track.segments:
        for first, last in ((Seconds(0), start_s), (start_s, end_s), (end_s, segment.end_s)):
            piece = part(segment, first, last)
            if piece is None:
                continue
            if first == start_s:
                piece = _faster(piece, factor)
            pieces.append(at(piece, moved(max(segment.at_s, first))))
    return joined(_with_blends_that_hold(pieces))


def _faster(segment: Segment, factor: Fraction) -> Segment:
    blend = segment.blend
    if blend is not None:
        blend = but(blend, before=_faster(blend.before, factor))
    return but(segment, duration_s=segment.duration_s / factor, speed=segment.speed * factor, blend=blend)
