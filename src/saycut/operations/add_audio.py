"""add_audio: a sound mixed on top of everything."""

from typing import ClassVar, Literal

from saycut.errors import NeedsAnswer
from saycut.operations.base import Facts, Operation, Outcome, find_sound
from saycut.operations.when import When, span, span_text, when_text
from saycut.timeline.clock import Seconds, clock_text
from saycut.timeline.project import Project, Role, Segment, Track
from saycut.words import Words

_ROLES: dict[str, Role] = {"voiceover": "voiceover", "sfx": "sound", "audio": "sound"}
_WORDS = {
    "voiceover": Words("voiceover", "配音"),
    "sfx": Words("sound effect", "音效"),
    "audio": Words("sound", "声音"),
}


class AddAudio(Operation, frozen=True, kw_only=True):
    """The sound `source` from `start` on, at most to `end`, on top of what is heard; no level is changed."""

    name: ClassVar[str] = "add_audio"
    source: str | None = None
    role: Literal["voiceover", "sfx", "audio"] = "audio"
    start: When = 0
    end: When = "end"

    def apply(self, project: Project, facts: Facts, step: str) -> Outcome:
        sound = find_sound(project, self.source)
        if sound is None:
            raise NeedsAnswer(
                question="Which sound should be added? Give the file beside the video.",
                question_zh="要添加哪段声音？请把文件和视频一起给出。",
            )
        first, last = span(self.start, self.end, project.duration_s, project.grid_hz)
        length_s = min(sound.duration_s, last - first)
        segment = Segment(asset_id=sound.id, at_s=first, start_s=Seconds(0), duration_s=length_s)
        role = _ROLES[self.role]
        track = Track(id=_free_id(project, role), role=role, segments=(segment,))
        measured = {"at_s": round(float(first), 4), "length_s": round(float(length_s), 4)}
        left_s = sound.duration_s - length_s
        notes = (_cut_short(sound.name, left_s),) if left_s > Seconds(1, 20) else ()
        return Outcome(project=project.with_track(track), measured=measured, notes=notes)

    def describe(self) -> Words:
        role = _WORDS[self.role]
        what, zh = self.source or f"the {role.en}", self.source or role.zh
        if self.end == "end":
            return Words(
                f"Add {what} from {when_text(self.start)} on", f"从 {when_text(self.start)} 起加入{zh}"
            )
        en, place_zh = span_text(self.start, self.end)
        return Words(f"Add {what}{en}", f"加入{zh}{place_zh}")


def _free_id(project: Project, role: Role) -> str:
    taken = {track.id for track in project.tracks}
    names = (role, *(f"{role}-{n}" for n in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)


def _cut_short(name: str, left_s: Seconds) -> Words:
    left = clock_text(left_s)
    return Words(
        f"The last {left} of {name} did not fit and were left out.", f"{name} 的最后 {left} 放不下，已略去。"
    )
