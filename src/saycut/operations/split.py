"""split: a clip made two or more, with nothing to be seen or heard of it."""

from typing import ClassVar

from saycut.errors import Impossible
from saycut.operations.base import Facts, NothingToDo, Operation, Outcome
from saycut.operations.clips import (
    ClipName,
    clip_named,
    clip_words,
    clips_of,
    free_number,
    moment_in,
    renumbered,
)
from saycut.operations.when import When, when_text
from saycut.timeline.clock import Seconds, clock_text, on_grid, seconds
from saycut.timeline.project import Project
from saycut.words import Words

MOST_PARTS = 1000


class Split(Operation, frozen=True, kw_only=True):
    """The clip at `at` (a time or several, counted inside `clip` when one is named) made two, or parts of
    `every` seconds."""

    name: ClassVar[str] = "split"
    at: When | list[When] | None = None
    every: float | None = None
    clip: ClipName | None = None

    def apply(self, project: Project, facts: Facts, step: str) -> Outcome:
        edges = {clip.start_s for clip in clips_of(project)} | {project.duration_s}
        places = sorted(self._places(project) - edges)
        if not places:
            raise NothingToDo(Words("There is nothing to split there.", "那里没有可以分割的内容。"))
        before = len(clips_of(project))
        for place in places:
            clip = next((c for c in clips_of(project) if c.start_s < place < c.end_s), None)
            if clip is None:  # an edge by now
                continue
            project = renumbered(project, place, clip.end_s, free_number(project))
        count = len(clips_of(project))
        if count == before:
            raise NothingToDo(Words("A transition lies there; it was not split.", "那里是转场，没有分割。"))
        return Outcome(
            project=project, measured={"split_at": [round(float(p), 4) for p in places], "clips": count}
        )

    def _places(self, project: Project) -> set[Seconds]:
        if self.every is not None:
            return self._regular(project)
        if self.at is None:
            raise Impossible(
                reason="Say where to split, for example “at 10 s”.",
                reason_zh="请说明在哪里分割，例如“10 秒处”。",
            )
        times = self.at if isinstance(self.at, list) else [self.at]
        return {moment_in(project, self.clip, when) for when in times}

    def _regular(self, project: Project) -> set[Seconds]:
        step_s = seconds(self.every or 0.0)
        start_s, end_s = (Seconds(0), project.duration_s)
        if self.clip is not None:
            start_s, end_s = clip_named(project, self.clip).span
        if step_s <= 0 or (end_s - start_s) / step_s > MOST_PARTS:
            raise Impossible(
                reason=f"Parts of {self.every:g} s are too short here.",
                reason_zh=f"每段 {self.every:g} 秒太短。",
            )
        count = int((end_s - start_s) / step_s)
        return {
            on_grid(start_s + n * step_s, project.grid_hz)
            for n in range(1, count + 1)
            if start_s + n * step_s < end_s
        }

    def describe(self) -> Words:
        clip = clip_words(self.clip)
        if self.every is not None:
            length = clock_text(self.every)
            return Words(f"Split{clip.en} every {length}", f"{clip.zh}每 {length} 分割一次")
        times = self.at if isinstance(self.at, list) else [self.at] if self.at is not None else []
        where = ", ".join(when_text(when) for when in times)
        return Words(f"Split{clip.en} at {where}", f"{clip.zh}在 {where} 处分割")
