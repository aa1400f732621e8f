"""The main track as runs of frames on the result's grid."""

from collections.abc import Mapping
from fractions import Fraction

import msgspec

from saycut.media.info import Source
from saycut.media.picture import BlendRun, PictureRun, Run, StillRun
from saycut.render.canvas import view_of
from saycut.timeline.clock import to_frames
from saycut.timeline.project import Project, Segment

Span = tuple[int, int]


def runs_of(project: Project, sources: Mapping[str, Source], rate: Fraction) -> tuple[Run, ...]:
    """Every segment's frames in order; neighbours from one source share a run, and so a decoder."""
    runs: list[Run] = []
    for segment in project.main.segments if project.main is not None else ():
        # One conversion of the exact timeline position, so that rounding never adds up over many cuts.
        count = to_frames(segment.end_s, rate) - to_frames(segment.at_s, rate)
        if count == 0:
            continue
        run = _run(project, sources, segment, count, rate)
        last = runs[-1] if runs else None
        longer = _together(last, run, rate) if segment.blend is None else None
        if longer is not None:
            runs[-1] = longer
        else:
            runs.append(run)
    return tuple(runs)


def _run(
    project: Project, sources: Mapping[str, Source], segment: Segment, count: int, rate: Fraction
) -> Run:
    after = _plain(project, sources, segment, count, rate)
    if segment.blend is None:
        return after
    before = _plain(project, sources, segment.blend.before, count, rate)
    return BlendRun(before=before, after=after, kind=segment.blend.kind, frames=count)


def _plain(
    project: Project, sources: Mapping[str, Source], segment: Segment, count: int, rate: Fraction
) -> PictureRun | StillRun:
    source, view, fit = sources[segment.asset_id], view_of(segment.look), project.output.fit
    into = to_frames(segment.fades.picture_in_s, rate)
    out = to_frames(segment.fades.picture_out_s, rate)
    if project.asset(segment.asset_id).kind == "image":
        return StillRun(
            source=source, frames=count, fit=fit, fade_in_frames=into, fade_out_frames=out, view=view
        )
    # At another speed the grid begins with the segment, so that its first frame is exactly the one meant.
    zero_s = segment.start_s if segment.speed != 1 else Fraction(0)
    first = to_frames((segment.start_s - zero_s) / segment.speed, rate)
    return PictureRun(
        source=source,
        spans=((first, first + count),),
        fit=fit,
        speed=segment.speed,
        fade_in_frames=into,
        fade_out_frames=out,
        zero_s=zero_s,
        reverse=segment.reverse,
        view=view,
    )


def _together(last: Run | None, run: Run, rate: Fraction) -> PictureRun | None:
    """Both as one run, None when they have to be two."""
    if not isinstance(last, PictureRun) or not isinstance(run, PictureRun):
        return None
    if last.fade_out_frames or run.fade_in_frames:
        return None
    moved = (run.zero_s - last.zero_s) / run.speed * rate
    begin = run.spans[0][0] + moved
    alike = msgspec.structs.replace(
        run, spans=last.spans, zero_s=last.zero_s, fade_in_frames=last.fade_in_frames, fade_out_frames=0
    )
    if alike != last or begin.denominator != 1 or begin < 0:
        return None
    span = (int(begin), int(begin) + run.spans[0][1] - run.spans[0][0])
    if run.reverse and span[1] <= last.spans[0][0]:
        spans = _joined((span,), last.spans[0]) + last.spans[1:]
    elif not run.reverse and last.spans[-1][1] <= span[0]:
        spans = _joined(last.spans, span)
    else:
        return None
    return msgspec.structs.replace(last, spans=spans, fade_out_frames=run.fade_out_frames)


def _joined(spans: tuple[Span, ...], span: Span) -> tuple[Span, ...]:
    if spans[-1][1] == span[0]:
        return (*spans[:-1], (spans[-1][0], span[1]))
    return (*spans, span)
