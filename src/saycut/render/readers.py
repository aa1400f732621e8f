"""Segments as sounds to read: cleaned, on the picture's clock, at their speed, direction and level."""

from collections.abc import Iterator
from fractions import Fraction

from saycut.pcm import RATE_HZ, Pcm, PcmReader
from saycut.render.bank import SoundBank
from saycut.timeline.clock import Seconds, to_samples
from saycut.timeline.project import Asset, Cleanup, Project, Segment

# Read beyond a segment by fades at a cut (5 ms each side).
_MARGIN_SAMPLES = 4800

_Sound = tuple[str, tuple[Cleanup, ...], float, Fraction]


class Scaled:
    """A view of a sound at another level."""

    def __init__(self, reader: PcmReader, gain_db: float) -> None:
        self._reader = reader
        self._factor = 10 ** (gain_db / 20)
        self.rate_hz = reader.rate_hz
        self.channels = reader.channels
        self.samples = reader.samples

    def read(self, start: int, count: int) -> Pcm:
        """`count` samples from `start`, zeros outside."""
        scaled: Pcm = self._reader.read(start, count) * self._factor
        return scaled.astype("float32", copy=False)


class Backwards:
    """A view of a sound from its last sample to its first."""

    def __init__(self, reader: PcmReader) -> None:
        self._reader = reader
        self.rate_hz = reader.rate_hz
        self.channels = reader.channels
        self.samples = reader.samples

    def read(self, start: int, count: int) -> Pcm:
        """`count` samples from `start`, zeros outside."""
        return self._reader.read(self.samples - start - count, count)[::-1]


class Stretch:
    """A view of a sound of `samples` of which only a stretch, from sample `first` on, was made."""

    def __init__(self, reader: PcmReader, first: int, samples: int) -> None:
        self._reader = reader
        self._first = first
        self.rate_hz = reader.rate_hz
        self.channels = reader.channels
        self.samples = samples

    def read(self, start: int, count: int) -> Pcm:
        """`count` samples from `start`, zeros outside the stretch."""
        return self._reader.read(start - self._first, count)


class Readers:
    """The sounds of the segments of one project. Segments that share a sound get the same object, so that
    neighbours which continue each other join without a fade."""

    def __init__(self, project: Project, bank: SoundBank) -> None:
        self._project = project
        self._bank = bank
        self._views: dict[tuple[_Sound, bool, float], PcmReader] = {}
        self._hulls: dict[_Sound, tuple[Seconds, Seconds]] = {}
        self._bed_s: dict[str, Seconds] = {}
        for segment in _every_segment(project):
            sound = _sound(segment)
            first, last = self._hulls.get(sound, (segment.start_s, segment.source_end_s))
            self._hulls[sound] = (min(first, segment.start_s), max(last, segment.source_end_s))
            long_s = self._bed_s.get(segment.asset_id, Seconds(0))
            self._bed_s[segment.asset_id] = max(long_s, segment.source_end_s)

    def of(self, segment: Segment, gain_db: float = 0.0) -> PcmReader:
        """What `segment` reads from, `gain_db` louder."""
        key = (_sound(segment), segment.reverse, gain_db)
        if key not in self._views:
            reader = self._forward(segment)
            reader = Backwards(reader) if segment.reverse else reader
            self._views[key] = Scaled(reader, gain_db) if gain_db else reader
        return self._views[key]

    def start(self, segment: Segment) -> int:
        """The sample of `of(segment)` that is heard first."""
        if segment.reverse:
            return self.of(segment).samples - to_samples(segment.source_end_s / segment.speed)
        return to_samples(segment.start_s / segment.speed)

    def _forward(self, segment: Segment) -> PcmReader:
        asset = self._project.asset(segment.asset_id)
        if asset.bed is not None:
            return self._bank.bed(asset, self._bed_s[asset.id])
        if segment.speed == 1:
            return self._bank.sound(self._project, asset, segment.cleanups, segment.drift_ppm)
        return self._at_speed(asset, segment)

    def _at_speed(self, asset: Asset, segment: Segment) -> PcmReader:
        whole = self._bank.sound(self._project, asset, segment.cleanups, segment.drift_ppm)
        samples = to_samples(Fraction(whole.samples, RATE_HZ) / segment.speed)
        first_s, last_s = self._hulls[_sound(segment)]
        first = max(0, to_samples(first_s / segment.speed) - _MARGIN_SAMPLES)
        last = min(samples, to_samples(last_s / segment.speed) + _MARGIN_SAMPLES)
        made = self._bank.at_speed(
            self._project,
            asset,
            segment.cleanups,
            segment.drift_ppm,
            speed=segment.speed,
            span=(first, max(first, last)),
        )
        return Stretch(made, first, samples)


def _sound(segment: Segment) -> _Sound:
    return segment.asset_id, segment.cleanups, segment.drift_ppm, segment.speed


def _every_segment(project: Project) -> Iterator[Segment]:
    for track in project.tracks:
        for segment in track.segments:
            yield segment
            if segment.blend is not None:
                yield segment.blend.before
