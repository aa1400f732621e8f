"""mute, unmute: sound off or on again, wholly or in a range."""

from typing import ClassVar

from saycut.errors import Impossible
from saycut.operations.base import Facts, NothingToDo, Operation, Outcome
from saycut.operations.when import When, span, span_text, whole
from saycut.timeline.project import Project, Track
from saycut.timeline.ripple import mapped_within
from saycut.timeline.value import but
from saycut.words import Words

_TARGETS = {
    "all": Words("all sound", "全部声音"),
    "original": Words("the original sound", "原声"),
    "video": Words("the original sound", "原声"),
    "music": Words("the music", "音乐"),
    "voice": Words("the voice", "人声"),
}


def target_words(target: str) -> Words:
    """A target as people say it."""
    return _TARGETS.get(target, Words(f"the {target}", target))


def targeted(project: Project, target: str) -> tuple[Track, ...]:
    """The tracks that a target word means. Raises Impossible when there is no such track."""
    roles: dict[str, frozenset[str]] = {
        "original": frozenset({"main"}),
        "video": frozenset({"main"}),
        "music": frozenset({"music"}),
        "voice": frozenset({"main", "recording", "voiceover"}),
    }
    wanted = roles.get(target)
    tracks = project.tracks if wanted is None else tuple(t for t in project.tracks if t.role in wanted)
    if not tracks:
        raise Impossible(
            reason=f"There is no {target} track on the timeline.", reason_zh=f"时间线上没有{target}轨道。"
        )
    return tracks


class Mute(Operation, frozen=True, kw_only=True):
    """No sound from `target` between `start` and `end`; the sound itself stays in the project."""

    name: ClassVar[str] = "mute"
    target: str = "all"
    start: When = 0
    end: When = "end"

    def apply(self, project: Project, facts: Facts, step: str) -> Outcome:
        if not project.has_picture and whole(self.start, self.end) and self.target in ("all", "voice"):
            raise Impossible(
                reason="This is sound alone: with the sound taken out nothing would be left.",
                reason_zh="这里只有声音，去掉声音后什么都不剩。",
            )
        if not project.audible():
            raise NothingToDo(Words("The clip has no sound to take out.", "视频本来就没有声音。"))
        first, last = span(self.start, self.end, project.duration_s, project.grid_hz)
        for track in targeted(project, self.target):
            project = project.with_track(mapped_within(track, first, last, lambda s: but(s, audible=False)))
        return Outcome(project=project, measured={"muted_s": float(last - first)})

    def describe(self) -> Words:
        en, zh = span_text(self.start, self.end)
        what = target_words(self.target)
        return Words(f"Take out {what.en}{en}", f"去掉{what.zh}{zh}")


class Unmute(Operation, frozen=True, kw_only=True):
    """The sound of `target` is heard again."""

    name: ClassVar[str] = "unmute"
    target: str = "all"

    def apply(self, project: Project, facts: Facts, step: str) -> Outcome:
        for track in targeted(project, self.target):
            heard = tuple(but(segment, audible=True) for segment in track.segments)
            project = project.with_track(but(track, segments=heard))
        return Outcome(project=project)

    def describe(self) -> Words:
        what = target_words(self.target)
        return Words(f"Let {what.en} be heard again", f"恢复{what.zh}")
