"""The plan of an encoded picture: runs of kept frames on integer grids, one after the other.

Every run is first laid on the plan's constant grid by presentation time: grid frame n shows what
the source shows at n / frame_rate (after `speed`), n = 0 at the source's first shown picture.
`spans` are half-open ranges of grid frames, ascending and disjoint.
"""

from fractions import Fraction
from pathlib import Path
from typing import Literal

import msgspec

from saycut.media.info import Source

Fit = Literal["contain", "cover", "blur"]
"""How a picture meets a canvas of another shape: black bars, cropped, or bars of its blurred self."""


class PictureRun(msgspec.Struct, frozen=True):
    """Kept spans of one source's main picture. Frames beyond the source's end repeat its last."""

    source: Source
    spans: tuple[tuple[int, int], ...]
    fit: Fit = "contain"
    speed: Fraction = Fraction(1)
    fade_in_frames: int = 0
    fade_out_frames: int = 0


class StillRun(msgspec.Struct, frozen=True):
    """An image shown for `frames` frames; an animation repeats."""

    source: Source
    frames: int
    fit: Fit = "contain"
    fade_in_frames: int = 0
    fade_out_frames: int = 0


class BlankRun(msgspec.Struct, frozen=True):
    """A plain colour for `frames` frames; `color` is 0xRRGGBB."""

    frames: int
    color: int = 0
    fade_in_frames: int = 0
    fade_out_frames: int = 0


Run = PictureRun | StillRun | BlankRun


class Overlay(msgspec.Struct, frozen=True):
    """An RGBA PNG of ours laid over output frames [first_frame, end_frame) at (x, y), faded at both ends."""

    image: Path
    x: int
    y: int
    first_frame: int
    end_frame: int
    fade_frames: int = 0


class PicturePlan(msgspec.Struct, frozen=True):
    """What to encode. Sizes are even; `crf` and `preset` are libx264's (libvpx-vp9 for .webm: crf + 11)."""

    runs: tuple[Run, ...]
    width: int
    height: int
    frame_rate: Fraction
    overlays: tuple[Overlay, ...] = ()
    fade_in_frames: int = 0
    fade_out_frames: int = 0
    crf: int = 20
    preset: str = "veryfast"

    @property
    def frames(self) -> int:
        """Exactly this many frames come out."""
        return sum(run_frames(run) for run in self.runs)

    @property
    def duration_s(self) -> Fraction:
        return self.frames / self.frame_rate


def run_frames(run: Run) -> int:
    """Frames that `run` contributes."""
    if isinstance(run, PictureRun):
        return sum(end - first for first, end in run.spans)
    return run.frames


def canvas_size(display_width: int, display_height: int, short_side: int = 1080) -> tuple[int, int]:
    """The even size of an output canvas for a picture, its short side at most `short_side`.

    Smaller pictures keep their size; an odd side loses one pixel (at least 2 remain).
    """
    scale = min(Fraction(1), Fraction(short_side, min(display_width, display_height)))
    width, height = (max(2 * round(side * scale / 2), 2) for side in (display_width, display_height))
    if scale == 1:
        width, height = max(display_width - display_width % 2, 2), max(display_height - display_height % 2, 2)
    return width, height
