"""The plan of an encoded picture: runs of kept frames on integer grids, one after the other.

Every run is first laid on the plan's constant grid by presentation time: grid frame n shows what
the source shows at n / frame_rate (after `speed`), n = 0 at the source's first shown picture.
`spans` are half-open ranges of grid frames, ascending and disjoint.
"""

from fractions import Fraction
from pathlib import Path
from typing import Literal

import msgspec

from saycut.media.encoders import Encoder
from saycut.media.info import Source

Fit = Literal["contain", "cover", "blur"]
"""How a picture meets a canvas of another shape: black bars, cropped, or bars of its blurred self."""


class View(msgspec.Struct, frozen=True):
    """What of an upright picture is shown: a crop in shares of it, then flips, then a turn (degrees
    clockwise, a multiple of 90)."""

    left: Fraction = Fraction(0)
    top: Fraction = Fraction(0)
    right: Fraction = Fraction(1)
    bottom: Fraction = Fraction(1)
    flip_horizontal: bool = False
    flip_vertical: bool = False
    turn_deg: int = 0

    def size(self, width: int, height: int) -> tuple[int, int]:
        """What is shown of an upright picture of that size, in its pixels (at least 2 a side)."""
        wide = max(round(width * (self.right - self.left)), 2)
        high = max(round(height * (self.bottom - self.top)), 2)
        return (high, wide) if self.turn_deg % 180 else (wide, high)


class PictureRun(msgspec.Struct, frozen=True):
    """Kept spans of one source's main picture. Frames beyond the source's end repeat its last.

    Grid frame n shows what the source shows at `zero_s` + n / frame_rate * speed. `reverse` shows the
    kept frames last to first.
    """

    source: Source
    spans: tuple[tuple[int, int], ...]
    fit: Fit = "contain"
    speed: Fraction = Fraction(1)
    fade_in_frames: int = 0
    fade_out_frames: int = 0
    zero_s: Fraction = Fraction(0)
    reverse: bool = False
    view: View = View()
    frames_before: int = 0  # of the run that this is a part of: its fades go on over all parts
    frames_after: int = 0


class StillRun(msgspec.Struct, frozen=True):
    """An image shown for `frames` frames; an animation repeats."""

    source: Source
    frames: int
    fit: Fit = "contain"
    fade_in_frames: int = 0
    fade_out_frames: int = 0
    view: View = View()


class BlankRun(msgspec.Struct, frozen=True):
    """A plain colour for `frames` frames; `color` is 0xRRGGBB."""

    frames: int
    color: int = 0
    fade_in_frames: int = 0
    fade_out_frames: int = 0


Blend = Literal["dissolve", "black", "white", "wipe_left", "wipe_right", "slide_left", "slide_right", "zoom"]


class BlendRun(msgspec.Struct, frozen=True):
    """`before` goes over into `after`; both last exactly `frames`. The first frame is all `before`."""

    before: "PictureRun | StillRun"
    after: "PictureRun | StillRun"
    kind: Blend
    frames: int


Run = PictureRun | StillRun | BlankRun | BlendRun


class Overlay(msgspec.Struct, frozen=True):
    """An RGBA PNG of ours laid over output frames [first_frame, end_frame) at (x, y), faded at both ends."""

    image: Path
    x: int
    y: int
    first_frame: int
    end_frame: int
    fade_frames: int = 0
    began_before: bool = False  # the part of one that is already there, or stays, in the next part of a plan
    goes_on: bool = False


class PicturePlan(msgspec.Struct, frozen=True):
    """What to encode. Sizes are even; `crf` and `preset` are libx264's (libvpx-vp9 for .webm: crf + 11).

    `key_frames` are frames that decoding can begin with, besides the regular ones. `parameter_set_id` sets
    a picture apart from one it is spliced with (`splicing.py`); `is_untagged` leaves its colours as unsaid
    as those of the other. `encoder` is for H.264 without a limit of size.
    """

    runs: tuple[Run, ...]
    width: int
    height: int
    frame_rate: Fraction
    overlays: tuple[Overlay, ...] = ()
    fade_in_frames: int = 0
    fade_out_frames: int = 0
    crf: int = 20
    preset: str = "veryfast"
    bitrate_kbps: int | None = None  # the most it may take
    frames_before: int = 0  # of the plan that this is a part of
    frames_after: int = 0
    key_frames: tuple[int, ...] = ()
    parameter_set_id: int = 0
    is_untagged: bool = False
    encoder: Encoder = "x264"

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
