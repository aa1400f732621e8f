"""Some seconds of a project before and after a turn, as sounds at the same loudness, and what was removed."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from saycut.media.publish import publishing
from saycut.media.sound_encode import encode_sound
from saycut.pcm import RATE_HZ, Blocks, Pcm, PcmReader, blocks_of
from saycut.studio import excerpt
from saycut.studio.session import Session
from saycut.studio.window import WindowBank
from saycut.timeline.clock import Seconds
from saycut.timeline.project import Project
from saycut.timeline.spans import Spans, total_s
from saycut.timeline.value import but
from saycut.watch import Watch

if TYPE_CHECKING:
    from saycut.audio.loudness import Level
    from saycut.media.pcm_file import PcmFile

CONTEXT_S = Seconds(2)  # heard on either side, so that noise and pauses are known at the edges
LOUDNESS_LUFS = -16.0  # both sounds are brought here, or as near as their peaks allow
_CEILING_DBTP = -1.0
_MOST_GAIN_DB = 20.0
# Verbs that listen to a sound: here they hear the window only.
LISTENING = frozenset(
    {
        "trim_silence",
        "denoise",
        "remove_music",
        "isolate_music",
        "isolate_voice",
        "enhance_audio",
        "add_music",
    }
)


class Sounds(msgspec.Struct, frozen=True, kw_only=True):
    """What is heard of a scene; gains are what each gets for equal loudness.

    `after` is None where all of it was cut out. `what` says what `removed` is: "cut" (the pieces that are
    gone, joined), "difference" (before less after), or "nothing" (None where there is nothing to compare).
    """

    before: PcmReader
    after: PcmReader | None
    removed: PcmReader | None
    what: str
    lufs: float | None
    gain_before_db: float
    gain_after_db: float

    @property
    def removed_s(self) -> float:
        """Seconds of `removed`; none where nothing was."""
        nothing = self.removed is None or self.what == "nothing"
        return 0.0 if nothing or self.removed is None else self.removed.samples / RATE_HZ


class Scene:
    """The window of a project before and after a turn. The session works with a `WindowBank`."""

    def __init__(self, session: Session, was: Project, window: tuple[Seconds, Seconds]) -> None:
        self._session = session
        self._window = window
        self._was = was
        now = session.project
        self.before = excerpt.excerpt(was, (window,))
        self._spans = excerpt.where_shown(now, excerpt.shown_in(was, *window))
        self.after = excerpt.excerpt(now, self._spans)
        self._gone = excerpt.cut_out(was, now, window)
        bank_of(session).look_at_clips(self.after, CONTEXT_S)

    @property
    def gone(self) -> Spans:
        """What of the window is cut out, in seconds of the timeline before."""
        return self._gone

    @property
    def after_s(self) -> Seconds:
        """How much of the window is left."""
        return total_s(self._spans)

    def sounds(self) -> Sounds:
        """Everything that is heard."""
        before, after = self._mixed(self.before), self._mixed(self.after) if self._spans else None
        lufs, gains = _equal([_level(before), _level(after) if after is not None else None])
        removed, what = self._removed(before, after)
        return Sounds(
            before=before,
            after=after,
            removed=removed,
            what=what,
            lufs=lufs,
            gain_before_db=gains[0],
            gain_after_db=gains[1],
        )

    def _mixed(self, project: Project) -> "PcmFile":
        from saycut.render.sound import mixed

        bench = self._session.bench
        return mixed(project, bench.bank, bench.folder, bench.watch)

    def _removed(self, before: PcmReader, after: PcmReader | None) -> tuple[PcmReader | None, str]:
        """What is gone, as a sound: the cuts joined, else the difference; None where neither makes sense."""
        if self._gone:
            return self._mixed(excerpt.excerpt(self._was, self._gone)), "cut"
        if after is None or not excerpt.same_times(self.before, self.after):
            return None, "nothing"
        clips = tuple(track for track in self.after.tracks if track.role == "main")
        alone = len(clips) == len(self.after.tracks)
        kept = after if alone else self._mixed(but(self.after, tracks=clips))
        difference = Difference(before, kept)
        loudest = max((float(abs(block).max(initial=0.0)) for block in blocks_of(difference)), default=0.0)
        return difference, "difference" if loudest > 10 ** (-90 / 20) else "nothing"


def write_sound(pcm: PcmReader, gain_db: float, out: Path, watch: Watch) -> Path:
    """Encode it as the suffix of `out` says, `gain_db` louder."""
    with publishing(out) as temporary:
        expected_s = Fraction(pcm.samples, RATE_HZ)
        encode_sound(amplified(pcm, gain_db), temporary, expected_s=expected_s, watch=watch)
    return out


class Difference:
    """One sound less another, sample by sample."""

    def __init__(self, one: PcmReader, other: PcmReader) -> None:
        self._one = one
        self._other = other
        self.rate_hz = one.rate_hz
        self.channels = one.channels
        self.samples = one.samples

    def read(self, start: int, count: int) -> Pcm:
        """`count` samples from `start`, zeros outside."""
        rest: Pcm = self._one.read(start, count) - self._other.read(start, count)
        return rest


def bank_of(session: Session) -> WindowBank:
    """The bank of windows that it works with."""
    bank = session.bench.bank
    if not isinstance(bank, WindowBank):
        raise TypeError("a preview works with a bank of windows")
    return bank


def listen_to(session: Session, moments: Sequence[excerpt.Shown]) -> None:
    """Let the bank hear these moments, and of the other clips nothing."""
    project, bank = session.project, bank_of(session)
    for moment in moments:
        bank.look_at(project.asset(moment.asset_id), moment.start_s, moment.end_s, CONTEXT_S)
    on_timeline = {segment.asset_id for track in project.tracks for segment in track.segments}
    bank.unheard |= on_timeline - {moment.asset_id for moment in moments}


def _level(pcm: PcmReader) -> "Level":
    from saycut.audio.loudness import measure

    return measure(blocks_of(pcm), RATE_HZ, pcm.channels)


def _equal(levels: Sequence["Level | None"]) -> tuple[float | None, tuple[float, float]]:
    """One loudness for both, under the ceiling without a limiter, and the gains that give it."""
    known = [level for level in levels if level is not None and level.integrated_lufs is not None]
    if not known:
        return None, (0.0, 0.0)
    reach = [(level.integrated_lufs or 0.0) + _CEILING_DBTP - level.true_peak_dbtp for level in known]
    least = min(level.integrated_lufs or 0.0 for level in known)
    lufs = min(LOUDNESS_LUFS, least + _MOST_GAIN_DB, *reach)
    first, second = (
        lufs - level.integrated_lufs if level is not None and level.integrated_lufs is not None else 0.0
        for level in levels
    )
    return round(lufs, 2), (round(first, 2), round(second, 2))


def amplified(pcm: PcmReader, gain_db: float) -> Blocks:
    """Its blocks, `gain_db` louder."""
    factor = 10 ** (gain_db / 20)
    for block in blocks_of(pcm):
        yield (block * factor).astype("float32")
