"""A plan that opens too much at once, as parts that are encoded one after the other and joined.

Every input is a decoder with its own frames: 16 MB for 720p, 40 MB for 1080p (measured). All inputs of a
graph are decoded side by side, so what is turned round is held for all of them: 93 MB for a second of 1080p.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from pathlib import Path

import msgspec

from saycut.media.ffmpeg import file_operand, head
from saycut.media.info import Source
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
from saycut.media.pieces import Piece, held_frames, run_pieces

MOST = 24  # decoders of 720p, or what weighs as much: about 400 MB
_UNIT_PIXELS = 1280 * 720


def parts_of(plan: PicturePlan) -> list[PicturePlan]:
    """`plan` cut between runs (and inside of what plays backwards), each part holding little at once."""
    groups: list[list[Run]] = [[]]
    opened = 0
    for run in _small_runs(plan):
        weight = _weight(run, plan)
        if groups[-1] and opened + weight > MOST:
            groups.append([])
            opened = 0
        groups[-1].append(run)
        opened += weight
    if len(groups) == 1:
        return [plan]
    return list(cut(plan, groups))


def _small_runs(plan: PicturePlan) -> Iterator[Run]:
    for run in plan.runs:
        if isinstance(run, PictureRun) and run.reverse and _weight(run, plan) > MOST:
            yield from _backwards_in_parts(run, plan)
        else:
            yield run


def _backwards_in_parts(run: PictureRun, plan: PicturePlan) -> Iterator[Run]:
    groups: list[list[Piece]] = [[]]
    for chunk in run_pieces(run, plan):
        together = sum(_chunk_weight(run, held, plan) for held in (*groups[-1], chunk))
        if groups[-1] and together > MOST:
            groups.append([])
        groups[-1].append(chunk)
    before = 0
    for group in groups:
        spans = tuple(span for chunk in reversed(group) for span in chunk.spans)
        frames = sum(chunk.frames for chunk in group)
        after = run_frames(run) - before - frames
        yield msgspec.structs.replace(run, spans=spans, frames_before=before, frames_after=after)
        before += frames


def _weight(run: Run, plan: PicturePlan) -> int:
    """In decoders of 720p."""
    if isinstance(run, BlankRun):
        return 0
    if isinstance(run, StillRun):
        return 1
    if isinstance(run, BlendRun):
        return _weight(run.before, plan) + _weight(run.after, plan)
    pieces = run_pieces(run, plan)
    if run.reverse:
        return sum(_chunk_weight(run, piece, plan) for piece in pieces)
    return len(pieces) * _decoder_weight(run.source)


def _chunk_weight(run: PictureRun, chunk: Piece, plan: PicturePlan) -> int:
    """A full hold of frames weighs as much as all decoders together may."""
    return ceil(Fraction(MOST * chunk.frames, held_frames(plan))) + _decoder_weight(run.source)


def _decoder_weight(source: Source) -> int:
    video = source.info.video
    return max(round(video.width * video.height / _UNIT_PIXELS), 1) if video is not None else 1


def cut(plan: PicturePlan, groups: Sequence[Sequence[Run]]) -> Iterator[PicturePlan]:
    """The runs of `plan`, in groups, as plans of their own: what lies over them and fades goes on across."""
    begin = 0
    for runs in groups:
        end = begin + sum(run_frames(run) for run in runs)
        yield msgspec.structs.replace(
            plan,
            runs=tuple(runs),
            overlays=tuple(_within(over, begin, end) for over in plan.overlays),
            frames_before=begin,
            frames_after=plan.frames - end,
            key_frames=tuple(frame - begin for frame in plan.key_frames if begin <= frame < end),
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


def _quoted(path: Path) -> str:
    """As ffmpeg's scripts want it: nothing inside of single quotes means anything but a single quote."""
    return "'" + str(path.absolute()).replace("'", "'\\''") + "'"


def join_argv(
    parts: Sequence[Part], frame_rate: Fraction, script: Path, out: Path, muxer: list[str]
) -> list[str]:
    """Write `script` and give the argv that copies the parts, one after the other, into `out`.

    The script counts in microseconds: `setts` puts every time stamp back on the frame it belongs to.
    """
    lines = ["ffconcat version 1.0"]
    for part in parts:
        lines += [f"file {_quoted(part.path)}", f"duration {float(part.frames / frame_rate):.6f}"]
    script.write_text("\n".join(lines) + "\n", "utf-8")
    frame = f"({frame_rate.denominator}/{frame_rate.numerator}/TB)"
    on_grid = f"setts=pts='round(PTS/{frame})*{frame}':dts='round(DTS/{frame})*{frame}'"
    return [
        *(*head(), "-protocol_whitelist", "file", "-f", "concat", "-safe", "0", "-i", file_operand(script)),
        *("-map", "0:v:0", "-c", "copy", "-bsf:v", on_grid, "-map_metadata", "-1", "-map_chapters", "-1"),
        *(*muxer, file_operand(out)),
    ]
