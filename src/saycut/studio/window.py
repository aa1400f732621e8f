"""A sound bank that hears only a stretch of each clip, for previews: ten seconds cost the same in every film.

Times stay those of the whole source. What lies outside the stretch reads as silence and counts as voice, so
that no verb finds a pause in what it has not heard.
"""

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from saycut.audio.engines import USUAL
from saycut.media.info import Source
from saycut.media.sound import store_sound
from saycut.pcm import RATE_HZ, Pcm, PcmReader
from saycut.render.bank import SoundBank
from saycut.timeline.clock import Seconds, to_samples
from saycut.timeline.project import Asset, Cleanup, Project
from saycut.timeline.spans import Spans, united
from saycut.watch import Watch

if TYPE_CHECKING:
    from saycut.audio.alignment import Alignment
    from saycut.audio.speech import Regions


class Later:
    """A sound that begins `offset` samples after the zero of its source."""

    def __init__(self, reader: PcmReader, offset: int) -> None:
        self._reader = reader
        self._offset = offset
        self.rate_hz = reader.rate_hz
        self.channels = reader.channels
        self.samples = reader.samples + offset

    def read(self, start: int, count: int) -> Pcm:
        """`count` samples from `start` of the source, zeros outside what was heard."""
        return self._reader.read(start - self._offset, count)


class WindowBank(SoundBank):
    """`SoundBank` of the stretches in `windows` (asset id → exact seconds of the source).

    Clips in `unheard` are not listened to at all; every other sound is heard whole. Two recordings are always
    compared whole: where they meet cannot be known before. `heard_whole` names what was.
    """

    def __init__(
        self, sources: Mapping[str, Source], folder: Path, watch: Watch, separator: str = USUAL
    ) -> None:
        super().__init__(sources, folder, watch, separator)
        self.windows: dict[str, tuple[Seconds, Seconds]] = {}
        self.unheard: set[str] = set()
        self.heard_whole: set[str] = set()

    def look_at(self, asset: Asset, start_s: Seconds, end_s: Seconds, context_s: Seconds) -> None:
        """Hear [start_s, end_s) of `asset` with `context_s` around it; widens what is heard already."""
        first, last = self.windows.get(asset.id, (start_s, end_s))
        first = max(min(first, start_s - context_s), Fraction(0))
        last = min(max(last, end_s + context_s), asset.duration_s)
        self.windows[asset.id] = (Fraction(to_samples(first), RATE_HZ), last)

    def look_at_clips(self, project: Project, context_s: Seconds) -> None:
        """Hear what the segments of `project` play of their sources; music is heard whole."""
        for segment in (s for track in project.tracks if track.role != "music" for s in track.segments):
            asset = project.asset(segment.asset_id)
            if asset.bed is None and asset.has_sound:
                self.look_at(asset, segment.start_s, segment.source_end_s, context_s)

    def raw(self, asset: Asset) -> PcmReader:
        """The sound as recorded, of its window only; sample 0 is the first of the window."""
        window = self.windows.get(asset.id)
        if window is None:
            self.heard_whole.add(asset.name)
            return super().raw(asset)
        key = ("window", asset.id, window)
        if key not in self._kept:
            length_s = window[1] - window[0]
            self._kept[key], _ = store_sound(
                self._sources[asset.id],
                self._folder,
                start_s=window[0],
                duration_s=length_s,
                watch=self._watch,
            )
        return self._kept[key]

    def sound(
        self, project: Project, asset: Asset, cleanups: tuple[Cleanup, ...], drift_ppm: float
    ) -> PcmReader:
        """See `SoundBank`; in the source's own time."""
        reader = super().sound(project, asset, cleanups, drift_ppm)
        window = self.windows.get(asset.id)
        if window is None:
            return reader
        return Later(reader, to_samples(window[0] * (1 + Fraction(drift_ppm) / 1_000_000)))

    def voice_regions(self, asset: Asset) -> Spans:
        """See `SoundBank`; all that was not heard counts as voice."""
        if asset.id in self.unheard:
            return ((Fraction(0), asset.duration_s),)
        return self._with_the_rest(asset, super().voice_regions(asset))

    def spoken_regions(self, asset: Asset) -> Spans:
        """See `SoundBank`; all that was not heard counts as voice."""
        if asset.id in self.unheard:
            return ((Fraction(0), asset.duration_s),)
        return self._with_the_rest(asset, super().spoken_regions(asset))

    def louder_than(self, asset: Asset, threshold_db: float) -> "Regions":
        """See `SoundBank`; all that was not heard counts as loud."""
        if asset.id in self.unheard:
            return ((0.0, float(asset.duration_s)),)
        found = super().louder_than(asset, threshold_db)
        spans = self._with_the_rest(asset, tuple((Fraction(a), Fraction(b)) for a, b in found))
        return tuple((float(a), float(b)) for a, b in spans)

    def alignment(self, recording: Asset, reference: Asset) -> "Alignment":
        """See `SoundBank`; both sounds whole."""
        from saycut.audio.alignment import align

        key = (recording.id, reference.id)
        if key not in self._alignments:
            self._alignments[key] = align(self._whole(reference), self._whole(recording), self._watch)
        return self._alignments[key]

    def _whole(self, asset: Asset) -> PcmReader:
        self.heard_whole.add(asset.name)
        return super().raw(asset)

    def _with_the_rest(self, asset: Asset, spans: Spans) -> Spans:
        window = self.windows.get(asset.id)
        if window is None:
            return spans
        heard = ((start + window[0], end + window[0]) for start, end in spans)
        rest = ((Fraction(0), window[0]), (window[1], asset.duration_s))
        return united([*heard, *(span for span in rest if span[0] < span[1])])
