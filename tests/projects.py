"""Projects and facts made by hand, for tests of the pure rooms."""

from fractions import Fraction

from saycut.operations.base import Match, PauseRule
from saycut.timeline.project import Asset, Bed, Project, Segment, Track
from saycut.timeline.spans import Spans
from saycut.words import Words


def video(asset_id: str = "clip", seconds: Fraction | int = 20, *, sound: bool = True) -> Asset:
    return Asset(
        id=asset_id,
        name=f"{asset_id}.mp4",
        kind="video",
        duration_s=Fraction(seconds),
        width=1280,
        height=720,
        frame_rate=Fraction(25),
        has_sound=sound,
    )


def recording(asset_id: str = "lav", seconds: Fraction | int = 30) -> Asset:
    return Asset(
        id=asset_id, name=f"{asset_id}.wav", kind="audio", duration_s=Fraction(seconds), has_sound=True
    )


def segment(asset: Asset, at_s: Fraction | int = 0) -> Segment:
    return Segment(asset_id=asset.id, at_s=Fraction(at_s), start_s=Fraction(0), duration_s=asset.duration_s)


def project(*assets: Asset) -> Project:
    """Pictures in a row on the main track (or the first sound, alone); other sounds beside it."""
    clips = [a for a in assets if a.has_picture] or list(assets[:1])
    laid, at = [], Fraction(0)
    for clip in clips:
        laid.append(segment(clip, at))
        at += clip.duration_s
    return Project(assets=tuple(assets), tracks=(Track(id="main", role="main", segments=tuple(laid)),))


SAME = Match(same=True, offset_s=Fraction(0), drift_ppm=0.0, confidence=0.9, reason=Words("same", "相同"))
OTHER = Match(
    same=False, offset_s=Fraction(0), drift_ppm=0.0, confidence=0.1, reason=Words("other words", "不同")
)


class GivenFacts:
    """`operations.Facts` with the answers given beforehand; what was asked is kept in `asked`."""

    def __init__(
        self,
        *,
        voice: dict[str, Spans] | None = None,
        cuts: Spans = (),
        match: Match = OTHER,
        music: Match = OTHER,
        library: Asset | None = None,
    ) -> None:
        self.voice = voice or {}
        self.cuts = cuts
        self.matched = match
        self.music = music
        self.library = library
        self.asked: list[tuple[object, ...]] = []

    def voice_regions(self, asset: Asset, threshold_db: float | None) -> Spans:
        self.asked.append(("voice", asset.id, threshold_db))
        return self.voice.get(asset.id, ())

    def pauses(self, voice: Spans, duration_s: Fraction, grid_hz: Fraction, rule: PauseRule) -> Spans:
        self.asked.append(("pauses", voice, duration_s, grid_hz, rule))
        return self.cuts

    def match(self, recording: Asset, reference: Asset) -> Match:
        self.asked.append(("match", recording.id, reference.id))
        return self.matched

    def music_match(self, asset: Asset, track: Asset) -> Match:
        self.asked.append(("music", asset.id, track.id))
        return self.music

    def library_track(self, mood: str | None) -> Asset | None:
        return self.library

    def bed_mood(self, words: str | None) -> str:
        return words or "calm"

    def bed_title(self, bed: Bed) -> str:
        return f"{bed.mood} No. {bed.seed}"
