"""reverse: played backwards, sound and picture."""

from typing import ClassVar

from saycut.errors import Impossible
from saycut.operations.base import Facts, Operation, Outcome
from saycut.operations.clips import ClipName, clip_named, clip_words
from saycut.timeline.backwards import turned_round
from saycut.timeline.clock import Seconds
from saycut.timeline.project import Project, Segment
from saycut.words import Words


class Reverse(Operation, frozen=True, kw_only=True):
    """Everything, or `clip` alone, played backwards; music plays on forwards."""

    name: ClassVar[str] = "reverse"
    clip: ClipName | None = None

    def apply(self, project: Project, facts: Facts, step: str) -> Outcome:
        start_s, end_s = Seconds(0), project.duration_s
        if self.clip is not None:
            clip = clip_named(project, self.clip)
            start_s, end_s = clip.span
            segments = project.main.segments if project.main is not None else ()
            if any(_joins(segment, clip.number) for segment in segments):
                raise Impossible(
                    reason="That clip has a transition; reverse it first and add the transition after.",
                    reason_zh="该片段带有转场，请先倒放再添加转场。",
                )
        turned = turned_round(project, start_s, end_s)
        return Outcome(project=turned, measured={"reversed_s": round(float(end_s - start_s), 4)})

    def describe(self) -> Words:
        clip = clip_words(self.clip)
        return Words(
            f"Play {clip.en.removeprefix(' of ') or 'everything'} backwards", f"{clip.zh or '全部内容'}倒放"
        )


def _joins(segment: Segment, number: int) -> bool:
    return segment.blend is not None and number in (segment.clip, segment.blend.before.clip)
