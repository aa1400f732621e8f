"""remove_music, isolate_music: the music out and the voice kept, or the other way round."""

from typing import Annotated, ClassVar

import msgspec

from saycut.errors import Impossible
from saycut.operations import placement
from saycut.operations.base import Facts, NothingToDo, Operation, Outcome, find_sound
from saycut.operations.denoise import cleaned
from saycut.timeline import project as timeline
from saycut.timeline.clock import Seconds
from saycut.timeline.project import VOICE_ROLES, Keep, Project
from saycut.words import Words

NOTHING = Words("There is no sound to take music out of.", "没有声音，无法去除音乐。")
MOST_DOWN_DB = 60.0
DownDb = Annotated[float, msgspec.Meta(gt=0, le=MOST_DOWN_DB)]
GONE = Words("The music is out of the recording already.", "录音中的音乐已经去除。")
_METHODS = {"voice": "voice isolation", "ambience": "music separation"}


class RemoveMusic(Operation, frozen=True, kw_only=True):
    """Music taken out of the recording: with the song at hand (`source`) by cancelling it, else by
    keeping the voice alone, or (`keep` "ambience") the voice and every other sound that is no music.
    Cancelling keeps all but the song, whatever `keep` says. With `down_db` what would go stays, that many
    dB quieter."""

    name: ClassVar[str] = "remove_music"
    source: str | None = None
    keep: Keep = "voice"
    down_db: DownDb | None = None

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
            timeline.RemoveMusic(by=step, keep=self.keep, down_db=self.down_db)
            if song is None
            else timeline.RemoveMusic(by=step, track=song.id, down_db=self.down_db)
        )
        return Outcome(
            project=cleaned(project, effect, Seconds(0), project.duration_s, NOTHING), measured=measured
        )

    def describe(self) -> Words:
        if self.down_db is not None:
            return down_words(self.down_db)
        if self.source is not None:
            return Words(f"Cancel {self.source} out of the recording", f"从录音中消除 {self.source}")
        if self.keep == "ambience":
            return Words("Take the music out and keep voice and ambience", "去掉背景音乐，保留人声和环境音")
        return Words("Take the music out and keep the voice", "去掉背景音乐，保留人声")


def down_words(down_db: float) -> Words:
    """One line for music that only goes down."""
    return Words(
        f"Turn the music in the recording down by {down_db:g} dB", f"录音中的音乐降低 {down_db:g} dB"
    )


def turned_down(project: Project, down_db: float, start_s: Seconds, end_s: Seconds, step: str) -> Outcome:
    """The music that lies in the recordings themselves quieter between the two times: that much more than it
    was already. Raises NothingToDo where there is no sound, or none of the music is left."""
    known = [effect for _, segment in project.audible() for effect in segment.cleanups]
    before = [each for each in known if isinstance(each, timeline.RemoveMusic) and each.track is None]
    if any(each.down_db is None for each in before):
        raise NothingToDo(GONE)
    down_db = min(down_db + max((each.down_db or 0.0 for each in before), default=0.0), MOST_DOWN_DB)
    effect = timeline.RemoveMusic(by=step, keep="ambience", down_db=down_db)
    measured = {"method": _METHODS["ambience"], "gain_db": -round(down_db, 2)}
    return Outcome(project=cleaned(project, effect, start_s, end_s, NOTHING), measured=measured)


class IsolateMusic(Operation, frozen=True, kw_only=True):
    """The voice taken out, the music and everything else kept."""

    name: ClassVar[str] = "isolate_music"

    def apply(self, project: Project, facts: Facts, step: str) -> Outcome:
        effect = timeline.IsolateMusic(by=step)
        return Outcome(project=cleaned(project, effect, Seconds(0), project.duration_s, NOTHING))

    def describe(self) -> Words:
        return Words("Take the voice out and keep the music", "去掉人声，保留音乐")
