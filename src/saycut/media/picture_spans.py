"""A long plan in spans of frames that are encoded apart from each other, on several machines maybe.

A span may begin at any frame of a picture that is shown forwards out of a file with an exact index, and
wherever one run ends. What plays backwards, stands still or goes over into another stays in one piece.
"""

from collections.abc import Iterator, Sequence

import msgspec

from saycut.errors import Usage
from saycut.media.picture import PicturePlan, PictureRun, Run, run_frames
from saycut.media.picture_parts import cut
from saycut.media.pieces import SEEKABLE

Span = tuple[int, int]


def spans_of(plan: PicturePlan, least_frames: int, most: int) -> list[Span]:
    """`plan` in up to `most` spans of about the same length, none much shorter than `least_frames`."""
    count = min(plan.frames // least_frames, most)
    wanted = [round(number * plan.frames / count) for number in range(1, count)]
    places = sorted({_next_place(plan, frame) for frame in wanted} - {plan.frames})
    return list(zip([0, *places], [*places, plan.frames], strict=True))


def between(plan: PicturePlan, span: Span) -> PicturePlan:
    """The frames of `span` as a plan of their own. Raises Usage where `plan` cannot be taken apart."""
    first, end = span
    if not 0 <= first < end <= plan.frames or any(_next_place(plan, at) != at for at in span):
        raise Usage(reason=f"frames {first} to {end} cannot be taken out of this picture")
    groups: list[list[Run]] = [[], [], []]
    for at, run in _placed(plan.runs):
        for number, part in enumerate(_thirds(run, first - at, end - at)):
            if part is not None:
                groups[number].append(part)
    return list(cut(plan, groups))[1]


def _placed(runs: Sequence[Run]) -> Iterator[tuple[int, Run]]:
    at = 0
    for run in runs:
        yield at, run
        at += run_frames(run)


def _next_place(plan: PicturePlan, frame: int) -> int:
    """The first frame from `frame` on before which the plan can be taken apart."""
    for at, run in _placed(plan.runs):
        end = at + run_frames(run)
        if frame <= at:
            return at
        if frame < end:
            return frame if _is_divisible(run) else end
    return plan.frames


def _is_divisible(run: Run) -> bool:
    return isinstance(run, PictureRun) and not run.reverse and run.source.info.demuxer in SEEKABLE


def _thirds(run: Run, first: int, end: int) -> tuple[Run | None, Run | None, Run | None]:
    """What of `run` lies before frame `first` of it, from there to `end`, and after that."""
    frames = run_frames(run)
    first, end = (min(max(at, 0), frames) for at in (first, end))
    return _frames_of(run, 0, first), _frames_of(run, first, end), _frames_of(run, end, frames)


def _frames_of(run: Run, first: int, end: int) -> Run | None:
    if first == end:
        return None
    if (first, end) == (0, run_frames(run)):
        return run
    assert isinstance(run, PictureRun)
    return msgspec.structs.replace(
        run,
        spans=tuple(_kept(run.spans, first, end)),
        frames_before=run.frames_before + first,
        frames_after=run.frames_after + run_frames(run) - end,
    )


def _kept(spans: Sequence[Span], first: int, end: int) -> Iterator[Span]:
    """Frames [first, end) of what the spans keep, counted over all of them."""
    at = 0
    for begin, until in spans:
        left, right = max(first - at, 0), min(end - at, until - begin)
        if left < right:
            yield begin + left, begin + right
        at += until - begin
