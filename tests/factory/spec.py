"""What a clip is made of, and what is true about it.

Time 0 of a clip is the first picture a player shows (of sound alone: its first sample). Frame number i
is shown at `clip.time_of(i)`; the sound heard at time t is the original at t (see `sound`). Nothing
else need be remembered: whatever an edit does, every frame and every sample of its output still says
which moment of the source it is.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import accumulate, pairwise
from typing import Literal

Kind = Literal["code", "tones", "clicks", "bursts", "speech", "silence"]
Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Picture:
    """A video stream. Frames are numbered from `first_index` in presentation order.

    Without `ticks` frame k is shown k / rate seconds after frame 0; `ticks` gives the times of all
    frames in units of `time_base` instead (variable frame rate). The first `hidden` frames are there
    but hidden by an edit list (MP4 and MOV only). `rotation` is what the display matrix tells a player
    to turn, in degrees clockwise; the stored picture is turned the other way, so that it looks upright.
    """

    codec: str = "libx264"
    width: int = 320
    height: int = 180
    rate: Fraction = Fraction(30)
    frames: int = 90
    ticks: tuple[int, ...] | None = None
    time_base: Fraction = Fraction(1, 90_000)
    pix_fmt: str = "yuv420p"
    full_range: bool = False
    b_frames: int = 0
    gop: int = 30
    open_gop: bool = False
    rotation: int = 0
    hidden: int = 0
    interlaced: bool = False
    hdr: bool = False
    first_index: int = 0
    source: int = 0
    crf: int = 20

    @property
    def durations(self) -> tuple[Fraction, ...]:
        """How long each frame is shown, in seconds; the last as long as the one before it."""
        times = (*self.times, 2 * self.times[-1] - self.times[-2])
        return tuple(after - before for before, after in pairwise(times))

    @property
    def times(self) -> tuple[Fraction, ...]:
        """When each frame is shown, hidden ones included; 0 is the first one that is not hidden."""
        if self.ticks is None:
            return tuple((k - self.hidden) / self.rate for k in range(self.frames))
        return tuple((tick - self.ticks[self.hidden]) * self.time_base for tick in self.ticks)


@dataclass(frozen=True)
class Sound:
    """An audio stream. `start_s` is when it begins, against the first picture shown.

    Without `length_s` it ends with the picture (sound alone: 3 s). `spoken` are the bursts of kind
    "bursts", in seconds of the clip; `floor_db` is how far below them the pauses lie. Kind "speech" is the
    synthetic voice of `talk`.
    """

    codec: str = "aac"
    rate_hz: int = 48_000
    channels: int = 2
    kind: Kind = "code"
    source: int = 0
    start_s: Fraction = Fraction(0)
    length_s: Fraction | None = None
    bit_rate: int = 160_000
    spoken: tuple[tuple[float, float], ...] = ()
    floor_db: float = -80.0


@dataclass(frozen=True)
class Clip:
    """One file: a container, at most one stamped picture, any number of sounds.

    `start_s` is the time stamp of time 0 in the container. `subtitle`, `cover` and `timecode` add a
    text track, an attached cover picture and a timecode data track. `lag_s` is by how much the format
    itself presents the sound late (MP3 in AVI cannot declare its codec delay): part of the truth,
    never set by an edit. `tick_s` is the grain of the container's time stamps.
    """

    container: str = "mp4"
    picture: Picture | None = Picture()
    sounds: tuple[Sound, ...] = (Sound(),)
    start_s: Fraction = Fraction(0)
    muxer: Options = ()
    subtitle: bool = False
    cover: bool = False
    timecode: bool = False
    lag_s: Fraction = Fraction(0)

    @property
    def suffix(self) -> str:
        return {"adts": ".aac"}.get(self.container, f".{self.container}")

    @property
    def indices(self) -> tuple[int, ...]:
        """The numbers of the frames a player shows, in order."""
        if self.picture is None:
            return ()
        first = self.picture.first_index
        return tuple(range(first + self.picture.hidden, first + self.picture.frames))

    def time_of(self, index: int) -> Fraction:
        """When frame `index` is shown, in seconds (negative for hidden frames)."""
        if self.picture is None:
            raise ValueError("this clip has no picture")
        return self.picture.times[index - self.picture.first_index]

    @property
    def duration_s(self) -> Fraction:
        """How long the picture is shown (of sound alone: how long the first one sounds)."""
        if self.picture is not None:
            return self.picture.times[-1] + self.picture.durations[-1]
        return self.sounds[0].length_s or Fraction(3)

    @property
    def tick_s(self) -> Fraction:
        return Fraction(1, 1000) if self.container in ("mkv", "webm") else Fraction(1, 90_000)

    def sound_end_s(self, number: int = 0) -> Fraction:
        """When sound `number` ends, against time 0."""
        sound = self.sounds[number]
        return self.duration_s if sound.length_s is None else sound.start_s + sound.length_s

    def alone(self) -> "Clip":
        """The same picture without any sound."""
        return replace(self, sounds=())


@dataclass(frozen=True)
class Still:
    """A stamped still picture; `orientation` is the EXIF value (1 to 8) a viewer has to honour.

    The stored pixels are laid out so that the picture is upright once the orientation is applied.
    GIF takes `frames` of 100 ms each, numbered from `index`.
    """

    container: Literal["jpg", "png", "webp", "gif"] = "png"
    width: int = 320
    height: int = 180
    orientation: int = 1
    index: int = 7
    source: int = 0
    frames: int = 1
    transparent: bool = False

    @property
    def suffix(self) -> str:
        return f".{self.container}"


@dataclass(frozen=True)
class Broken:
    """A file that must be refused in one plain sentence, or (truncated media) read as far as it goes."""

    how: Literal["empty", "header", "text", "noise", "truncated", "no_index", "zeros", "playlist", "damaged"]
    suffix: str = ".mp4"


Spec = Clip | Still | Broken


def ticks_from(gaps: tuple[int, ...], frames: int) -> tuple[int, ...]:
    """Times of `frames` frames whose gaps (in ticks) repeat the pattern `gaps`, from 0."""
    repeated = (gaps[k % len(gaps)] for k in range(frames - 1))
    return tuple(accumulate(repeated, initial=0))
