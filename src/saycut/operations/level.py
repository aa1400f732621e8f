"""volume, normalize, enhance_audio: the operations that name level."""

import math
from typing import ClassVar, Literal

from saycut.errors import Impossible
from saycut.operations.aim import aimed, target_words
from saycut.operations.base import Facts, NothingToDo, Operation, Outcome
from saycut.operations.clips import ClipName, clip_words, range_in
from saycut.operations.denoise import Denoise
from saycut.operations.remove_music import turned_down
from saycut.operations.when import When, span_text
from saycut.timeline.project import LoudnessTarget, Project, Segment
from saycut.timeline.ripple import mapped_within, with_before
from saycut.timeline.value import but
from saycut.words import Words

STEP_DB = 3.0  # "louder", "quieter" with no amount (SCHEMA.md, direction)

# Loudness by platform: notes, speech_audio.md item 14 (EBU R128 for broadcast).
PLATFORM_LUFS: dict[str, float] = {
    "youtube": -14.0,
    "youtube_shorts": -14.0,
    "tiktok": -14.0,
    "douyin": -14.0,
    "instagram": -14.0,
    "instagram_reels": -14.0,
    "x": -14.0,
    "facebook": -14.0,
    "bilibili": -14.0,
    "xiaohongshu": -14.0,
    "spotify": -14.0,
    "web": -14.0,
    "podcast": -16.0,
    "apple_podcasts": -16.0,
    "broadcast": -23.0,
    "ebu": -23.0,
}

NO_SOUND = Words("There is no sound to set the level of.", "没有声音，无法调整音量。")


class Volume(Operation, frozen=True, kw_only=True):
    """The level of `target` changed by `gain_db`, to `percent`, or a step `direction`; with `clip` of that
    clip alone, its times counted inside it. Music that has no track of its own lies in the recording: it is
    told apart there, and can only go down."""

    name: ClassVar[str] = "volume"
    target: str = "all"
    gain_db: float | None = None
    percent: float | None = None
    direction: Literal["up", "down"] | None = None
    clip: ClipName | None = None
    start: When = 0
    end: When = "end"

    def apply(self, project: Project, facts: Facts, step: str) -> Outcome:
        if not project.audible():
            raise NothingToDo(NO_SOUND)
        change_db = self.change_db()
        if self.target == "music" and change_db < 0 and not any(t.role == "music" for t in project.tracks):
            first, last = range_in(project, self.clip, self.start, self.end)
            return turned_down(project, -change_db, first, last, step)
        aim = aimed(project, self.target, self.clip, self.start, self.end)

        def louder(segment: Segment) -> Segment:
            return but(segment, gain_db=segment.gain_db + change_db)

        for track in aim.tracks:
            project = project.with_track(mapped_within(track, aim.start_s, aim.end_s, with_before(louder)))
        return Outcome(project=project, measured={"gain_db": round(change_db, 2)}, notes=aim.notes)

    def change_db(self) -> float:
        """The gain that was asked for, in dB."""
        if self.gain_db is not None:
            return self.gain_db
        if self.percent is not None:
            return 20 * math.log10(max(self.percent, 0.01) / 100)
        return -STEP_DB if self.direction == "down" else STEP_DB

    def describe(self) -> Words:
        en, zh = span_text(self.start, self.end)
        change = self.change_db()
        what, clip = target_words(self.target), clip_words(self.clip)
        return Words(
            f"Change {what.en}{clip.en} by {change:+.1f} dB{en}",
            f"{clip.zh}{what.zh}音量 {change:+.1f} dB{zh}",
        )


class Normalize(Operation, frozen=True, kw_only=True):
    """The whole brought to `lufs`, or to what `platform` plays at, under −1 dBTP."""

    name: ClassVar[str] = "normalize"
    lufs: float | None = None
    platform: str | None = None

    def apply(self, project: Project, facts: Facts, step: str) -> Outcome:
        if not project.audible():
            raise NothingToDo(NO_SOUND)
        target = LoudnessTarget(lufs=self.target_lufs())
        return Outcome(project=but(project, target=target), measured={"target_lufs": target.lufs})

    def target_lufs(self) -> float:
        """The loudness asked for. Raises Impossible for an unknown platform or level."""
        if self.platform is not None and self.lufs is None:
            if self.platform not in PLATFORM_LUFS:
                raise Impossible(
                    reason=f"I do not know how loud {self.platform} plays; say a number of LUFS.",
                    reason_zh=f"不知道 {self.platform} 的响度标准，请说明 LUFS 数值。",
                )
            return PLATFORM_LUFS[self.platform]
        lufs = -14.0 if self.lufs is None else self.lufs
        if not -40 <= lufs <= -6:
            raise Impossible(
                reason=f"{lufs:g} LUFS is outside the range of −40 to −6.",
                reason_zh=f"{lufs:g} LUFS 超出 −40 到 −6 的范围。",
            )
        return lufs

    def describe(self) -> Words:
        where = f" for {self.platform}" if self.platform else ""
        # A level that will be refused can still be said.
        lufs = self.lufs if self.lufs is not None else PLATFORM_LUFS.get(self.platform or "", -14.0)
        return Words(
            f"Bring the loudness to {lufs:g} LUFS{where}, peaks under −1 dBTP",
            f"响度调到 {lufs:g} LUFS，峰值低于 −1 dBTP",
        )


class EnhanceAudio(Operation, frozen=True, kw_only=True):
    """“Make it sound better”: noise lowered, then brought to posting level."""

    name: ClassVar[str] = "enhance_audio"
    target: str = "all"

    def apply(self, project: Project, facts: Facts, step: str) -> Outcome:
        cleaner = Denoise(target=self.target).apply(project, facts, step)
        return Normalize().apply(cleaner.project, facts, step)

    def describe(self) -> Words:
        return Words(
            "Lower background noise, then bring the loudness to −14 LUFS", "降噪并把响度调到 −14 LUFS"
        )
