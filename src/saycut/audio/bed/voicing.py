"""Voice leading: which octave each chord tone sounds in.

Among all ways to place the chord's tones in the register, take the one that moves least from
the chord before (common tones stay), keeps the top voice smooth and avoids mud and grit:
narrow intervals low down and semitones on top. The costs are our own, set by the usual
rules of keyboard harmony (low interval limits, contrary or oblique motion in the outer voices).
"""

from functools import lru_cache
from itertools import combinations, pairwise, product

import msgspec

from saycut.audio.bed.harmony import Chord
from saycut.errors import Internal

Voicing = tuple[int, ...]
"""MIDI pitches from low to high."""

_MUDDY_BELOW = 53  # F3: under it, intervals smaller than a fourth blur
_NARROWEST_LOW = 5
_WIDEST_GAP = 11


class Register(msgspec.Struct, frozen=True):
    """Where a part plays: MIDI pitches `low`..`high`, with `voices` notes a chord."""

    low: int
    high: int
    voices: int

    @property
    def centre(self) -> float:
        return (self.low + self.high) / 2


@lru_cache(maxsize=8192)
def voiced(sounding: Chord, before: Voicing | None, register: Register) -> Voicing:
    """The smoothest placement of `sounding` in `register` after the voicing `before` (None: at a start)."""
    candidates = _candidates(sounding, register)
    return min(candidates, key=lambda pitches: (_cost(pitches, before, register), pitches))


def _candidates(sounding: Chord, register: Register) -> list[Voicing]:
    """Every placement of the wanted tones without unisons.

    Root, then fifth, then third are doubled to fill the voices; where none has room twice, a voice rests.
    """
    wanted = list(dict.fromkeys(sounding.tones))[: register.voices]
    places = {
        tone: range(register.low + (tone - register.low) % 12, register.high + 1, 12) for tone in range(12)
    }
    for missing in range(register.voices - len(wanted), -1, -1):
        for doubled in combinations((sounding.root, sounding.fifth, sounding.third), missing):
            chosen = product(*(places[tone] for tone in (*wanted, *doubled)))
            found = {tuple(sorted(pitches)) for pitches in chosen if len(set(pitches)) == len(pitches)}
            if found:
                return sorted(found)
    raise Internal(reason=f"{sounding.name} has no room between {register.low} and {register.high}")


def _cost(pitches: Voicing, before: Voicing | None, register: Register) -> float:
    cost = 0.25 * abs(sum(pitches) / len(pitches) - register.centre)
    for low, high in pairwise(pitches):
        gap = high - low
        if gap < _NARROWEST_LOW and low < _MUDDY_BELOW:
            cost += 0.6 * (_NARROWEST_LOW - gap)
        if gap == 1:
            cost += 2.0 if high == pitches[-1] else 0.8
        if gap > _WIDEST_GAP:
            cost += 0.5 * (gap - _WIDEST_GAP)
    if pitches[-1] - pitches[0] == 13:  # a minor ninth between the outer voices grates
        cost += 3.0
    if before is None:
        return cost
    return cost + _movement(pitches, before)


def _movement(pitches: Voicing, before: Voicing) -> float:
    if len(pitches) != len(before):
        return float(abs(pitches[-1] - before[-1]))
    steps = [now - then for now, then in zip(pitches, before, strict=True)]
    moved = sum(abs(step) for step in steps)
    leap = max(0, abs(steps[-1]) - 4)
    parallel = all(step == steps[0] for step in steps) and steps[0] != 0
    return 0.45 * moved + 0.8 * leap + (1.5 if parallel else 0.0)
