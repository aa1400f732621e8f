"""Encode a picture plan. The graph travels in a file: it may be long, and a file is no command line."""

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from saycut.errors import EngineFailed, Unreadable
from saycut.media.encoders import Hardware
from saycut.media.ffmpeg import ENCODE_LIMITS, execute, file_operand, head
from saycut.media.info import Source
from saycut.media.picture import PicturePlan, PictureRun, StillRun
from saycut.media.picture_builder import Graph, Still
from saycut.media.picture_codecs import Encoding, checked, codec_args, muxer_args
from saycut.media.picture_graph import filter_graph
from saycut.media.picture_parts import Part, join_argv, parts_of
from saycut.media.refusals import DAMAGED, unreadable
from saycut.media.stills import prepare
from saycut.watch import Watch

OnFraction = Callable[[float], None]

# What the pinned ffmpeg says when decoding gave nothing to encode, or gave up.
_CHIP_LIMITS = msgspec.structs.replace(ENCODE_LIMITS, memory_bytes=None)  # drivers map terabytes of addresses
_NO_PICTURES = ("received no packets", "Invalid data found", "matches no streams", "[dec:")


def encode_picture(
    plan: PicturePlan,
    out: Path,
    *,
    work: Path,
    stage: str = "encode",
    still: bool = False,
    watch: Watch | None = None,
) -> None:
    """Encode `plan` into `out`: exactly `plan.frames` frames, no sound; .mp4/.mov/.mkv H.264 High, .webm VP9.

    `work` is a private folder for the filter graph and prepared images, which are removed again.
    `still` suits pictures that hardly move. A plan that opens many inputs is encoded in parts, which are
    joined by copying. Raises as `ffmpeg.execute`, Usage for a plan without frames, Unreadable when a source
    gives no pictures after all.
    """
    checked(out.suffix.lower())
    with tempfile.TemporaryDirectory(prefix="picture-", dir=work) as private:
        folder = Path(private)
        prepared: dict[Path, Still] = {}

        def still_of(image: Source) -> Still:
            if image.path not in prepared:
                prepared[image.path] = prepare(image, folder, watch)
            return prepared[image.path]

        def encode(part: PicturePlan, target: Path, on_fraction: OnFraction | None) -> None:
            encoding = _encoding(part, still)
            graph = filter_graph(part, still_of)
            vp9 = out.suffix.lower() == ".webm"
            try:
                encode_graph(
                    graph,
                    encoding,
                    target,
                    folder,
                    stage=stage,
                    watch=watch,
                    vp9=vp9,
                    on_fraction=on_fraction,
                )
            except EngineFailed as failure:
                raise _of_a_damaged_source(part, failure) or failure from failure

        parts = parts_of(plan)
        if len(parts) == 1:
            encode(plan, out, None)
            return
        made: list[Part] = []
        for number, part in enumerate(parts):
            # Whatever the result is, a part is an MP4: Matroska keeps only milliseconds.
            made.append(Part(folder / f"part{number}.mp4", part.frames))
            encode(part, made[-1].path, _share(watch, stage, sum(p.frames for p in made[:-1]), part, plan))
        join_parts(made, plan, out, work=folder, watch=watch)


def _encoding(plan: PicturePlan, still: bool) -> Encoding:
    return Encoding(
        plan.frames,
        plan.frame_rate,
        plan.crf,
        plan.preset,
        still,
        plan.bitrate_kbps,
        plan.key_frames,
        plan.parameter_set_id,
        plan.is_untagged,
        plan.encoder,
    )


def _of_a_damaged_source(plan: PicturePlan, failure: EngineFailed) -> Unreadable | None:
    """The refusal of a file whose head promised pictures that are not there."""
    if not any(sign in failure.sentence("en") for sign in _NO_PICTURES):
        return None
    sources = [run.source for run in plan.runs if isinstance(run, PictureRun | StillRun)]
    return unreadable(sources[0].path, DAMAGED) if sources else None


def _share(
    watch: Watch | None, stage: str, before: int, part: PicturePlan, plan: PicturePlan
) -> OnFraction | None:
    if watch is None:
        return None
    return lambda fraction: watch.report(stage, (before + fraction * part.frames) / plan.frames)


def join_parts(
    parts: Sequence[Part], plan: PicturePlan, out: Path, *, work: Path, watch: Watch | None = None
) -> None:
    """`out` from the encoded parts of `plan`, by copying. Raises as `ffmpeg.execute`."""
    script = work / "parts.txt"
    argv = join_argv(parts, plan.frame_rate, script, out, muxer_args(out.suffix.lower()))
    execute(argv, stage="join", watch=watch, reads=[script, *(part.path for part in parts)], writes=[out])


def encode_graph(
    graph: Graph,
    encoding: Encoding,
    out: Path,
    folder: Path,
    *,
    stage: str = "encode",
    watch: Watch | None = None,
    vp9: bool = False,
    on_fraction: OnFraction | None = None,
) -> None:
    """Encode the pictures that `graph` gives at its label `v`. `folder` gets a file with the graph's text."""
    chip = None if vp9 or out.suffix.lower() == ".webm" else encoding.hardware
    graph_file = folder / "graph.txt"
    graph_file.write_text(graph.text if chip is None else _for_chip(graph.text, chip), "utf-8")
    execute(
        encode_argv(graph, encoding, graph_file, out, vp9=vp9),
        expected_s=encoding.frames / encoding.frame_rate,
        stage=stage,
        watch=watch,
        reads=[*graph.reads, graph_file],
        writes=[out],
        on_fraction=on_fraction,
        limits=ENCODE_LIMITS if chip is None else _CHIP_LIMITS,
        devices=chip is not None,
    )


def _for_chip(text: str, chip: Hardware) -> str:
    return text.removesuffix("[v]\n") + chip.filters + "[v]\n"


def encode_argv(
    graph: Graph, encoding: Encoding, graph_file: Path, out: Path, *, vp9: bool = False
) -> list[str]:
    """The argv of `encode_graph`; its shape depends on nothing that a file or a person says."""
    suffix = out.suffix.lower()
    chip = None if vp9 or suffix == ".webm" else encoding.hardware
    return [
        *(*head(), *(chip.inputs if chip is not None else ()), "-copyts", *graph.inputs),
        *("-/filter_complex", str(graph_file.absolute()), "-map", "[v]", "-an", "-sn", "-dn"),
        *("-fps_mode", "passthrough", "-enc_time_base", str(1 / encoding.frame_rate)),
        *("-frames:v", str(encoding.frames)),
        *codec_args(encoding, suffix, vp9),
        *("-map_metadata", "-1", "-map_chapters", "-1", *muxer_args(suffix), file_operand(out)),
    ]
