"""merge: clips one after the other, with or without transitions between them."""

from typing import ClassVar

from saycut.operations.base import Facts, NothingToDo, Operation, Outcome
from saycut.operations.clips import ClipName, clip_named, clip_words, clips_of
from saycut.operations.reorder import in_order
from saycut.timeline.project import Project
from saycut.words import Words

IN_A_ROW = Words("The clips already follow each other in that order.", "片段已经按这个顺序相连。")


class Merge(Operation, frozen=True, kw_only=True):
    """All clips, or `clips` next to each other in that order (where the first of them lies), with
    `transition` of `transition_duration` seconds between them."""

    name: ClassVar[str] = "merge"
    clips: list[ClipName] | None = None
    transition: str | None = None
    transition_duration: float | None = None

    def apply(self, project: Project, facts: Facts, step: str) -> Outcome:
        known = clips_of(project)
        if len(known) < 2:
            raise NothingToDo(
                Words("There is only one clip: nothing to join it to.", "只有一个片段，无需合并。")
            )
        named = [] if self.clips is None else [clip_named(project, clip) for clip in self.clips]
        named = list(dict.fromkeys(named))
        rest = [clip for clip in known if clip not in named]
        first = sum(clip.place < min((c.place for c in named), default=1) for clip in rest)
        order = (*rest[:first], *named, *rest[first:])
        outcome = Outcome(project=project, measured={"clips": len(known)}, notes=(IN_A_ROW,))
        if order != known:
            outcome = in_order(project, order)
        if self.transition is None:
            return outcome
        places = [order.index(clip) + 1 for clip in (named or order)][:-1]
        return self._with_transitions(outcome, places, facts, step)

    def _with_transitions(self, outcome: Outcome, places: list[int], facts: Facts, step: str) -> Outcome:
        """A transition after each of the clips at `places`, the last first: places keep their meaning."""
        from saycut.operations.catalogue import build  # the catalogue holds this verb too

        project, notes = outcome.project, [note for note in outcome.notes if note != IN_A_ROW]
        for place in reversed(places):
            args = {"type": self.transition, "duration": self.transition_duration, "clip": place}
            joining = build("transition", {name: value for name, value in args.items() if value is not None})
            joined = joining.apply(project, facts, step)
            project = joined.project
            notes += joined.notes
        measured = {**outcome.measured, "transitions": len(places)}
        return Outcome(project=project, measured=measured, notes=tuple(dict.fromkeys(notes)))

    def describe(self) -> Words:
        named = [clip_words(clip) for clip in self.clips or ()]
        what = ", ".join(words.en.removeprefix(" of ") for words in named) or "all clips in order"
        what_zh = "、".join(words.zh for words in named) or "所有片段"
        between = f" with a {self.transition} between them" if self.transition else ""
        between_zh = f"，中间用{self.transition}转场" if self.transition else ""
        return Words(f"Join {what}{between}", f"合并{what_zh}{between_zh}")
