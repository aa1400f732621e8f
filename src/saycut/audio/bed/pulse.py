"""From a place in the bar to a sample: swing, human looseness, and reading step patterns."""

from collections.abc import Iterator

import msgspec

from saycut.audio.bed.draw import Dice
from saycut.audio.bed.tempo import Clock
from saycut.pcm import RATE_HZ

TRIPLET_STEPS = 12
LARGEST_SLIP = 2.2  # in standard deviations: nobody in the band stumbles


class Step(msgspec.Struct, frozen=True):
    """One sign of a pattern: its place and length as fractions of the bar."""

    sign: str
    at: float
    length: float


class Pulse(msgspec.Struct, frozen=True):
    """The clock of a piece with its swing (share of a grid step by which off-steps come late)."""

    clock: Clock
    swing: float
    swing_grid: int

    def sample(self, bar: int, fraction: float, *, straight: bool = False, late_s: float = 0.0) -> int:
        """The sample of `fraction` of `bar`; `straight` leaves swing out. Never negative."""
        inside = fraction if straight else self._swung(fraction)
        return max(0, round((self.clock.at(bar + inside) + late_s) * RATE_HZ))

    def _swung(self, fraction: float) -> float:
        pair, place = divmod(fraction * self.swing_grid, 2.0)
        late = 1.0 + self.swing
        bent = place * late if place <= 1.0 else late + (place - 1.0) * (2.0 - late)
        return (2.0 * pair + bent) / self.swing_grid


def slip_s(rng: Dice, loose_ms: float) -> float:
    """How early or late a human hand is this time, in seconds."""
    return float(min(max(rng.standard_normal(), -LARGEST_SLIP), LARGEST_SLIP)) * loose_ms / 1000.0


def steps(pattern: str) -> Iterator[Step]:
    """The sounding signs of `pattern`; a run of `-` lengthens the sign before it."""
    for index, sign in enumerate(pattern):
        if sign in ".-":
            continue
        end = index + 1
        while end < len(pattern) and pattern[end] == "-":
            end += 1
        yield Step(sign, index / len(pattern), (end - index) / len(pattern))
