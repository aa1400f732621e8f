"""The runs of a picture plan as chains of filters, each giving exactly its frames on the plan's canvas."""

from collections.abc import Callable
from fractions import Fraction

from saycut.errors import Usage
from saycut.media.colour import convert, deinterlace
from saycut.media.ffmpeg import file_operand, input_args
from saycut.media.info import Source, VideoStream
from saycut.media.picture import BlankRun, BlendRun, PictureRun, Run, StillRun, run_frames
from saycut.media.picture_builder import FOREVER, Builder, Still, concat, fades, png_input
from saycut.media.picture_fit import fitted, viewed
from saycut.media.pieces import Piece, run_pieces, selection

RGB_TO_VIDEO = "flags=lanczos+accurate_rnd:out_color_matrix=bt709:out_range=tv"


Stills = Callable[[Source], Still]

_BLENDS = {
    "dissolve": "fade",
    "wipe_left": "wipeleft",
    "wipe_right": "wiperight",
    "slide_left": "slideleft",
    "slide_right": "slideright",
    "zoom": "zoomin",
}


def run_labels(builder: Builder, run: Run, stills: Stills) -> list[str]:
    """The labels that together, one after the other, give the frames of `run`."""
    if isinstance(run, PictureRun):
        return _picture_run(builder, run)
    if not run.frames:
        return []
    if isinstance(run, BlendRun):
        return _blend_run(builder, run, stills)
    if isinstance(run, StillRun):
        return [_still_run(builder, run, stills(run.source))]
    return [_blank_run(builder, run)]


def _picture_run(builder: Builder, run: PictureRun) -> list[str]:
    video = run.source.info.video
    if video is None:
        raise Usage(reason=f"{run.source.path.name} holds no picture")
    edges = [edge for span in run.spans for edge in span]
    if edges != sorted(edges) or (edges and edges[0] < 0):
        raise Usage(reason="the kept spans of a picture are not in order")
    labels = [_piece(builder, run, video, piece) for piece in run_pieces(run, builder.plan)]
    if not (run.fade_in_frames or run.fade_out_frames) or not labels:
        return labels
    whole = labels[0] if len(labels) == 1 else concat(builder, labels)
    return [builder.chain(whole, *_run_fades(run))]


def _run_fades(run: PictureRun) -> list[str]:
    return fades(
        run.fade_in_frames, run.fade_out_frames, run_frames(run), run.frames_before, run.frames_after
    )


def _piece(builder: Builder, run: PictureRun, video: VideoStream, piece: Piece) -> str:
    plan = builder.plan
    first = piece.spans[0][0] if piece.seek_s is not None else 0
    spans = [(begin - first, end - first) for begin, end in piece.spans]
    number = builder.add_input(_source_args(run.source, piece.seek_s), run.source.path)
    kept = builder.chain(
        f"[{number}:{video.index}]",
        deinterlace(video),
        _retimed(run),
        f"fps=fps={plan.frame_rate}:start_time={float(first / plan.frame_rate):.9f}:round=near",
        FOREVER,
        f"trim=end_frame={spans[-1][1]}",
        None if len(spans) == 1 and spans[0][0] == 0 else f"select='{selection(spans)}'",
        "setpts=N",
        *viewed(run.view),
    )
    shown = run.view.size(video.display_width, video.display_height)

    def scaled(width: int, height: int) -> str:
        return convert(video, width, height)

    done = fitted(builder, kept, shown, run.fit, scaled)
    return builder.chain(done, "reverse", "setpts=N") if run.reverse else done


def _retimed(run: PictureRun) -> str | None:
    """Source time to grid time. Rounded, because setpts cuts fractions of a tick off, and frames that
    lie half way between two grid points would change places."""
    if run.zero_s == 0 and run.speed == 1:
        return None
    zero = f"{run.zero_s.numerator}/{run.zero_s.denominator}"
    return f"setpts='round((PTS-{zero}/TB)*{run.speed.denominator}/{run.speed.numerator})'"


