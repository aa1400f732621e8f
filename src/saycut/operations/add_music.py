"""add_music, duck: a bed under the voice."""

import math
import zlib
from typing import ClassVar

from saycut.operations.base import Facts, NothingToDo, Operation, Outcome, find_sound
from saycut.operations.when import When, span
from saycut.timeline.clock import Seconds
from saycut.timeline.project import Asset, Bed, LoudnessTarget, Project, Segment, Track
from saycut.timeline.value import but
from saycut.words import Words

# How far below the voice a bed lies, and how much further it goes while somebody speaks (notes,
# separation.md: output 18-20 LU under the voice, ducked).
UNDER_VOICE_LU = 14.0
DUCK_DB = 6.0
FADE_IN_S = 0.5
FADE_OUT_S = 1.5


class AddMusic(Operation, frozen=True, kw_only=True):
    """Music under the voice: the file `source`, else a piece of the user's own folder that fits `mood`,
    else one composed for the clip. `volume` is percent of the voice's loudness."""

    name: ClassVar[str] = "add_music"
    mood: str | None = None
    source: str | None = None
    volume: float | None = None
    gain_db: float = 0.0
    duck: bool = True
    fade_in: float | None = None
    fade_out: float | None = None
    start: When = 0
    end: When = "end"
    loop: bool = True

    def apply(self, project: Project, facts: Facts, step: str) -> Outcome:
        first, last = span(self.start, self.end, project.duration_s, project.grid_hz)
        piece = find_sound(project, self.source) if self.source is not None else None
        piece = piece or facts.library_track(self.mood) or self._composed(project, facts, step, last - first)
        under_lu = UNDER_VOICE_LU if self.volume is None else -20 * math.log10(max(self.volume, 0.1) / 100)
        track = Track(
            id=_free_id(project),
            role="music",
            segments=_filled(piece, first, last, self.loop),
            gain_db=self.gain_db,
            under_voice_lu=under_lu,
            duck_db=DUCK_DB if self.duck else 0.0,
            fade_in_s=FADE_IN_S if self.fade_in is None else self.fade_in,
            fade_out_s=self._fade_out_s(piece),
        )
        project = project.with_asset(piece).with_track(track)
        measured: dict[str, object] = {"music": piece.name, "under_voice_lu": round(under_lu, 1)}
        target = project.target or LoudnessTarget()
        return Outcome(project=but(project, target=target), measured=measured)

    def _fade_out_s(self, piece: Asset) -> float:
        if self.fade_out is not None:
            return self.fade_out
        return 0.0 if piece.bed is not None else FADE_OUT_S  # a composed bed has a real ending

    def _composed(self, project: Project, facts: Facts, step: str, length_s: Seconds) -> Asset:
        mood = facts.bed_mood(self.mood)
        names = "|".join(asset.name for asset in project.assets)
        seed = zlib.crc32(f"{names}|{mood}|{step}".encode())
        bed = Bed(mood=mood, seed=seed)
        return Asset(
            id=f"bed-{mood}-{seed:08x}",
            name=facts.bed_title(bed),
            kind="audio",
            duration_s=length_s,
            has_sound=True,
            bed=bed,
        )

    def describe(self) -> Words:
        what = self.source or f"a royalty-free {self.mood or 'calm'} track"
        zh = self.source or "免版权音乐"
        level = f"at {self.volume:g} % of the voice" if self.volume is not None else "quietly under the voice"
        level_zh = f"音量为人声的 {self.volume:g}%" if self.volume is not None else "低于人声"
        ducked, ducked_zh = (", lower while someone speaks", "，说话时压低") if self.duck else ("", "")
        return Words(f"Put {what} {level}{ducked}", f"加入{zh}，{level_zh}{ducked_zh}")


class Duck(Operation, frozen=True, kw_only=True):
    """The music lowered while somebody speaks."""

    name: ClassVar[str] = "duck"
    target: str = "music"

    def apply(self, project: Project, facts: Facts, step: str) -> Outcome:
        music = [track for track in project.tracks if track.role == "music"]
        if not music:
            raise NothingToDo(Words("There is no music track to lower.", "没有可以压低的音乐轨道。"))
        for track in music:
            project = project.with_track(but(track, duck_db=DUCK_DB))
        return Outcome(project=project, measured={"duck_db": DUCK_DB})

    def describe(self) -> Words:
        return Words(
            f"Lower the music by {DUCK_DB:g} dB while someone speaks", f"说话时音乐压低 {DUCK_DB:g} dB"
        )


def _free_id(project: Project) -> str:
    taken = {track.id for track in project.tracks}
    return next(name for n in range(1, len(taken) + 2) if (name := f"music-{n}") not in taken)


def _filled(piece: Asset, first: Seconds, last: Seconds, loop: bool) -> tuple[Segment, ...]:
    """Segments of `piece` from `first` to `last`, repeated when it is shorter (a bed never is)."""
    segments: list[Segment] = []
    at = first
    while at < last and piece.duration_s > 0:
        length_s = min(piece.duration_s, last - at)
        segments.append(Segment(asset_id=piece.id, at_s=at, start_s=Seconds(0), duration_s=length_s))
        at += length_s
        if not loop:
            break
    return tuple(segments)
