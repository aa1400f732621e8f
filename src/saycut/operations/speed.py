"""speed: faster or slower, with the pitch kept."""

from collections.abc import Iterable
from fractions import Fraction
from typing import ClassVar, Literal

from saycut.errors import Impossible
from saycut.operations.base import Facts, NothingToDo, Operation, Outcome
from saycut.operations.clips import ClipName, clip_words, clips_of, range_in
from saycut.operations.when import When, span_text
from saycut.timeline.clock import seconds
from saycut.timeline.project import Project
from saycut.timeline.ripple import at_speed
from saycut.words import Words

FASTER, SLOWER, SLOW_MOTION = 1.25, 0.8, 0.5
SLOWEST, FASTEST = Fraction(1, 10), Fraction(16)


class Speed(Operation, frozen=True, kw_only=True):
    """The range from `start` to `end` (of `clip`) played `factor` times as fast, or a step `direction`
    (1.25x, 0.8x); half as fast when nothing is said. Music keeps its speed."""

    name: ClassVar[str] = "speed"
    factor: float | None = None
    direction: Literal["up", "down"] | None = None
    clip: ClipName | None = None
    start: When = 0
    end: When = "end"

    def apply(self, project: Project, facts: Facts, step: str) -> Outcome:
        factor = self.chosen()
        _check([factor], slack=Fraction(0))
        if factor == 1:
            raise NothingToDo(Words("That is the speed it has.", "速度没有变化。"))
        first, last = range_in(project, self.clip, self.start, self.end)
        before_s, sped = project.duration_s, project
        for clip in reversed(clips_of(project)):  # one by one, so that each is a whole number of frames long
            start_s, end_s = max(first, clip.start_s), min(last, clip.end_s)
            if start_s < end_s:
                sped = at_speed(sped, start_s, end_s, factor)
        _check(s.speed for t in sped.tracks for s in t.segments if s.at_s < sped.duration_s)
        measured = {"factor": float(factor), "duration_change_s": round(float(sped.duration_s - before_s), 4)}
        return Outcome(project=sped, measured=measured)

    def chosen(self) -> Fraction:
        """How many times as fast, as it was said."""
        if self.factor is not None:
            return seconds(self.factor)
        return seconds({"up": FASTER, "down": SLOWER}.get(self.direction or "", SLOW_MOTION))

    def describe(self) -> Words:
        en, zh = span_text(self.start, self.end)
        clip, factor = clip_words(self.clip), float(self.chosen())
        what = clip.en.removeprefix(" of ") or ("the part" if en else "everything")
        return Words(
            f"Play {what}{en} at {factor:g}x speed, pitch kept",
            f"{clip.zh}{zh}以 {factor:g} 倍速播放，音调不变",
        )


# A range is a whole number of frames long, so that its factor is not exactly the one that was said.
_SLACK = Fraction(1, 10)


def _check(factors: Iterable[Fraction], slack: Fraction = _SLACK) -> None:
    for factor in factors:
        if not SLOWEST * (1 - slack) <= factor <= FASTEST * (1 + slack):
            raise Impossible(
                reason=f"{float(factor):g}x is outside the range of 0.1x to 16x.",
                reason_zh=f"{float(factor):g} 倍超出 0.1 到 16 倍的范围。",
            )
