"""The project: an immutable value that says what the result is made of.

A project names its sources (`Asset`), lays ranges of them on tracks (`Segment`) and says how
their sound is treated. It holds no paths, no samples and no clock. Times are exact seconds
(`Fraction`); source times count from the source's zero, the first presented picture (or the
first sound where there is no picture).

`kept` is what a client's draft said besides, as JSON text: it means nothing here and goes back with the
next draft (`timeline.draft`). Text, so that every value stays immutable and hashable.
"""

from fractions import Fraction
from typing import Literal

import msgspec

from saycut.timeline.clock import Seconds
from saycut.timeline.value import but

Kind = Literal["video", "audio", "image"]
Role = Literal["main", "recording", "voiceover", "music", "sound"]
VOICE_ROLES: frozenset[Role] = frozenset({"main", "recording", "voiceover"})

STILL_S = Seconds(5)  # how long a still lasts (DESIGN, meaning rules)


class Bed(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of music that Saycut composes itself; its length is that of the segment it fills."""

    mood: str
    seed: int
    tempo_bpm: float | None = None


class Asset(msgspec.Struct, frozen=True, kw_only=True):
    """One source, known by its content and not by its place on a disk."""

    id: str
    name: str
    kind: Kind
    duration_s: Seconds
    width: int = 0
    height: int = 0
    frame_rate: Fraction | None = None
    has_sound: bool = False
    bed: Bed | None = None

    @property
    def has_picture(self) -> bool:
        return self.kind != "audio"


Noise = Literal["noise", "hum", "hiss", "wind", "click", "reverb"]
Strength = Literal["light", "medium", "strong"]
Keep = Literal["voice", "ambience"]


class Denoise(msgspec.Struct, frozen=True, kw_only=True, tag="denoise"):
    """Noise lowered by an engine of the audio room; `by` is the step that asked for it."""

    by: str
    kind: Noise = "noise"
    strength: Strength = "medium"


class RemoveMusic(msgspec.Struct, frozen=True, kw_only=True, tag="remove_music"):
    """Music taken out: by subtracting the known track, else by keeping the voice alone, or the voice and
    the ambience (every sound that is no music). With a known track `keep` says nothing: all else stays.
    With `down_db` what would go stays, so much quieter."""

    by: str
    track: str | None = None  # asset id of the known song
    keep: Keep = "voice"
    down_db: float | None = None


class IsolateMusic(msgspec.Struct, frozen=True, kw_only=True, tag="isolate_music"):
    """The voice taken out, the rest kept."""

    by: str


Cleanup = Denoise | RemoveMusic | IsolateMusic


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """How a clip's picture is turned and cropped: first the crop, in shares of the upright picture, then
    the flips, then the turn (degrees clockwise, a multiple of 90)."""

    left: Fraction = Fraction(0)
    top: Fraction = Fraction(0)
    right: Fraction = Fraction(1)
    bottom: Fraction = Fraction(1)
    flip_horizontal: bool = False
    flip_vertical: bool = False
    turn_deg: int = 0


class Fades(msgspec.Struct, frozen=True, kw_only=True):
    """From and to black and silence, in seconds; 0 = none."""

    picture_in_s: Seconds = Seconds(0)
    picture_out_s: Seconds = Seconds(0)
    sound_in_s: Seconds = Seconds(0)
    sound_out_s: Seconds = Seconds(0)


BlendKind = Literal[
    "dissolve", "black", "white", "wipe_left", "wipe_right", "slide_left", "slide_right", "zoom"
]


class Blend(msgspec.Struct, frozen=True, kw_only=True):
    """A transition: over the whole length of its segment, `before` goes over into the segment."""

    kind: BlendKind
    before: "Segment"  # lies at the same place and is as long


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """A range of one asset laid on a track.

    `start_s` counts in the source's time after its clock drift was corrected. One second of timeline plays
    `speed` seconds of source, from `source_end_s` to `start_s` when it is `reverse`. Segments of the main
    track with the same `clip` are one clip to the person, however often it was cut.
    """

    asset_id: str
    at_s: Seconds
    start_s: Seconds
    duration_s: Seconds
    audible: bool = True
    gain_db: float = 0.0
    drift_ppm: float = 0.0
    cleanups: tuple[Cleanup, ...] = ()
    clip: int = 0
    speed: Fraction = Fraction(1)
    reverse: bool = False
    look: Look = Look()
    fades: Fades = Fades()
    blend: Blend | None = None
    kept: str = ""

    @property
    def end_s(self) -> Seconds:
        """Where it ends on the timeline."""
        return self.at_s + self.duration_s

    @property
    def source_end_s(self) -> Seconds:
        """Where its range ends in its source."""
        return self.start_s + self.duration_s * self.speed


class Track(msgspec.Struct, frozen=True, kw_only=True):
    """Segments that share a role; they do not overlap and are sorted by `at_s`.

    `under_voice_lu`: how far below the voice a music track lies. `duck_db`: how much lower still
    while somebody speaks (0 = no ducking).
    """

    id: str
    role: Role
    segments: tuple[Segment, ...] = ()
    gain_db: float = 0.0
    under_voice_lu: float | None = None
    duck_db: float = 0.0
    fade_in_s: float = 0.0
    fade_out_s: float = 0.0
    kept: str = ""


TitlePosition = Literal[
    "top", "center", "bottom", "top_left", "top_right", "bottom_left", "bottom_right", "left", "right"
]


class Title(msgspec.Struct, frozen=True, kw_only=True):
    """Words on the picture, from `start_s` to `end_s` of the timeline; `color` is a CSS name or #rrggbb.

    `line`: which of a draft's text tracks it stands on."""

    by: str
    text: str
    start_s: Seconds
    end_s: Seconds
    position: TitlePosition = "center"
    color: str = "white"
    style: Literal["title", "lower_third"] = "title"
    line: int = 0
    kept: str = ""


class LoudnessTarget(msgspec.Struct, frozen=True, kw_only=True):
    """What the finished sound is brought to (ITU-R BS.1770)."""

    lufs: float = -14.0
    ceiling_dbtp: float = -1.0


Fit = Literal["contain", "cover", "blur"]


class Output(msgspec.Struct, frozen=True, kw_only=True):
    """What the request said about the file; what it left open is None.

    The shape of the picture: `width` and `height` (either alone keeps the shape), else `aspect`, else that of
    the largest clip; `fit` says how clips of another shape meet it.
    """

    format: str | None = None
    sound_only: bool = False
    short_side: int | None = None
    width: int | None = None
    height: int | None = None
    aspect: Fraction | None = None
    fit: Fit = "contain"
    frame_rate: Fraction | None = None
    quality: Literal["small", "high"] | None = None
    max_size_bytes: int | None = None
    channels: int | None = None
    audio_bitrate_kbps: int | None = None


class Project(msgspec.Struct, frozen=True, kw_only=True):
    """What the result is made of. Operations map one project to the next; nothing is ever changed."""

    assets: tuple[Asset, ...] = ()
    tracks: tuple[Track, ...] = ()
    target: LoudnessTarget | None = None
    output: Output = Output()
    cover_id: str | None = None
    titles: tuple[Title, ...] = ()
    fades: Fades = Fades()
    protected: frozenset[Role] = frozenset()
    kept: str = ""

    def asset(self, asset_id: str) -> Asset:
        """The asset of that id. Raises KeyError for an id that is not in the project."""
        for asset in self.assets:
            if asset.id == asset_id:
                return asset
        raise KeyError(asset_id)

    def track(self, track_id: str) -> Track:
        """The track of that id. Raises KeyError for an id that is not in the project."""
        for track in self.tracks:
            if track.id == track_id:
                return track
        raise KeyError(track_id)

    @property
    def main(self) -> Track | None:
        """The track that the clips lie on (or the sounds, where nothing but sound was brought)."""
        return next((track for track in self.tracks if track.role == "main"), None)

    @property
    def has_picture(self) -> bool:
        """Whether there is anything to see."""
        return self.main is not None and any(self.asset(s.asset_id).has_picture for s in self.main.segments)

    @property
    def duration_s(self) -> Seconds:
        """The length of the main track: the picture's length wins over any sound laid beside it."""
        return max((s.end_s for s in self.main.segments), default=Seconds(0)) if self.main else Seconds(0)

    @property
    def frame_rate(self) -> Fraction | None:
        """The rate of the picture: as asked, else that of its first moving clip, 30 for stills; None for
        sound alone."""
        if self.main is None or not self.has_picture:
            return None
        if self.output.frame_rate is not None:
            return self.output.frame_rate
        rates = (self.asset(s.asset_id).frame_rate for s in self.main.segments)
        return next((rate for rate in rates if rate is not None), Fraction(30))

    @property
    def grid_hz(self) -> Fraction:
        """The grid on which cuts lie: frames where there is a picture, else samples."""
        return self.frame_rate or Fraction(48_000)

    @property
    def on_timeline(self) -> frozenset[str]:
        """Ids of the assets that some segment uses."""
        return frozenset(s.asset_id for t in self.tracks for s in t.segments)

    @property
    def unleveled(self) -> "Project":
        """What of it is heard before its final level; all else may change without another sound."""
        return but(self, output=Output(), target=None, titles=())

    def beside(self) -> tuple[Asset, ...]:
        """Sounds that were brought but are not on the timeline yet, in the order they came."""
        used = self.on_timeline
        return tuple(a for a in self.assets if a.kind == "audio" and a.bed is None and a.id not in used)

    def audible(self) -> tuple[tuple[Track, Segment], ...]:
        """Every segment that is heard, with its track."""
        return tuple(
            (track, segment)
            for track in self.tracks
            for segment in track.segments
            if segment.audible and self.asset(segment.asset_id).has_sound
        )

    def with_asset(self, asset: Asset) -> "Project":
        """The project with one more asset (or the same one, when it is there already)."""
        if any(known.id == asset.id for known in self.assets):
            return self
        return but(self, assets=(*self.assets, asset))

    def with_track(self, track: Track) -> "Project":
        """The project with `track` in the place of the track of the same id, or added at the end."""
        if any(known.id == track.id for known in self.tracks):
            tracks = tuple(track if known.id == track.id else known for known in self.tracks)
        else:
            tracks = (*self.tracks, track)
        return but(self, tracks=tracks)

    def without_track(self, track_id: str) -> "Project":
        """The project without that track; its assets stay."""
        return but(self, tracks=tuple(t for t in self.tracks if t.id != track_id))
