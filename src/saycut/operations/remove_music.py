"""remove_music, isolate_music: the music out and the voice kept, or the other way round."""

from typing import ClassVar

from saycut.errors import Impossible
from saycut.operations import placement
from saycut.operations.base import Facts, Operation, Outcome, find_sound
from saycut.operations.denoise import cleaned
from saycut.timeline import project as timeline
from saycut.timeline.clock import Seconds
from saycut.timeline.project import VOICE_ROLES, Keep, Project
from saycut.words import Words

NOTHING = Words("There is no sound to take music out of.", "没有声音，无法去除音乐。")
_METHODS = {"voice": "voice isolation", "ambience": "music separation"}


class RemoveMusic(Operation, frozen=True, kw_only=True):
    """Music taken out of the recording: with the song at hand (`source`) by cancelling it, else by
    keeping the voice alone, or (`keep` "ambience") the voice and every other sound that is no music.
    Cancelling keeps all but the song, whatever `keep` says."""

    name: ClassVar[str] = "remove_music"
    source: str | None = None
    keep: Keep = "voice"

    def apply(self, project: Project, facts: Facts, step: str) -> Outcome:
        song = find_sound(project, self.source) if self.source is not None else None
        measured: dict[str, object] = {"method": _METHODS[self.keep]}
        if song is not None:
            for track, segment in project.audible():
                if track.role in VOICE_ROLES:
                    match = facts.music_match(project.asset(segment.asset_id), song)
                    if not match.same:
                        raise Impossible(
                            reason=f"{song.name} could not be cancelled: {match.reason.en}.",
                            reason_zh=f"无法消除 {song.name}：{match.reason.zh}。",
                        )
                    measured = {"method": "cancelled with the known track", **placement.measured(match)}
        effect = (
            timeline.RemoveMusic(by=step, keep=self.keep)
            if song is None
            else timeline.RemoveMusic(by=step, track=song.id)
        )
        return Outcome(
            project=cleaned(project, effect, Seconds(0), project.duration_s, NOTHING), measured=measured
        )

    def describe(self) -> Words:
        if self.source is not None:
            return Words(f"Cancel {self.source} out of the recording", f"从录音中消除 {self.source}")
        if self.keep == "ambience":
            return Words("Take the music out and keep voice and ambience", "去掉背景音乐，保留人声和环境音")
        return Words("Take the music out and keep the voice", "去掉背景音乐，保留人声")


class IsolateMusic(Operation, frozen=True, kw_only=True):
    """The voice taken out, the music and everything else kept."""

    name: ClassVar[str] = "isolate_music"

    def apply(self, project: Project, facts: Facts, step: str) -> Outcome:
        effect = timeline.IsolateMusic(by=step)
        return Outcome(project=cleaned(project, effect, Seconds(0), project.duration_s, NOTHING))

    def describe(self) -> Words:
        return Words("Take the voice out and keep the music", "去掉人声，保留音乐")
