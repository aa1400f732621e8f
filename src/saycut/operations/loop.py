"""loop: the timeline, or one clip, played several times over."""

from typing import ClassVar

from saycut.errors import Impossible
from saycut.operations.base import Facts, NothingToDo, Operation, Outcome
from saycut.operations.clips import ClipName, clip_named, clip_words, clips_of, free_number, renumbered
from saycut.timeline.clock import Seconds
from saycut.timeline.project import Project
from saycut.timeline.ripple import rearranged
from saycut.words import Words

MOST = 100
LONGEST_S = Seconds(12 * 3600)


class Loop(Operation, frozen=True, kw_only=True):
    """Everything, or `clip` alone, `count` times in all; music goes on to the new end."""

    name: ClassVar[str] = "loop"
    count: int = 2
    clip: ClipName | None = None

    def apply(self, project: Project, facts: Facts, step: str) -> Outcome:
        start_s, end_s = (Seconds(0), project.duration_s)
        if self.clip is not None:
            start_s, end_s = clip_named(project, self.clip).span
        length_s = end_s - start_s
        if self.count == 1:
            raise NothingToDo(Words("Once is how often it plays already.", "本来就播放一次。"))
        if not 2 <= self.count <= MOST or project.duration_s + length_s * (self.count - 1) > LONGEST_S:
            raise Impossible(
                reason=f"{self.count} times is outside what can be made (2 to {MOST}, at most 12 hours).",
                reason_zh=f"{self.count} 次超出范围（2 到 {MOST} 次，总长不超过 12 小时）。",
            )
        before, after = (Seconds(0), start_s), (end_s, project.duration_s)
        order = [span for span in (before, *[(start_s, end_s)] * self.count, after) if span[0] < span[1]]
        looped = _renumbered_rounds(rearranged(project, tuple(order)), project, start_s, end_s, self.count)
        return Outcome(
            project=looped, measured={"times": self.count, "added_s": float(length_s * (self.count - 1))}
        )

    def describe(self) -> Words:
        clip = clip_words(self.clip)
        what, zh = (
            (clip.en.removeprefix(" of "), clip.zh) if self.clip is not None else ("everything", "全部内容")
        )
        return Words(
            f"Play {what or 'the clip'} {self.count} times over", f"{zh or '片段'}重复播放 {self.count} 次"
        )


def _renumbered_rounds(
    looped: Project, before: Project, start_s: Seconds, end_s: Seconds, count: int
) -> Project:
    """Every round but the first with clip numbers of its own, so that each can be named."""
    clips = [clip for clip in clips_of(before) if clip.start_s < end_s and clip.end_s > start_s]
    for times in range(1, count):
        moved_s = (end_s - start_s) * times
        for clip in clips:
            looped = renumbered(looped, clip.start_s + moved_s, clip.end_s + moved_s, free_number(looped))
    return looped
