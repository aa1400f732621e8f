"""denoise: noise lowered on what is heard."""

from typing import ClassVar

from saycut.operations.aim import must_stay
from saycut.operations.base import Facts, NothingToDo, Operation, Outcome
from saycut.operations.when import When, span, span_text
from saycut.timeline import project as timeline
from saycut.timeline.clock import Seconds
from saycut.timeline.project import VOICE_ROLES, Cleanup, Noise, Project, Segment, Strength
from saycut.timeline.ripple import mapped_within, part, with_before
from saycut.timeline.value import but
from saycut.words import Words

_KINDS_ZH = {
    "noise": "噪音",
    "hum": "嗡声",
    "hiss": "嘶声",
    "wind": "风声",
    "reverb": "混响",
    "click": "爆音",
}
_STRENGTHS_ZH = {"light": "轻度", "medium": "标准", "strong": "强力"}


class Denoise(Operation, frozen=True, kw_only=True):
    """Noise of one `type` lowered in the voice (and in everything recorded with it)."""

    name: ClassVar[str] = "denoise"
    type: Noise = "noise"
    strength: Strength = "medium"
    target: str = "all"
    start: When = 0
    end: When = "end"

    def apply(self, project: Project, facts: Facts, step: str) -> Outcome:
        effect = timeline.Denoise(by=step, kind=self.type, strength=self.strength)
        first, last = span(self.start, self.end, project.duration_s, project.grid_hz)
        return Outcome(project=cleaned(project, effect, first, last, NOTHING))

    def describe(self) -> Words:
        en, zh = span_text(self.start, self.end)
        return Words(
            f"Lower {self.type if self.type != 'noise' else 'background noise'}{en} ({self.strength})",
            f"降低{_KINDS_ZH[self.type]}{zh}（{_STRENGTHS_ZH[self.strength]}）",
        )


NOTHING = Words("There is no sound to clean.", "没有可以清理的声音。")


def cleaned(project: Project, effect: Cleanup, start_s: Seconds, end_s: Seconds, nothing: Words) -> Project:
    """The project with `effect` on every heard recording between the two times; an effect of the same
    sort that was there already is replaced. Raises NothingToDo when nothing is heard there."""
    sounding = [
        track
        for track, s in project.audible()
        if track.role in VOICE_ROLES and part(s, start_s, end_s) is not None
    ]
    heard = {track.id for track in sounding if track.role not in project.protected}
    if not heard:
        raise must_stay(sounding[0].role) if sounding else NothingToDo(nothing)
    for track in project.tracks:
        if track.id in heard:
            project = project.with_track(
                mapped_within(track, start_s, end_s, with_before(lambda s: _with_effect(s, effect)))
            )
    return project


def _with_effect(segment: Segment, effect: Cleanup) -> Segment:
    kept = [known for known in segment.cleanups if not _same_sort(known, effect)]
    return but(segment, cleanups=tuple(_in_place(kept, effect)))


def _in_place(cleanups: list[Cleanup], effect: Cleanup) -> list[Cleanup]:
    """`cleanups` with `effect` at their end; a known song before the first removal of whatever music is
    left, for in what that leaves over the song can no longer be found."""
    at = len(cleanups)
    if isinstance(effect, timeline.RemoveMusic) and effect.track is not None:
        at = next((place for place, known in enumerate(cleanups) if _takes_any_music(known)), at)
    return [*cleanups[:at], effect, *cleanups[at:]]


def _takes_any_music(cleanup: Cleanup) -> bool:
    return isinstance(cleanup, timeline.RemoveMusic) and cleanup.track is None


def _same_sort(one: Cleanup, other: Cleanup) -> bool:
    if isinstance(one, timeline.Denoise) and isinstance(other, timeline.Denoise):
        return one.kind == other.kind
    if isinstance(one, timeline.RemoveMusic) and isinstance(other, timeline.RemoveMusic):
        return one.track == other.track
    return type(one) is type(other)
