"""crop: edges of the picture taken off, or a size out of its middle kept."""

from fractions import Fraction
from typing import Annotated, ClassVar, Literal

import msgspec

from saycut.errors import Impossible
from saycut.operations.base import Facts, NothingToDo, Operation, Outcome
from saycut.operations.clips import ClipName, clip_words
from saycut.operations.looks import cropped, shown_size, with_look
from saycut.timeline.clock import seconds as exact
from saycut.timeline.project import Look, Project, Segment
from saycut.words import Words

Edge = Literal["left", "right", "top", "bottom"]
EDGES: tuple[Edge, ...] = ("left", "right", "top", "bottom")
USUAL_PERCENT = 10.0
_LEAST_LEFT = Fraction(5, 100)
_EDGE_WORDS = {"left": "左", "right": "右", "top": "上", "bottom": "下"}

Pixels = Annotated[int, msgspec.Meta(ge=2, le=8192)]


class Crop(Operation, frozen=True, kw_only=True):
    """`percent` of the side taken off each of `edges` (all four where none is named), or `width` x `height`
    pixels out of the middle kept."""

    name: ClassVar[str] = "crop"
    edges: list[Edge] | None = None
    percent: float | None = None
    width: Pixels | None = None
    height: Pixels | None = None
    clip: ClipName | None = None

    def apply(self, project: Project, facts: Facts, step: str) -> Outcome:
        if self.width is not None or self.height is not None:
            return self._middle(project)
        share = exact(self._percent()) / 100
        edges = self.edges or list(EDGES)
        left, right = (share if edge in edges else Fraction(0) for edge in ("left", "right"))
        top, bottom = (share if edge in edges else Fraction(0) for edge in ("top", "bottom"))
        if share <= 0 or min(1 - left - right, 1 - top - bottom) < _LEAST_LEFT:
            raise Impossible(
                reason=f"Cropping {self._percent():g} % off leaves no picture; say less.",
                reason_zh=f"裁掉 {self._percent():g}% 后没有画面了，请减小数值。",
            )
        rect = (left, top, 1 - right, 1 - bottom)
        return Outcome(project=with_look(project, self.clip, lambda s: cropped(s.look, rect)))

    def _middle(self, project: Project) -> Outcome:
        changes = 0

        def middle(segment: Segment) -> Look:
            nonlocal changes
            wide, high = shown_size(project, segment)
            kept_x = min(Fraction(self.width or wide, wide), Fraction(1))
            kept_y = min(Fraction(self.height or high, high), Fraction(1))
            changes += kept_x != 1 or kept_y != 1
            left, top = (1 - kept_x) / 2, (1 - kept_y) / 2
            return cropped(segment.look, (left, top, left + kept_x, top + kept_y))

        kept = with_look(project, self.clip, middle)
        if not changes:
            raise NothingToDo(
                Words(
                    "The picture is not larger than that: nothing to crop.", "画面没有超过该尺寸，无需裁剪。"
                )
            )
        return Outcome(project=kept)

    def _percent(self) -> float:
        return USUAL_PERCENT if self.percent is None else self.percent

    def describe(self) -> Words:
        where = clip_words(self.clip)
        if self.width is not None or self.height is not None:
            size = f"{self.width or '…'}×{self.height or '…'}"
            return Words(f"Keep the middle {size}{where.en}", f"{where.zh}保留画面中央 {size}")
        edges = self.edges or list(EDGES)
        return Words(
            f"Crop {self._percent():g} % off the {' and '.join(edges)}{where.en}",
            f"{where.zh}画面{''.join(_EDGE_WORDS[edge] for edge in edges)}各裁掉 {self._percent():g}%",
        )
