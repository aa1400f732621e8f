"""reorder: the clips in another order."""

from typing import ClassVar, Literal

from saycut.errors import Impossible
from saycut.operations.base import Facts, NothingToDo, Operation, Outcome
from saycut.operations.clips import Clip, ClipName, clip_named, clip_words, clips_of
from saycut.timeline.project import Project
from saycut.timeline.ripple import rearranged
from saycut.words import Words

ONE_CLIP = Words("There is only one clip: nothing to put into another order.", "只有一个片段，无法调整顺序。")


class Reorder(Operation, frozen=True, kw_only=True):
    """`clip` moved to `position` (1 first, -1 last) or `before` or `after` another, two clips swapped
    (`swap`), or all of them the other way round (`order`)."""

    name: ClassVar[str] = "reorder"
    clip: ClipName | None = None
    position: int | None = None
    before: ClipName | None = None
    after: ClipName | None = None
    swap: tuple[ClipName, ClipName] | None = None
    order: Literal["reversed"] | None = None

    def apply(self, project: Project, facts: Facts, step: str) -> Outcome:
        clips = clips_of(project)
        if len(clips) < 2:
            raise NothingToDo(ONE_CLIP)
        order = self._order(project, clips)
        if order == clips:
            raise NothingToDo(Words("The clips are in that order already.", "片段已经是这个顺序。"))
        return in_order(project, order)

    def _order(self, project: Project, clips: tuple[Clip, ...]) -> tuple[Clip, ...]:
        if self.order == "reversed":
            return clips[::-1]
        if self.swap is not None:
            one, other = (clip_named(project, name) for name in self.swap)
            exchanged = {one: other, other: one}
            return tuple(exchanged.get(clip, clip) for clip in clips)
        moved = clip_named(project, "current" if self.clip is None else self.clip)
        rest = [clip for clip in clips if clip != moved]
        rest.insert(self._place(project, moved, rest), moved)
        return tuple(rest)

    def _place(self, project: Project, moved: Clip, rest: list[Clip]) -> int:
        beside = self.before if self.before is not None else self.after
        if beside is not None:
            anchor = clip_named(project, beside)
            if anchor == moved:
                raise NothingToDo(Words("That is the same clip.", "这是同一个片段。"))
            return rest.index(anchor) + (self.before is None)
        count = len(rest) + 1
        if self.position is None or not 1 <= abs(self.position) <= count:
            raise Impossible(
                reason=f"Say where the clip should go, from 1 to {count}.",
                reason_zh=f"请说明片段的新位置（1 到 {count}）。",
            )
        return self.position - 1 if self.position > 0 else count + self.position

    def describe(self) -> Words:
        if self.order == "reversed":
            return Words("Put the clips in reverse order", "片段顺序倒过来")
        if self.swap is not None:
            (one, one_zh), (other, other_zh) = (_said(name) for name in self.swap)
            return Words(f"Swap {one} and {other}", f"交换{one_zh}和{other_zh}")
        moved, moved_zh = _said("current" if self.clip is None else self.clip)
        if self.before is not None or self.after is not None:
            beside, beside_zh = _said(self.before if self.before is not None else self.after or "current")
            word, word_zh = ("before", "之前") if self.before is not None else ("after", "之后")
            return Words(f"Move {moved} {word} {beside}", f"把{moved_zh}移到{beside_zh}{word_zh}")
        if self.position is None:
            return Words(f"Move {moved}", f"移动{moved_zh}")
        if self.position == -1:
            return Words(f"Move {moved} to the end", f"把{moved_zh}移到最后")
        return Words(f"Move {moved} to place {self.position}", f"把{moved_zh}移到第 {self.position} 位")


def in_order(project: Project, order: tuple[Clip, ...]) -> Outcome:
    """The project with its clips in that order. A transition whose two clips parted goes, and is said."""
    after = rearranged(project, tuple(clip.span for clip in order))
    lost = _transitions(project) - _transitions(after)
    notes = (transitions_gone(lost),) if lost else ()
    return Outcome(project=after, measured={"order": [clip.place for clip in order]}, notes=notes)


def _transitions(project: Project) -> int:
    return sum(s.blend is not None for s in (project.main.segments if project.main is not None else ()))


def transitions_gone(count: int) -> Words:
    """That transitions went with the neighbours they joined."""
    return Words(
        f"{count} transition{'' if count == 1 else 's'} went with the clips that no longer meet.",
        f"{count} 处转场因片段不再相邻而取消。",
    )


def _said(clip: ClipName) -> tuple[str, str]:
    words = clip_words(clip)
    return words.en.removeprefix(" of ") or "the clip", words.zh or "该片段"
