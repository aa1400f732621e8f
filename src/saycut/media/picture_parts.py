"""A plan that opens too many inputs at once, as parts that are encoded one after the other and joined.

Every input is a decoder with its own frames (40 MB for 1080p, measured): backwards, a second is one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import msgspec

from saycut.media.ffmpeg import file_operand, head
from saycut.media.picture import (
    BlankRun,
    BlendRun,
    Overlay,
    PicturePlan,
    PictureRun,
    Run,
    StillRun,
    run_frames,
)
from saycut.media.pieces import run_pieces

MOST_INPUTS = 24


def parts_of(plan: PicturePlan, most_inputs: int = MOST_INPUTS) -> list[PicturePlan]:
    """`plan` cut between runs (and between seconds of what plays backwards), each part with few inputs."""
    groups: list[list[Run]] = [[]]
    opened = 0
    for run in _small_runs(plan, most_inputs):
        count = _inputs(run, plan.frame_rate)
        if groups[-1] and opened + count > most_inputs:
            groups.append([])
            opened = 0
        groups[-1].append(run)
        opened += count
    if len(groups) == 1:
        return [plan]
    return list(_cut(plan, groups))


def _small_runs(plan: PicturePlan, most_inputs: int) -> Iterator[Run]:
    for run in plan.runs:
        if isinstance(run, PictureRun) and run.reverse and _inputs(run, plan.frame_rate) > most_inputs:
            yield from _backwards_in_parts(run, plan.frame_rate, most_inputs)
        else:
            yield run


def _backwards_in_parts(run: PictureRun, frame_rate: Fraction, most_inputs: int) -> Iterator[Run]:
    chunks = run_pieces(run, frame_rate)
    groups = [chunks[at : at + most_inputs] for at in range(0, len(chunks), most_inputs)]
    for number, group in enumerate(groups):
        spans = tuple(span for chunk in reversed(group) for span in chunk.spans)
        yield msgspec.structs.replace(
            run,
            spans=spans,
            fade_in_frames=run.fade_in_frames if number == 0 else 0,
            fade_out_frames=run.fade_out_frames if number == len(groups) - 1 else 0,
        )


def _inputs(run: Run, frame_rate: Fraction) -> int:
    if isinstance(run, BlankRun):
        return 0
    if isinstance(run, StillRun):
        return 1
    if isinstance(run, BlendRun):
        return _inputs(run.before, frame_rate) + _inputs(run.after, frame_rate)
    return len(run_pieces(run, frame_rate))


def _cut(plan: PicturePlan, groups: Sequence[Sequence[Run]]) -> Iterator[PicturePlan]:
    begin = 0
    for number, runs in enumerate(groups):
        end = begin + sum(run_frames(run) for run in runs)
        yield msgspec.structs.replace(
            plan,
            runs=tuple(runs),
            overlays=tuple(_within(over, begin, end) for over in plan.overlays),
            fade_in_frames=plan.fade_in_frames if number == 0 else 0,
            fade_out_frames=plan.fade_out_frames if number == len(groups) - 1 else 0,
        )
        begin = end


def _within(overlay: Overlay, begin: int, end: int) -> Overlay:
    """The part of `overlay` inside frames [begin, end), counted from `begin`; it may be empty."""
    return msgspec.structs.replace(
        overlay,
        first_frame=max(overlay.first_frame, begin) - begin,
        end_frame=min(overlay.end_frame, end) - begin,
        began_before=overlay.began_before or overlay.first_frame < begin,
        goes_on=overlay.goes_on or overlay.end_frame > end,
    )


@dataclass(frozen=True)
class Part:
    """An encoded part and how many frames it holds."""

    path: Path
    frames: int


def join_argv(
    parts: Sequence[Part], frame_rate: Fraction, script: Path, out: Path, muxer: list[str]
) -> list[str]:
    """Write `script` and give the argv that copies the parts, one after the other, into `out`.

    The script counts in microseconds: `setts` puts every time stamp back on the frame it belongs to.
    """
    lines = ["ffconcat version 1.0"]
    for part in parts:
        lines += [f"file {part.path.name}", f"duration {float(part.frames / frame_rate):.6f}"]
    script.write_text("\n".join(lines) + "\n", "utf-8")
    frame = f"({frame_rate.denominator}/{frame_rate.numerator}/TB)"
    on_grid = f"setts=pts='round(PTS/{frame})*{frame}':dts='round(DTS/{frame})*{frame}'"
    return [
        *(*head(), "-protocol_whitelist", "file", "-f", "concat", "-safe", "0", "-i", file_operand(script)),
        *("-map", "0:v:0", "-c", "copy", "-bsf:v", on_grid, "-map_metadata", "-1", "-map_chapters", "-1"),
        *(*muxer, file_operand(out)),
    ]
