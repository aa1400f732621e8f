"""What is composed: the form of a piece and the notes that it is made of.

A `Score` holds the plan only (a few hundred bytes a section); the notes follow from it section
by section (`arrangement.notes`), so that a piece of hours needs no more memory than a short one.
"""

from typing import Literal

import msgspec

from saycut.audio.bed.moods import Mood, PartPlan
from saycut.audio.bed.spec import BedSpec
from saycut.audio.bed.tempo import Clock

Kind = Literal["tag", "intro", "a", "b", "break", "outro"]


class Note(msgspec.Struct, frozen=True):
    """One sound: `start` and `length` (until it is let go) in samples at 48 kHz, MIDI `pitch`, velocity 0..1.

    `part` is the index of the mixer strip (= the part of the mood); a drum has pitch 0.
    """

    start: int
    length: int
    pitch: int
    velocity: float
    patch: str
    part: int
    pan: float = 0.0
    gain_db: float = 0.0


class Section(msgspec.Struct, frozen=True):
    """`bars` bars from `first_bar`; `intensity` (0..1) decides who plays; `cycle` which palette."""

    index: int
    kind: Kind
    first_bar: int
    bars: int
    intensity: float
    cycle: int


class Score(msgspec.Struct, frozen=True):
    """A composed bed. `samples` is its exact length at 48 kHz; `tonic` a pitch class (C = 0)."""

    spec: BedSpec
    mood: Mood
    tonic: int
    clock: Clock
    sections: tuple[Section, ...]
    samples: int

    @property
    def parts(self) -> tuple[PartPlan, ...]:
        return self.mood.parts

    @property
    def tempo_bpm(self) -> float:
        return self.clock.bpm

    @property
    def final_sample(self) -> int:
        """Where the final chord falls."""
        return round(self.clock.final_s * 48_000)
