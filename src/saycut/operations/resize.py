"""resize: the picture in another size."""

from typing import ClassVar

from saycut.operations.base import Facts, NothingToDo, Operation, Outcome
from saycut.operations.canvas import canvas, checked_side, enlarged, largest, short_side
from saycut.operations.looks import NO_PICTURE
from saycut.timeline.project import Project
from saycut.timeline.value import but
from saycut.words import Words


class Resize(Operation, frozen=True, kw_only=True):
    """The result at `resolution` (its short side), or `width` and `height`; one of them keeps the shape."""

    name: ClassVar[str] = "resize"
    resolution: str | None = None
    width: int | None = None
    height: int | None = None

    def apply(self, project: Project, facts: Facts, step: str) -> Outcome:
        if not project.has_picture:
            raise NothingToDo(NO_PICTURE)
        if self.width is None and self.height is None and self.resolution is None:
            raise NothingToDo(Words("No size was said.", "没有说明尺寸。"))
        checked_side(self.width)
        checked_side(self.height)
        output = but(project.output, width=self.width, height=self.height)
        if self.width is None and self.height is None:
            output = but(output, short_side=short_side(str(self.resolution)))
        resized = but(project, output=output)
        wide, high = canvas(resized)
        notes = (*enlarged(resized), *_bars(resized))
        return Outcome(project=resized, measured={"width": wide, "height": high}, notes=notes)

    def describe(self) -> Words:
        if self.width is not None and self.height is not None:
            size = f"{self.width}×{self.height}"
        elif self.width is not None or self.height is not None:
            size = f"{self.width} wide" if self.width is not None else f"{self.height} high"
        else:
            size = f"{self.resolution}"
        size_zh = size.replace(" wide", " 宽").replace(" high", " 高")
        return Words(f"Resize the picture to {size}", f"画面尺寸调整为 {size_zh}")


def _bars(project: Project) -> tuple[Words, ...]:
    """What to say when both sides were given and make another shape (more than two pixels of bars)."""
    (wide, high), (across, over) = largest(project), canvas(project)
    if project.output.fit != "contain" or project.output.width is None or project.output.height is None:
        return ()
    scale = min(across / wide, over / high)
    if across - wide * scale <= 2 and over - high * scale <= 2:
        return ()
    return (
        Words(
            f"{across}×{over} is another shape than the clip's {wide}×{high}: black bars fill it.",
            f"{across}×{over} 与原画面 {wide}×{high} 比例不同：用黑边补齐。",
        ),
    )
