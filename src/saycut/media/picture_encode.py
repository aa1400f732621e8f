"""Encode a picture plan. The graph travels in a file: it may be long, and a file is no command line."""

import tempfile
from fractions import Fraction
from pathlib import Path

import msgspec

from saycut.errors import Usage
from saycut.media.ffmpeg import execute, file_operand, head
from saycut.media.info import Source
from saycut.media.picture import PicturePlan
from saycut.media.picture_graph import Graph, Still, filter_graph
from saycut.media.stills import prepare
from saycut.watch import Watch

_KEY_FRAME_S = 2  # what platforms ask for; also how finely a player can seek
_STILL_KEY_FRAME_S = 10  # in pictures that hardly move, key frames are nearly all of the file
# Where nearly every block is skipped, searching for better ones only costs time: 170 frames of 1080p per CPU
# second against 75 with veryfast, for 0.4 Mb/s.
_STILL_PRESET = ("-preset", "ultrafast", "-tune", "stillimage", "-x264-params", "cabac=1:8x8dct=1")
_VP9_CRF_OFFSET = 11
_SUFFIXES = (".mp4", ".mov", ".mkv", ".webm")


class Encoding(msgspec.Struct, frozen=True):
    """How the frames of a graph become a file. `still` suits pictures that hardly move."""

    frames: int
    frame_rate: Fraction
    crf: int = 20
    preset: str = "veryfast"
    still: bool = False


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
    `still` suits pictures that hardly move. Raises as `ffmpeg.execute`, Usage for a plan without frames.
    """
    with tempfile.TemporaryDirectory(prefix="picture-", dir=work) as private:
        folder = Path(private)
        prepared: dict[Path, Still] = {}

        def still_of(image: Source) -> Still:
            if image.path not in prepared:
                prepared[image.path] = prepare(image, folder, watch)
            return prepared[image.path]

        encoding = Encoding(plan.frames, plan.frame_rate, plan.crf, plan.preset, still)
        encode_graph(filter_graph(plan, still_of), encoding, out, folder, stage=stage, watch=watch)


def encode_graph(
    graph: Graph,
    encoding: Encoding,
    out: Path,
    folder: Path,
    *,
    stage: str = "encode",
    watch: Watch | None = None,
) -> None:
    """Encode the pictures that `graph` gives at its label `v`. `folder` gets a file with the graph's text."""
    graph_file = folder / "graph.txt"
    graph_file.write_text(graph.text, "utf-8")
    execute(
        encode_argv(graph, encoding, graph_file, out),
        expected_s=encoding.frames / encoding.frame_rate,
        stage=stage,
        watch=watch,
        reads=[*graph.reads, graph_file],
        writes=[out],
    )


def encode_argv(graph: Graph, encoding: Encoding, graph_file: Path, out: Path) -> list[str]:
    """The argv of `encode_graph`; its shape depends on nothing that a file or a person says."""
    return [
        *(*head(), "-copyts", *graph.inputs),
        *("-/filter_complex", str(graph_file.absolute()), "-map", "[v]", "-an", "-sn", "-dn"),
        *("-fps_mode", "passthrough", "-enc_time_base", str(1 / encoding.frame_rate)),
        *("-frames:v", str(encoding.frames)),
        *_codec_args(encoding, out.suffix.lower()),
        *("-map_metadata", "-1", "-map_chapters", "-1", file_operand(out)),
    ]


def _codec_args(encoding: Encoding, suffix: str) -> list[str]:
    if suffix not in _SUFFIXES:
        raise Usage(reason=f"{suffix or 'no suffix'} is not one of {', '.join(_SUFFIXES)}")
    key_frame_s = _STILL_KEY_FRAME_S if encoding.still else _KEY_FRAME_S
    key_frame = str(max(round(key_frame_s * encoding.frame_rate), 1))
    if suffix == ".webm":
        quality = [
            "-crf",
            str(encoding.crf + _VP9_CRF_OFFSET),
            "-b:v",
            "0",
            "-deadline",
            "good",
            "-cpu-used",
            "5",
        ]
        return ["-c:v", "libvpx-vp9", *quality, "-row-mt", "1", "-g", key_frame, "-f", "webm"]
    preset = _STILL_PRESET if encoding.still else ("-preset", encoding.preset)
    x264 = ["-c:v", "libx264", *preset, "-crf", str(encoding.crf), "-profile:v", "high", "-g", key_frame]
    if suffix == ".mkv":
        return [*x264, "-f", "matroska"]
    return [*x264, "-movflags", "+faststart", "-movie_timescale", "48000", "-f", suffix.removeprefix(".")]
