"""trim, cut: a range kept, a range taken out."""

from typing import ClassVar

from saycut.errors import Impossible
from saycut.operations.base import Facts, Operation, Outcome
from saycut.operations.clips import ClipName, clip_named, clip_words, range_in
from saycut.operations.when import When, span_text
from saycut.timeline.clock import Seconds
from saycut.timeline.project import Project
from saycut.timeline.ripple import without
from saycut.timeline.spans import complement, total_s
from saycut.words import Words


class Trim(Operation, frozen=True, kw_only=True):
    """Only the range from `start` to `end` kept; of `clip` alone when one is named."""

    name: ClassVar[str] = "trim"
    start: When = 0
    end: When = "end"
    clip: ClipName | None = None

    def apply(self, project: Project, facts: Facts, step: str) -> Outcome:
        first, last = range_in(project, self.clip, self.start, self.end)
        whole = (Seconds(0), project.duration_s)
        removed = complement(
            ((first, last),), *(whole if self.clip is None else clip_named(project, self.clip).span)
        )
        measured = {"removed_s": round(float(total_s(removed)), 3)}
        return Outcome(project=without(project, removed), measured=measured)

    def describe(self) -> Words:
        en, zh = span_text(self.start, self.end)
        clip = clip_words(self.clip)
        return Words(f"Keep only the part{clip.en}{en}", f"只保留{clip.zh}{zh}")


class Cut(Operation, frozen=True, kw_only=True):
    """The range from `start` to `end` (of `clip`) taken out, the gap closed."""

    name: ClassVar[str] = "cut"
    start: When = 0
    end: When = "end"
    clip: ClipName | None = None

    def apply(self, project: Project, facts: Facts, step: str) -> Outcome:
        first, last = range_in(project, self.clip, self.start, self.end)
        if last - first >= project.duration_s:
            raise Impossible(reason="That would cut out everything.", reason_zh="这样会把内容全部剪掉。")
        measured = {"removed_s": round(float(last - first), 3)}
        return Outcome(project=without(project, ((first, last),)), measured=measured)

    def describe(self) -> Words:
        en, zh = span_text(self.start, self.end)
        clip = clip_words(self.clip)
        return Words(f"Cut out the part{clip.en}{en}", f"剪掉{clip.zh}{zh}")
