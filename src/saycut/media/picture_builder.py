"""The parts that a picture's filter graph is put together from: inputs, chains, labels."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import msgspec

from saycut.media.ffmpeg import file_operand
from saycut.media.picture import PicturePlan

FOREVER = "tpad=stop=-1:stop_mode=clone"


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


class Builder:
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


def concat(builder: Builder, parts: Sequence[str]) -> str:
    end = builder.label()
    builder.chains.append("".join(parts) + f"concat=n={len(parts)}:v=1:a=0{end}")
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


def fades(in_frames: int, out_frames: int, frames: int, before: int = 0, after: int = 0) -> list[str]:
    """To and from black, counted in frames, for a part of something that goes on `before` and `after` it.

    Frame n is shown at (n + before) / in_frames of its light, and likewise towards the end.
    """
    made: list[str] = []
    whole = before + frames + after
    if before < in_frames:
        made += _moved(before, f"fade=t=in:start_frame=0:nb_frames={min(in_frames, whole)}")
    count = min(out_frames, whole)
    first = whole - count - before
    if count and first < frames:
        made += _moved(max(-first, 0), f"fade=t=out:start_frame={max(first, 0)}:nb_frames={count}")
    return made


def _moved(skipped: int, fade: str) -> list[str]:
    """`fade` as it is `skipped` frames after its beginning: the first frame stands in for those before it."""
    if not skipped:
        return [fade]
    return [f"tpad=start={skipped}:start_mode=clone", fade, f"trim=start_frame={skipped}", "setpts=N"]
