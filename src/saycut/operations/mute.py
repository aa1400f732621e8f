"""mute, unmute: sound off or on again, wholly, in a range, or of one clip."""

from typing import ClassVar

from saycut.errors import Impossible
from saycut.operations.aim import aimed, target_words
from saycut.operations.base import Facts, NothingToDo, Operation, Outcome
from saycut.operations.clips import ClipName, clip_words
from saycut.operations.when import When, span_text, whole
from saycut.timeline.project import Project, Segment
from saycut.timeline.ripple import mapped_within, with_before
from saycut.timeline.value import but
from saycut.words import Words


class Mute(Operation, frozen=True, kw_only=True):
    """No sound from `target` between `start` and `end` (of `clip`); the sound itself stays in the project."""

    name: ClassVar[str] = "mute"
    target: str = "all"
    clip: ClipName | None = None
    start: When = 0
    end: When = "end"

    def apply(self, project: Project, facts: Facts, step: str) -> Outcome:
        everything = self.clip is None and whole(self.start, self.end) and self.target in ("all", "voice")
        if not project.has_picture and everything and not project.protected:
            raise Impossible(
                reason="This is sound alone: with the sound taken out nothing would be left.",
                reason_zh="这里只有声音，去掉声音后什么都不剩。",
            )
        if not project.audible():
            raise NothingToDo(Words("The clip has no sound to take out.", "视频本来就没有声音。"))
        aim = aimed(project, self.target, self.clip, self.start, self.end)
        for track in aim.tracks:
            project = project.with_track(mapped_within(track, aim.start_s, aim.end_s, silent))
        return Outcome(project=project, measured={"muted_s": float(aim.end_s - aim.start_s)}, notes=aim.notes)

    def describe(self) -> Words:
        en, zh = span_text(self.start, self.end)
        what, clip = target_words(self.target), clip_words(self.clip)
        return Words(f"Take out {what.en}{clip.en}{en}", f"去掉{clip.zh}{what.zh}{zh}")


class Unmute(Operation, frozen=True, kw_only=True):
    """The sound of `target` is heard again, wholly or between `start` and `end` (of `clip`)."""

    name: ClassVar[str] = "unmute"
    target: str = "all"
    clip: ClipName | None = None
    start: When = 0
    end: When = "end"

    def apply(self, project: Project, facts: Facts, step: str) -> Outcome:
        aim = aimed(project, self.target, self.clip, self.start, self.end)
        for track in aim.tracks:
            project = project.with_track(mapped_within(track, aim.start_s, aim.end_s, heard))
        return Outcome(project=project, notes=aim.notes)

    def describe(self) -> Words:
        en, zh = span_text(self.start, self.end)
        what, clip = target_words(self.target), clip_words(self.clip)
        return Words(f"Let {what.en}{clip.en}{en} be heard again", f"恢复{clip.zh}{what.zh}{zh}")


def silent(segment: Segment) -> Segment:
    """The segment without its sound, and without that of what goes over into it."""
    return with_before(lambda s: but(s, audible=False))(segment)


def heard(segment: Segment) -> Segment:
    """The segment with its sound, and with that of what goes over into it."""
    return with_before(lambda s: but(s, audible=True))(segment)
