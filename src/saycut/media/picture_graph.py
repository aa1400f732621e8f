"""A picture plan as ffmpeg inputs and a filter graph. Text only: nothing here runs or touches a file."""

from collections.abc import Callable

from saycut.errors import Usage
from saycut.media.colour import TAGS
from saycut.media.info import Source
from saycut.media.picture import Overlay, PicturePlan
from saycut.media.picture_builder import FOREVER, Builder, Graph, Still, concat, fades, png_input
from saycut.media.picture_runs import run_labels

# Images of ours that lie over a picture. The matrix has to be named: left to itself, ffmpeg takes that of SD.
OVERLAID = "format=rgba,scale=flags=accurate_rnd:out_color_matrix=bt709:out_range=tv,format=yuva420p"


def filter_graph(plan: PicturePlan, stills: Callable[[Source], Still]) -> Graph:
    """`plan` for ffmpeg; `stills` gives the prepared form of an image. Raises Usage for an empty plan."""
    builder = Builder(plan)
    parts: list[str] = []
    for run in plan.runs:
        parts += run_labels(builder, run, stills)
    if not parts:
        raise Usage(reason="there is no picture to encode")
    joined = parts[0] if len(parts) == 1 else concat(builder, parts)
    # One clock for all that follows; and whatever a damaged source fell short of is made up here.
    base = 1 / plan.frame_rate
    whole = builder.chain(joined, f"settb={base}", "setpts=N", FOREVER, f"trim=end_frame={plan.frames}")
    for overlay in plan.overlays:
        whole = _overlaid(builder, whole, overlay)
    faded = fades(
        plan.fade_in_frames, plan.fade_out_frames, plan.frames, plan.frames_before, plan.frames_after
    )
    builder.chains.append(whole + ",".join([*faded, "format=yuv420p", TAGS]) + "[v]")
    return Graph(tuple(builder.inputs), ";\n".join(builder.chains) + "\n", tuple(builder.reads))


def _overlaid(builder: Builder, below: str, overlay: Overlay) -> str:
    """The image has its own clock that starts at its first frame; outside of its range nothing is blended."""
    count = overlay.end_frame - overlay.first_frame
    if count <= 0:
        return below
    number = builder.add_input(png_input(overlay.image, builder.plan.frame_rate), overlay.image)
    soft: list[str] = []
    fade = min(overlay.fade_frames, count // 2)
    if fade and not overlay.began_before:
        soft.append(f"fade=t=in:start_frame=0:nb_frames={fade}:alpha=1")
    if fade and not overlay.goes_on:
        soft.append(f"fade=t=out:start_frame={count - fade}:nb_frames={fade}:alpha=1")
    above = builder.chain(
        f"[{number}:v:0]",
        OVERLAID,
        "loop=loop=-1:size=1:start=0",
        f"settb={1 / builder.plan.frame_rate}",
        "setpts=N",
        f"trim=end_frame={count}",
        *soft,
        f"setpts=N+{overlay.first_frame}",
    )
    end = builder.label()
    builder.chains.append(
        f"{below}{above}overlay=x={overlay.x}:y={overlay.y}:format=auto:eof_action=pass:repeatlast=0{end}"
    )
    return end
