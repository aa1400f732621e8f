"""A picture plan as ffmpeg inputs and a filter graph. Text only: nothing here runs or touches a file."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import msgspec

from saycut.errors import Usage
from saycut.media.colour import TAGS, convert, deinterlace
from saycut.media.ffmpeg import file_operand, input_args
from saycut.media.info import Source, VideoStream
from saycut.media.picture import BlankRun, Fit, Overlay, PicturePlan, PictureRun, StillRun
from saycut.media.pieces import Piece, pieces_of, selection

_FOREVER = "tpad=stop=-1:stop_mode=clone"
RGB_TO_VIDEO = "flags=lanczos+accurate_rnd:out_color_matrix=bt709:out_range=tv"
# Images of ours that lie over a picture. The matrix has to be named: left to itself, ffmpeg takes that of SD.
OVERLAID = "format=rgba,scale=flags=accurate_rnd:out_color_matrix=bt709:out_range=tv,format=yuva420p"


class Still(msgspec.Struct, frozen=True):
    """An image prepared by `stills.prepare`: upright, opaque RGB, as PNG or (animated) as Matroska."""

    path: Path
    width: int
    height: int
    is_animated: bool


class Graph(msgspec.Struct, frozen=True):
    """The input options of an argv, the text of its filter graph (output label `v`), and the files read."""

    inputs: tuple[str, ...]
    text: str
    reads: tuple[Path, ...]


class _Builder:
    """Collects inputs and chains; labels are numbers of ours, so no name ever stands in the text."""

    def __init__(self, plan: PicturePlan) -> None:
        self.plan = plan
        self.inputs: list[str] = []
        self.reads: list[Path] = []
        self.chains: list[str] = []
        self._count = 0
        self._labels = 0

    def add_input(self, args: Sequence[str], path: Path) -> int:
        self.inputs += args
        self.reads.append(path)
        self._count += 1
        return self._count - 1

    def label(self) -> str:
        self._labels += 1
        return f"[l{self._labels}]"

    def chain(self, start: str, *filters: str | None) -> str:
        """Add `start`,filters… and give the label at its end."""
        end = self.label()
        self.chains.append(start + ",".join(part for part in filters if part) + end)
        return end


def filter_graph(plan: PicturePlan, stills: Callable[[Source], Still]) -> Graph:
    """`plan` for ffmpeg; `stills` gives the prepared form of an image. Raises Usage for an empty plan."""
    builder = _Builder(plan)
    parts: list[str] = []
    for run in plan.runs:
        if isinstance(run, PictureRun):
            made = _picture_run(builder, run)
        elif isinstance(run, StillRun):
            made = [_still_run(builder, run, stills(run.source))] if run.frames else []
        else:
            made = [_blank_run(builder, run)] if run.frames else []
        parts += made
    if not parts:
        raise Usage(reason="there is no picture to encode")
    joined = parts[0] if len(parts) == 1 else _concat(builder, parts)
    # One clock for all that follows; and whatever a damaged source fell short of is made up here.
    base = 1 / plan.frame_rate
    whole = builder.chain(joined, f"settb={base}", "setpts=N", _FOREVER, f"trim=end_frame={plan.frames}")
    for overlay in plan.overlays:
        whole = _overlaid(builder, whole, overlay)
    faded = _fades(plan.fade_in_frames, plan.fade_out_frames, plan.frames)
    builder.chains.append(whole + ",".join([*faded, "format=yuv420p", TAGS]) + "[v]")
    return Graph(tuple(builder.inputs), ";\n".join(builder.chains) + "\n", tuple(builder.reads))


def _concat(builder: _Builder, parts: Sequence[str]) -> str:
    end = builder.label()
    builder.chains.append("".join(parts) + f"concat=n={len(parts)}:v=1:a=0{end}")
    return end


def _picture_run(builder: _Builder, run: PictureRun) -> list[str]:
    video = run.source.info.video
    if video is None:
        raise Usage(reason=f"{run.source.path.name} holds no picture")
    edges = [edge for span in run.spans for edge in span]
    if edges != sorted(edges) or (edges and edges[0] < 0):
        raise Usage(reason="the kept spans of a picture are not in order")
    pieces = pieces_of(run.spans, run.source.info, builder.plan.frame_rate, run.speed)
    labels = [_piece(builder, run, video, piece) for piece in pieces]
    if not (run.fade_in_frames or run.fade_out_frames) or not labels:
        return labels
    whole = labels[0] if len(labels) == 1 else _concat(builder, labels)
    frames = sum(piece.frames for piece in pieces)
    return [builder.chain(whole, *_fades(run.fade_in_frames, run.fade_out_frames, frames))]


def _piece(builder: _Builder, run: PictureRun, video: VideoStream, piece: Piece) -> str:
    plan = builder.plan
    first = piece.spans[0][0] if piece.seek_s is not None else 0
    spans = [(begin - first, end - first) for begin, end in piece.spans]
    number = builder.add_input(_source_args(run.source, piece.seek_s), run.source.path)
    kept = builder.chain(
        f"[{number}:{video.index}]",
        deinterlace(video),
        f"setpts=PTS*{run.speed.denominator}/{run.speed.numerator}" if run.speed != 1 else None,
        f"fps=fps={plan.frame_rate}:start_time={float(first / plan.frame_rate):.9f}:round=near",
        _FOREVER,
        f"trim=end_frame={spans[-1][1]}",
        None if len(spans) == 1 and spans[0][0] == 0 else f"select='{selection(spans)}'",
        "setpts=N",
    )
    shown = (video.display_width, video.display_height)

    def scaled(width: int, height: int) -> str:
        return convert(video, width, height)

    return _fitted(builder, kept, shown, run.fit, scaled)


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


def _still_run(builder: _Builder, run: StillRun, still: Still) -> str:
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
        )
        shown = _fitted(builder, start, (still.width, still.height), run.fit, scaled)
        return builder.chain(shown, "null", *_fades(run.fade_in_frames, run.fade_out_frames, run.frames))
    number = builder.add_input(png_input(still.path, plan.frame_rate), still.path)
    # Scaled once, then repeated.
    shown = _fitted(builder, f"[{number}:v:0]", (still.width, still.height), run.fit, scaled)
    return builder.chain(
        shown,
        "loop=loop=-1:size=1:start=0",
        f"settb={base}",
        "setpts=N",
        f"trim=end_frame={run.frames}",
        *_fades(run.fade_in_frames, run.fade_out_frames, run.frames),
    )


def _blank_run(builder: _Builder, run: BlankRun) -> str:
    plan = builder.plan
    return builder.chain(
        "",
        f"color=c=0x{run.color:06x}:s={plan.width}x{plan.height}:r={plan.frame_rate}",
        "format=yuv420p,setsar=1",
        f"trim=end_frame={run.frames}",
        "setpts=N",
        *_fades(run.fade_in_frames, run.fade_out_frames, run.frames),
    )


def _fitted(
    builder: _Builder, start: str, shown: tuple[int, int], fit: Fit, scaled: Callable[[int, int], str]
) -> str:
    """From `start` (a picture that shows as `shown`) to the plan's canvas."""
    width, height = builder.plan.width, builder.plan.height
    inner, outer = _inner(shown, width, height), _outer(shown, width, height)
    crop = f"crop=w={width}:h={height}"
    if inner == (width, height):
        return builder.chain(start, scaled(width, height))
    if fit == "cover":
        return builder.chain(start, scaled(*outer), crop)
    if fit == "contain":
        return builder.chain(
            start, scaled(*inner), f"pad=w={width}:h={height}:x=(ow-iw)/2:y=(oh-ih)/2:color=black"
        )
    behind, before = builder.label(), builder.label()
    builder.chains.append(f"{start}split{behind}{before}")
    # Blurred small and enlarged again: a wide blur at a fraction of the cost.
    small = (max(outer[0] // 16 * 2, 2), max(outer[1] // 16 * 2, 2))
    back = builder.chain(
        behind,
        scaled(*small),
        "gblur=sigma=8:steps=2",
        f"scale=w={outer[0]}:h={outer[1]}:flags=bicubic",
        crop,
        "eq=brightness=-0.06:saturation=0.9",
        "setsar=1",
    )
    front = builder.chain(before, scaled(*inner))
    end = builder.label()
    builder.chains.append(f"{back}{front}overlay=x=(W-w)/2:y=(H-h)/2:format=yuv420{end}")
    return end


def _inner(shown: tuple[int, int], width: int, height: int) -> tuple[int, int]:
    """The largest even size of the picture's shape inside the canvas; the canvas when two pixels off."""
    scale = min(Fraction(width, shown[0]), Fraction(height, shown[1]))
    inner = max(2 * round(shown[0] * scale / 2), 2), max(2 * round(shown[1] * scale / 2), 2)
    return (width, height) if width - inner[0] <= 2 and height - inner[1] <= 2 else inner


def _outer(shown: tuple[int, int], width: int, height: int) -> tuple[int, int]:
    """The smallest even size of the picture's shape around the canvas."""
    scale = max(Fraction(width, shown[0]), Fraction(height, shown[1]))
    return max(2 * round(shown[0] * scale / 2), width), max(2 * round(shown[1] * scale / 2), height)


def _overlaid(builder: _Builder, below: str, overlay: Overlay) -> str:
    """The image has its own clock that starts at its first frame; outside of its range nothing is blended."""
    count = overlay.end_frame - overlay.first_frame
    if count <= 0:
        return below
    number = builder.add_input(png_input(overlay.image, builder.plan.frame_rate), overlay.image)
    fades: list[str] = []
    if overlay.fade_frames:
        fade = min(overlay.fade_frames, count // 2)
        fades = [
            f"fade=t=in:start_frame=0:nb_frames={fade}:alpha=1",
            f"fade=t=out:start_frame={count - fade}:nb_frames={fade}:alpha=1",
        ]
    above = builder.chain(
        f"[{number}:v:0]",
        OVERLAID,
        "loop=loop=-1:size=1:start=0",
        f"settb={1 / builder.plan.frame_rate}",
        "setpts=N",
        f"trim=end_frame={count}",
        *fades,
        f"setpts=N+{overlay.first_frame}",
    )
    end = builder.label()
    builder.chains.append(
        f"{below}{above}overlay=x={overlay.x}:y={overlay.y}:format=auto:eof_action=pass:repeatlast=0{end}"
    )
    return end


def png_input(path: Path, frame_rate: Fraction) -> list[str]:
    """Open a PNG of ours; it ticks like the rest, or its 25 a second would become the rate of the result."""
    return [
        "-protocol_whitelist",
        "file",
        "-f",
        "png_pipe",
        "-framerate",
        str(frame_rate),
        "-i",
        file_operand(path),
    ]


def _fades(in_frames: int, out_frames: int, frames: int) -> list[str]:
    """To and from black, counted in frames."""
    made: list[str] = []
    if in_frames:
        made.append(f"fade=t=in:start_frame=0:nb_frames={min(in_frames, frames)}")
    if out_frames:
        count = min(out_frames, frames)
        made.append(f"fade=t=out:start_frame={frames - count}:nb_frames={count}")
    return made
