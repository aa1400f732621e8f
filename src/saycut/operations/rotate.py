"""rotate, flip: the picture turned by quarter turns, or mirrored."""

from typing import ClassVar, Literal

from saycut.errors import Impossible
from saycut.operations.base import Facts, NothingToDo, Operation, Outcome
from saycut.operations.clips import ClipName, clip_words
from saycut.operations.looks import flipped, turned, with_look
from saycut.timeline.project import Project
from saycut.words import Words


class Rotate(Operation, frozen=True, kw_only=True):
    """The picture turned clockwise by `degrees` (90, 180, 270; negative: the other way)."""

    name: ClassVar[str] = "rotate"
    degrees: float = 90
    clip: ClipName | None = None

    def apply(self, project: Project, facts: Facts, step: str) -> Outcome:
        turn = self.degrees % 360
        if turn % 90:
            raise Impossible(
                reason=f"Only turns by 90, 180 or 270 degrees are done here, not by {self.degrees:g}.",
                reason_zh=f"只支持旋转 90、180 或 270 度，不支持 {self.degrees:g} 度。",
            )
        if turn == 0:
            raise NothingToDo(Words("A full turn changes nothing.", "旋转一整圈没有变化。"))
        return Outcome(project=with_look(project, self.clip, lambda s: turned(s.look, int(turn))))

    def describe(self) -> Words:
        turn, where = self.degrees % 360, clip_words(self.clip)
        if turn == 270:
            return Words(f"Turn the picture{where.en} 90° to the left", f"{where.zh}画面逆时针旋转 90 度")
        return Words(
            f"Turn the picture{where.en} {turn:g}°{' to the right' if turn == 90 else ''}",
            f"{where.zh}画面顺时针旋转 {turn:g} 度",
        )


class Flip(Operation, frozen=True, kw_only=True):
    """The picture mirrored: left and right changed (`horizontal`), or turned upside down (`vertical`)."""

    name: ClassVar[str] = "flip"
    direction: Literal["horizontal", "vertical", "both"] = "horizontal"
    clip: ClipName | None = None

    def apply(self, project: Project, facts: Facts, step: str) -> Outcome:
        across, over = self.direction != "vertical", self.direction != "horizontal"
        mirrored = with_look(project, self.clip, lambda s: flipped(s.look, horizontal=across, vertical=over))
        return Outcome(project=mirrored)

    def describe(self) -> Words:
        where = clip_words(self.clip)
        how = {
            "horizontal": Words("left to right", "左右镜像"),
            "vertical": Words("upside down", "上下翻转"),
            "both": Words("both ways", "上下左右翻转"),
        }[self.direction]
        return Words(f"Flip the picture{where.en} {how.en}", f"{where.zh}画面{how.zh}")
