"""The moods, as data: what `moods.toml` and `grooves.toml` say, typed and checked."""

from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

from saycut.errors import NotFound

Role = Literal["pad", "figure", "bass", "motif", "drums"]


class PartPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One player of a mood.

    patches: sounds to choose from (for drums: kits); figures: patterns to choose from (keys of
    `grooves.toml`); low..high: MIDI register; enter: the section intensity (0..1) from which the
    part plays, until `leave`; chance: how likely it plays in a section it may play in; ring: notes
    sound on until the chord changes, as under a pedal; echo: dotted-eighth repeats.
    """

    role: Role
    patches: tuple[str, ...]
    figures: tuple[str, ...] = ("whole",)
    low: int = 48
    high: int = 72
    voices: int = 4
    gain_db: float = 0.0
    pan: float = 0.0
    send_db: float = -12.0
    enter: float = 0.0
    leave: float = 1.01
    chance: float = 1.0
    ring: bool = False
    echo: bool = False
    strum_ms: float = 0.0
    duck_db: float = 0.0


class Room(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The reverb: RT60 at middle frequencies, predelay, and the corner of its low-pass."""

    rt60_s: float
    predelay_ms: float
    damping_hz: float


class Mood(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a mood is composed and mixed; see `moods.toml`."""

    tempo_bpm: tuple[float, float]
    mode: str
    tonics: tuple[int, ...]
    a: tuple[str, ...]
    b: tuple[str, ...]
    cadence: tuple[str, ...]
    final: tuple[str, ...]
    room: Room
    parts: tuple[PartPlan, ...]
    ritard: float = 0.15
    swing: float = 0.0
    swing_grid: int = 16
    loose_ms: float = 6.0
    brightness_db: float = 0.0
    drive_db: float = 0.0


class KitPiece(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A drum of a kit: its patch, level, place, lateness and the intensity from which it plays."""

    patch: str
    gain_db: float = 0.0
    pan: float = 0.0
    enter: float = 0.0
    late_ms: float = 0.0


class Grooves(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Step patterns. The number of characters divides the bar (16 = sixteenths, 12 = eighth triplets)."""

    figure: dict[str, tuple[str, ...]]
    bassline: dict[str, tuple[str, ...]]
    beat: dict[str, tuple[dict[str, str], ...]]
    fill: dict[str, tuple[dict[str, str], ...]]
    kit: dict[str, dict[str, KitPiece]]


@cache
def moods() -> dict[str, Mood]:
    """Every mood by name, in the order of the table."""
    return msgspec.toml.decode(_data("moods.toml"), type=dict[str, Mood])


@cache
def grooves() -> Grooves:
    """The step patterns and drum kits."""
    return msgspec.toml.decode(_data("grooves.toml"), type=Grooves)


def mood_named(name: str) -> Mood:
    """The mood `name`. Raises NotFound for a name that is not in the table."""
    if name not in moods():
        raise NotFound(name=f"the mood {name!r} (there are {', '.join(moods())})")
    return moods()[name]


def _data(name: str) -> bytes:
    return files("saycut.audio.bed").joinpath(name).read_bytes()