def _blend_run(builder: Builder, run: BlendRun, stills: Stills) -> list[str]:
    """Over black or white: half of each side, so that the middle is plain. Else both sides together."""
    if {run_frames(run.before), run_frames(run.after)} != {run.frames}:
        raise Usage(reason="both sides of a transition are as long as it is")
    sides = [_whole(builder, run_labels(builder, side, stills)) for side in (run.before, run.after)]
    if run.kind in ("black", "white"):
        half = run.frames // 2
        before = builder.chain(
            sides[0], f"trim=end_frame={half}", f"fade=t=out:start_frame=0:nb_frames={half}:color={run.kind}"
        )
        after = builder.chain(
            sides[1],
            f"trim=start_frame={half}",
            "setpts=N",
            f"fade=t=in:start_frame=0:nb_frames={run.frames - half}:color={run.kind}",
        )
        return [before, after] if half else [after]
    rate = builder.plan.frame_rate
    clocked = [builder.chain(side, f"settb={1 / rate}", "setpts=N", f"fps={rate}") for side in sides]
    mixed = builder.chain(
        "".join(clocked),
        f"xfade=transition={_BLENDS[run.kind]}:offset=0:duration={float(run.frames / rate):.6f}",
    )
    return [builder.chain(mixed, FOREVER, f"trim=end_frame={run.frames}", "setpts=N")]


def _whole(builder: Builder, labels: list[str]) -> str:
    return labels[0] if len(labels) == 1 else concat(builder, labels)


def _source_args(source: Source, seek_s: Fraction | None) -> list[str]:
    """Time 0 is the first shown picture, wherever reading starts; no change of frames restarts the graph."""
    zero_s = source.info.zero_pts_s
    video = source.info.video
    if video is not None:
        zero_s = video.first_pts_s
    args = ["-reinit_filter", "0", "-itsoffset", f"{-round(zero_s * 1_000_000)}us"]
    if seek_s is not None:
        args += [
            "-seek_timestamp",
            "1",
            "-noaccurate_seek",
            "-ss",
            f"{round((zero_s + seek_s) * 1_000_000)}us",
        ]
    return [*args, *input_args(source)]


def _still_run(builder: Builder, run: StillRun, still: Still) -> str:
    plan = builder.plan

    def scaled(width: int, height: int) -> str:
        return f"scale=w={width}:h={height}:{RGB_TO_VIDEO},format=yuv420p,setsar=1"

    base = 1 / plan.frame_rate
    if still.is_animated:
        args = ["-stream_loop", "-1", "-protocol_whitelist", "file", "-f", "matroska"]
        number = builder.add_input([*args, "-i", file_operand(still.path)], still.path)
        start = builder.chain(
            f"[{number}:v:0]",
            f"fps=fps={plan.frame_rate}:start_time=0",
            f"trim=end_frame={run.frames}",
            "setpts=N",
            *viewed(run.view),
        )
        shown = fitted(builder, start, run.view.size(still.width, still.height), run.fit, scaled)
        return builder.chain(shown, "null", *fades(run.fade_in_frames, run.fade_out_frames, run.frames))
    number = builder.add_input(png_input(still.path, plan.frame_rate), still.path)
    # Scaled once, then repeated.
    seen = builder.chain(f"[{number}:v:0]", "null", *viewed(run.view))
    shown = fitted(builder, seen, run.view.size(still.width, still.height), run.fit, scaled)
    return builder.chain(
        shown,
        "loop=loop=-1:size=1:start=0",
        f"settb={base}",
        "setpts=N",
        f"trim=end_frame={run.frames}",
        *fades(run.fade_in_frames, run.fade_out_frames, run.frames),
    )


def _blank_run(builder: Builder, run: BlankRun) -> str:
    plan = builder.plan
    return builder.chain(
        "",
        f"color=c=0x{run.color:06x}:s={plan.width}x{plan.height}:r={plan.frame_rate}",
        "format=yuv420p,setsar=1",
        f"trim=end_frame={run.frames}",
        "setpts=N",
        *fades(run.fade_in_frames, run.fade_out_frames, run.frames),
    )
