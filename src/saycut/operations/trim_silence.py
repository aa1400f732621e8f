"""trim_silence: pauses between words made short, never a word bitten."""

from typing import Annotated, ClassVar, Literal

import msgspec

from saycut.operations.base import Facts, NothingToDo, Operation, Outcome, PauseRule
from saycut.timeline.clock import Seconds
from saycut.timeline.project import Project
from saycut.timeline.ripple import without
from saycut.timeline.spans import total_s
from saycut.timeline.voice import voice_on_timeline
from saycut.words import Words

Time = Annotated[float, msgspec.Meta(ge=0)]
Span = tuple[Time, Time]


class TrimSilence(Operation, frozen=True, kw_only=True):
    """Pauses longer than `min_silence` seconds shortened, keeping `keep` seconds at each side of the
    speech (0.25 s after and 0.2 s before, when not said). `threshold_db` counts as silence what is
    quieter than that, instead of what is not speech. Pauses that meet one of the spans `spare` (start and
    end in seconds of the timeline, as `cuts` tells them) stay as they are."""

    name: ClassVar[str] = "trim_silence"
    threshold_db: float | None = None
    min_silence: float = 0.75
    keep: float | None = None
    where: Literal["all", "edges"] = "all"
    spare: tuple[Span, ...] = ()

    def apply(self, project: Project, facts: Facts, step: str) -> Outcome:
        if not project.audible():
            raise NothingToDo(Words("There is no sound to look for pauses in.", "没有声音，无法查找停顿。"))
        voice = voice_on_timeline(project, lambda asset: facts.voice_regions(asset, self.threshold_db))
        found = facts.pauses(voice, project.duration_s, project.grid_hz, self._rule())
        cuts = tuple(cut for cut in found if not self._spares(cut))
        if found and not cuts:
            raise NothingToDo(Words("Every pause that was found is to stay.", "找到的停顿都已选择保留。"))
        if not cuts:
            raise NothingToDo(
                Words(
                    f"No pause longer than {self.min_silence:g} s was found.",
                    f"没有找到长于 {self.min_silence:g} 秒的停顿。",
                )
            )
        measured = {
            "removed_s": round(float(total_s(cuts)), 3),
            "segments_removed": len(cuts),
            "cuts": [[round(float(a), 4), round(float(b), 4)] for a, b in cuts],
        }
        return Outcome(project=without(project, cuts), measured=measured)

    def _spares(self, cut: tuple[Seconds, Seconds]) -> bool:
        return any(start_s < cut[1] and end_s > cut[0] for start_s, end_s in self.spare)

    def _rule(self) -> PauseRule:
        edges_only = self.where == "edges"
        if self.keep is None:
            return PauseRule(min_silence_s=self.min_silence, edges_only=edges_only)
        return PauseRule(
            min_silence_s=self.min_silence,
            keep_before_s=self.keep,
            keep_after_s=self.keep,
            edges_only=edges_only,
        )

    def describe(self) -> Words:
        kept = (
            f"keeping {self.keep:g} s around"
            if self.keep is not None
            else "keeping 0.25 s after and 0.2 s before"
        )
        kept_zh = f"保留 {self.keep:g} 秒" if self.keep is not None else "语音后留 0.25 秒、前留 0.2 秒"
        where, where_zh = (" at the ends", "首尾") if self.where == "edges" else ("", "")
        count = len(self.spare)
        but, but_zh = (f", {count} of them left alone", f"，其中 {count} 处不动") if count else ("", "")
        return Words(
            f"Trim pauses longer than {self.min_silence:g} s{where}, {kept} speech{but}",
            f"剪短{where_zh}超过 {self.min_silence:g} 秒的停顿，{kept_zh}{but_zh}",
        )
