"""replace_audio: the original sound out, a voiceover in."""

from typing import ClassVar

from saycut.errors import Impossible, NeedsAnswer
from saycut.operations import placement
from saycut.operations.add_music import AddMusic
from saycut.operations.base import Facts, Match, Operation, Outcome, find_sound
from saycut.operations.mute import Mute, silent
from saycut.timeline.clock import Seconds, clock_text
from saycut.timeline.project import Asset, LoudnessTarget, Project, Segment, Track
from saycut.timeline.value import but
from saycut.words import Words


class ReplaceAudio(Operation, frozen=True, kw_only=True):
    """The sound of `source` instead of the original: aligned to it when it is the same performance, else
    from the beginning. The picture's length wins. `mood` without a source means music instead."""

    name: ClassVar[str] = "replace_audio"
    precedes: ClassVar[frozenset[str]] = frozenset({"denoise", "trim_silence", "enhance_audio"})
    source: str | None = None
    mood: str | None = None

    def apply(self, project: Project, facts: Facts, step: str) -> Outcome:
        voice = find_sound(project, self.source)
        if voice is None and self.mood is not None:
            return self._by_music(project, facts, step)
        if voice is None:
            raise NeedsAnswer(
                question="Which recording should replace the sound? Give the file beside the video.",
                question_zh="用哪段录音替换原声？请把文件和视频一起给出。",
            )
        if not project.has_picture:
            raise Impossible(
                reason="There is no picture to put that sound under.", reason_zh="没有可以配音的画面。"
            )
        match = placement.best(found := placement.matches(project, voice, facts))
        if match is not None and match.same:
            segments = placement.laid_under(project, voice, found)
            measured = placement.measured(match) | {"aligned": True}
            notes: tuple[Words, ...] = ()
        else:
            segments, measured, notes = self._from_the_start(project, voice, match)
        for track in project.tracks:
            if track.role != "music" and track.role not in project.protected:
                project = project.with_track(but(track, segments=tuple(silent(s) for s in track.segments)))
        project = project.with_track(Track(id="voiceover", role="voiceover", segments=segments))
        target = project.target or LoudnessTarget()
        return Outcome(project=but(project, target=target), measured=measured, notes=notes)

    def _by_music(self, project: Project, facts: Facts, step: str) -> Outcome:
        if project.audible():
            project = Mute().apply(project, facts, step).project
        return AddMusic(mood=self.mood).apply(project, facts, step)

    def _from_the_start(
        self, project: Project, voice: Asset, match: Match | None
    ) -> tuple[tuple[Segment, ...], dict[str, object], tuple[Words, ...]]:
        length_s = min(voice.duration_s, project.duration_s)
        segment = Segment(asset_id=voice.id, at_s=Seconds(0), start_s=Seconds(0), duration_s=length_s)
        confidence = round(match.confidence, 3) if match is not None else 0.0
        measured: dict[str, object] = {
            "offset_s": 0.0,
            "drift_ppm": 0.0,
            "confidence": confidence,
            "aligned": False,
        }
        why = match.reason if match is not None else Words("the picture has no sound", "画面没有原声")
        notes = [
            Words(
                f"{voice.name} was placed at the start, not aligned: {why.en}.",
                f"{voice.name} 从开头放置，未对齐：{why.zh}。",
            )
        ]
        difference_s = voice.duration_s - project.duration_s
        by = clock_text(abs(difference_s))
        if difference_s > Seconds(1, 20):
            notes.append(
                Words(
                    f"{voice.name} is {by} longer than the picture; the end was cut.",
                    f"{voice.name} 比画面长 {by}，结尾已截去。",
                )
            )
        elif difference_s < -Seconds(1, 20):
            notes.append(
                Words(
                    f"{voice.name} is {by} shorter than the picture; the rest is silent.",
                    f"{voice.name} 比画面短 {by}，其余部分静音。",
                )
            )
        return (segment,), measured, tuple(notes)

    def describe(self) -> Words:
        if self.source is None and self.mood is not None:
            return Words(f"Replace the sound with {self.mood} music", f"用{self.mood}音乐替换声音")
        what = self.source or "your voiceover"
        zh = self.source or "您的配音"
        return Words(f"Replace the original sound with {what}, at −14 LUFS", f"用{zh}替换原声，−14 LUFS")
