"""sync_audio: an external recording laid under the picture by comparing waveforms."""

from typing import ClassVar

from saycut.errors import Impossible
from saycut.operations import placement
from saycut.operations.base import Facts, NothingToDo, Operation, Outcome, find_sound
from saycut.timeline.clock import clock_text
from saycut.timeline.project import Project, Track
from saycut.timeline.spans import united
from saycut.words import Words

NOTHING = Words(
    "There is nothing to sync it to: no second recording was given.", "没有第二段录音，无需对齐。"
)


class SyncAudio(Operation, frozen=True, kw_only=True):
    """The recording `source` in the place of the camera's sound, delayed by `offset` seconds or, without
    one, as its waveform says (offset and clock drift)."""

    name: ClassVar[str] = "sync_audio"
    # Sync is computed source to source; noise and silence are then treated on the synced voice.
    precedes: ClassVar[frozenset[str]] = frozenset(
        {"denoise", "trim_silence", "enhance_audio", "remove_music"}
    )
    source: str | None = None
    offset: float | None = None

    def apply(self, project: Project, facts: Facts, step: str) -> Outcome:
        recording = find_sound(project, self.source)
        if recording is None or not project.has_picture or project.main is None:
            raise NothingToDo(NOTHING)
        if self.offset is not None:
            found = {s.asset_id: placement.as_given(self.offset) for s in project.main.segments}
        else:
            found = placement.matches(project, recording, facts)
        match = placement.best(found)
        if match is None:
            raise NothingToDo(
                Words(
                    "The picture has no sound to sync to; give the offset in words.", "画面没有原声可供对齐。"
                )
            )
        if not match.same:
            raise Impossible(
                reason=f"{recording.name} was not synced: {match.reason.en}.",
                reason_zh=f"{recording.name} 未对齐：{match.reason.zh}。",
            )
        laid = placement.laid_under(project, recording, found)
        if not laid:
            raise Impossible(
                reason=f"{recording.name} does not overlap the picture at that offset.",
                reason_zh=f"{recording.name} 在该偏移下与画面没有重叠。",
            )
        project, gaps = placement.camera_silenced(project, united((s.at_s, s.end_s) for s in laid))
        project = project.with_track(Track(id="recording", role="recording", segments=laid))
        notes = tuple(_camera_heard(recording.name, clock_text(a), clock_text(b)) for a, b in gaps)
        return Outcome(project=project, measured=placement.measured(match), notes=notes)

    def describe(self) -> Words:
        what = self.source or "the recording"
        if self.offset is not None:
            return Words(
                f"Lay {what} under the picture, delayed by {self.offset:g} s",
                f"将录音延后 {self.offset:g} 秒",
            )
        return Words(f"Sync {what} to the picture by its waveform", "按波形把录音与画面对齐")


def _camera_heard(name: str, start: str, end: str) -> Words:
    return Words(
        f"{name} has nothing from {start} to {end}: the camera is heard there.",
        f"{name} 在 {start} 到 {end} 没有声音，此处保留原声。",
    )
