"""The analyses behind operations: `operations.Facts` answered from the sound bank."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

from saycut.errors import Impossible
from saycut.operations.base import Match, PauseRule
from saycut.render.bank import SoundBank, exact
from saycut.studio.music import best_track
from saycut.timeline.clock import seconds
from saycut.timeline.project import Asset, Bed
from saycut.timeline.spans import Spans
from saycut.words import Words


class StudioFacts:
    """Implements `operations.Facts`."""

    def __init__(self, bank: SoundBank, music_folder: Path | None, bring: Callable[[Path], Asset]) -> None:
        self._bank = bank
        self._music_folder = music_folder
        self._bring = bring

    def voice_regions(self, asset: Asset, threshold_db: float | None) -> Spans:
        """See `operations.Facts`."""
        if threshold_db is None:
            return self._bank.voice_regions(asset)
        return exact(self._bank.louder_than(asset, threshold_db))

    def pauses(self, voice: Spans, duration_s: Fraction, grid_hz: Fraction, rule: PauseRule) -> Spans:
        """See `operations.Facts`."""
        from saycut.audio.pauses import cuts

        return cuts(
            tuple((float(a), float(b)) for a, b in voice),
            duration_s,
            min_silence_s=rule.min_silence_s,
            keep_before_s=rule.keep_before_s,
            keep_after_s=rule.keep_after_s,
            where="edges" if rule.edges_only else "all",
            grid_hz=grid_hz,
        )

    def match(self, recording: Asset, reference: Asset) -> Match:
        """See `operations.Facts`."""
        found = self._bank.alignment(recording, reference)
        return Match(
            same=found.verdict == "same",
            offset_s=seconds(found.offset_s),
            drift_ppm=found.drift_ppm,
            confidence=found.confidence,
            reason=found.reason,
        )

    def music_match(self, asset: Asset, track: Asset) -> Match:
        """See `operations.Facts`."""
        try:
            report = self._bank.cancelled(asset, track)
        except Impossible as refusal:
            reason = Words(refusal.sentence("en").rstrip("."), refusal.sentence("zh").rstrip("。"))
            return Match(same=False, offset_s=Fraction(0), drift_ppm=0.0, confidence=0.0, reason=reason)
        return Match(
            same=True,
            offset_s=seconds(report.offset_s),
            drift_ppm=report.drift_ppm,
            confidence=report.confidence,
            reason=Words("the song was found", "已找到该曲"),
        )

    def library_track(self, mood: str | None) -> Asset | None:
        """See `operations.Facts`."""
        if self._music_folder is None:
            return None
        track = best_track(self._music_folder, mood)
        return self._bring(track) if track is not None else None

    def bed_mood(self, words: str | None) -> str:
        """See `operations.Facts`."""
        from saycut.audio.bed.resolver import mood_for

        return mood_for(words)

    def bed_title(self, bed: Bed) -> str:
        """See `operations.Facts`."""
        from saycut.audio.bed.identity import title
        from saycut.audio.bed.spec import BedSpec

        return title(BedSpec(mood=bed.mood, seed=bed.seed, duration_s=0.0))
