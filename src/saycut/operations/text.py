"""text: words on the picture."""

import re
from typing import Annotated, ClassVar, Literal

import msgspec

from saycut.errors import Impossible
from saycut.operations.base import Facts, NothingToDo, Operation, Outcome
from saycut.operations.looks import NO_PICTURE
from saycut.operations.when import When, moment, span, span_text
from saycut.timeline.clock import Seconds, clock_text, seconds
from saycut.timeline.project import Project, Title, TitlePosition
from saycut.timeline.value import but
from saycut.words import Words

Style = Literal["title", "lower_third"]
USUAL_S = 5.0  # how long a title or a name stays when no time was said
_MOST_CHARACTERS = 500
_HEX = re.compile(r"#[0-9a-fA-F]{6}")
_POSITION_WORDS: dict[TitlePosition, Words] = {
    "top": Words("at the top", "顶部"),
    "center": Words("in the middle", "中央"),
    "bottom": Words("at the bottom", "底部"),
    "top_left": Words("at the top left", "左上角"),
    "top_right": Words("at the top right", "右上角"),
    "bottom_left": Words("at the bottom left", "左下角"),
    "bottom_right": Words("at the bottom right", "右下角"),
    "left": Words("on the left", "左侧"),
    "right": Words("on the right", "右侧"),
}


class Text(Operation, frozen=True, kw_only=True):
    """`text` on the picture from `start` to `end` or for `duration` seconds.

    Where no time is said, a title or a lower third stays 5 s and plain text all the time. `number` (from 1
    on, in the order they came) is that of a text which this one takes the place of.
    """

    name: ClassVar[str] = "text"
    text: str | None = None
    position: TitlePosition | None = None
    start: When = 0
    end: When | None = None
    duration: float | None = None
    color: str = "white"
    style: Style | None = None
    number: Annotated[int, msgspec.Meta(ge=1)] | None = None

    def apply(self, project: Project, facts: Facts, step: str) -> Outcome:
        words = (self.text or "").strip()
        if not words:
            raise NothingToDo(Words("No text to show was said.", "没有说明要显示的文字。"))
        if not project.has_picture:
            raise NothingToDo(NO_PICTURE)
        if len(words) > _MOST_CHARACTERS:
            raise Impossible(
                reason=f"A title holds at most {_MOST_CHARACTERS} characters; this has {len(words)}.",
                reason_zh=f"字幕最多 {_MOST_CHARACTERS} 个字符，现在有 {len(words)} 个。",
            )
        first, last = self._span(project)
        titles, place = project.titles, len(project.titles)
        if self.number is not None:
            place = title_place(project, self.number)
        before = titles[place] if place < len(titles) else Title(by=step, text="", start_s=first, end_s=last)
        title = but(
            before,
            by=step,
            text=words,
            start_s=first,
            end_s=last,
            position=self._position(),
            color=_checked_colour(self.color),
            style=self.style or "title",
        )
        measured = {"start_s": round(float(first), 3), "end_s": round(float(last), 3)}
        shown = (*titles[:place], title, *titles[place + 1 :])
        return Outcome(project=but(project, titles=shown), measured=measured)

    def _span(self, project: Project) -> tuple[Seconds, Seconds]:
        whole_s, grid_hz = project.duration_s, project.grid_hz
        length = self._length()
        if length is None:
            return span(self.start, self.end if self.end is not None else "end", whole_s, grid_hz)
        first = moment(self.start, whole_s, grid_hz)
        last = min(first + max(seconds(length), 1 / grid_hz), whole_s)
        return span(float(first), float(last) if last < whole_s else "end", whole_s, grid_hz)

    def _length(self) -> float | None:
        if self.duration is not None:
            return self.duration
        return USUAL_S if self.style is not None and self.end is None else None

    def _position(self) -> TitlePosition:
        return self.position or ("bottom_left" if self.style == "lower_third" else "center")

    def describe(self) -> Words:
        where, length = _POSITION_WORDS[self._position()], self._length()
        if length is None:
            en, zh = span_text(self.start, self.end if self.end is not None else "end")
            en, zh = en or " all the time", zh or "（全程）"
        else:
            text = clock_text(length)
            begin = "" if self.start == 0 else span_text(self.start, "end")[0].partition(" to ")[0]
            en, zh = f"{begin} for {text}", f"（{text}）"
        colour = "" if self.color == "white" else f" in {self.color}"
        colour_zh = "" if self.color == "white" else f"，{self.color}"
        begin_en = "Show" if self.number is None else f"Instead of text {self.number} show"
        begin_zh = "" if self.number is None else f"将第 {self.number} 段文字改为："
        return Words(
            f"{begin_en} “{self.text or ''}” {where.en}{colour}{en}",
            f"{begin_zh}在{where.zh}显示“{self.text or ''}”{colour_zh}{zh}",
        )


def title_place(project: Project, number: int) -> int:
    """Where the text of that number (from 1 on) stands. Raises Impossible when there is none."""
    count = len(project.titles)
    if 1 <= number <= count:
        return number - 1
    are = "is only one text" if count == 1 else f"are {count or 'no'} texts"
    raise Impossible(
        reason=f"There is no text {number}: there {are} on the picture.",
        reason_zh=f"没有第 {number} 段文字，画面上共有 {count} 段。",
    )


def _checked_colour(color: str) -> str:
    """`color` when it can be drawn. Raises Impossible."""
    from PIL import ImageColor

    name = color.strip().casefold()
    if _HEX.fullmatch(name) or name in ImageColor.colormap:
        return name
    raise Impossible(
        reason=f"“{color}” is no colour I know; say a name such as yellow, or #rrggbb.",
        reason_zh=f"不认识颜色“{color}”；请用 yellow 之类的英文名或 #rrggbb。",
    )
