"""reframe: the picture in another shape."""

from fractions import Fraction
from typing import ClassVar, Literal

from saycut.errors import Impossible
from saycut.operations.base import Facts, NothingToDo, Operation, Outcome
from saycut.operations.canvas import canvas, checked_side, largest
from saycut.operations.looks import NO_PICTURE
from saycut.timeline.project import Fit, Project
from saycut.timeline.value import but
from saycut.words import Words

Mode = Literal["crop", "pad", "blur"]

# What each platform shows full screen.
PLATFORM_ASPECTS = {
    "youtube": "16:9",
    "youtube_shorts": "9:16",
    "tiktok": "9:16",
    "douyin": "9:16",
    "instagram": "4:5",
    "instagram_reels": "9:16",
    "x": "16:9",
    "facebook": "1:1",
    "bilibili": "16:9",
    "xiaohongshu": "9:16",
}
_FITS: dict[Mode, Fit] = {"crop": "cover", "pad": "contain", "blur": "blur"}
_TOLD: dict[Mode, Words] = {
    "crop": Words("cropped in the middle", "居中裁剪"),
    "pad": Words("with black bars", "补黑边"),
    "blur": Words("over its blurred self", "模糊背景填充"),
}


class Reframe(Operation, frozen=True, kw_only=True):
    """The picture in the shape `aspect` (or `platform`'s, or `width` x `height`).

    Without a `mode`, a wide picture is cropped in the middle to become a narrower one; a narrow one that
    becomes wider lies over its blurred self, because cropping would cut heads off.
    """

    name: ClassVar[str] = "reframe"
    aspect: str | None = None
    mode: Mode | None = None
    platform: str | None = None
    width: int | None = None
    height: int | None = None

    def apply(self, project: Project, facts: Facts, step: str) -> Outcome:
        if not project.has_picture:
            raise NothingToDo(NO_PICTURE)
        checked_side(self.width)
        checked_side(self.height)
        shape = self._shape()
        wide, high = largest(project)
        mode: Mode = self.mode or ("crop" if shape < Fraction(wide, high) else "blur")
        output = but(project.output, aspect=shape, width=self.width, height=self.height, fit=_FITS[mode])
        reframed = but(project, output=output)
        across, over = canvas(reframed)
        measured = {"width": across, "height": over, "mode": mode}
        return Outcome(project=reframed, measured=measured)

    def _shape(self) -> Fraction:
        if self.aspect is None and self.width is not None and self.height is not None:
            return Fraction(self.width, self.height)
        said = self._aspect()
        wide, colon, high = said.replace("：", ":").replace("x", ":").partition(":")
        try:
            shape = _side(wide) / _side(high) if colon else _side(wide)
        except (ValueError, ZeroDivisionError):
            shape = Fraction(0)
        if not Fraction(1, 4) <= shape <= 4:
            raise Impossible(
                reason=f"“{said}” is not a shape; say for example 9:16, 1:1 or 16:9.",
                reason_zh=f"“{said}”不是画面比例；例如 9:16、1:1 或 16:9。",
            )
        return shape

    def _aspect(self) -> str:
        return self.aspect or PLATFORM_ASPECTS.get(self.platform or "", "9:16")

    def describe(self) -> Words:
        shape = self._aspect()
        if self.aspect is None and self.width is not None and self.height is not None:
            shape = f"{self.width}×{self.height}"
        how = _TOLD[self.mode] if self.mode is not None else None
        if how is None:
            how = Words(
                "cropped in the middle, or over its blurred self where it gets wider",
                "居中裁剪，变宽时模糊填充",
            )
        return Words(f"Reframe to {shape}, {how.en}", f"画面改为 {shape}（{how.zh}）")


_LONGEST_SIDE = 20  # as it is written


def _side(text: str) -> Fraction:
    """Raises ValueError for what is no plain number: the exact value of "1e999999999" would never be worked
    out."""
    if "e" in text.lower() or len(text) > _LONGEST_SIDE:
        raise ValueError(text)
    return Fraction(text)
