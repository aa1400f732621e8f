"""Fitting whole bars into a given length, and the clock from bars to seconds.

A piece is `bars` bars, the last ones slowed down by the ritard, then the final chord, which
rings for `ring_bars` bars. The tempo is bent by at most 4 % so that all of this ends on the
asked length exactly; pieces too short for that let the final chord (a fermata) take what is left.
"""

import math

import msgspec

BEATS_PER_BAR = 4
LARGEST_BEND = 0.04
TAG_S = 8.0
"""Below this length a piece is a tag: a chord and its resolution."""

_RING_RANGE_S = (2.2, 5.5)
_FERMATA_BARS = 0.6  # at least; at most one bar more, so that some number of bars always fits


class Clock(msgspec.Struct, frozen=True):
    """Bars to seconds. `ritard_bars` bars before the final chord slow down linearly to (1 + `ritard`)."""

    bpm: float
    bars: int
    bar_s: float
    ritard: float
    ritard_bars: float

    def at(self, bar: float) -> float:
        """Seconds at the position `bar` (0 = the first downbeat, `bars` = the final chord)."""
        late = max(0.0, bar - (self.bars - self.ritard_bars))
        late = min(late, self.ritard_bars)
        slowed = self.ritard * late * late / (2 * self.ritard_bars) if self.ritard_bars else 0.0
        return self.bar_s * (bar + slowed)

    @property
    def final_s(self) -> float:
        """Where the final chord falls."""
        return self.at(self.bars)


def fit(duration_s: float, bpm: float, ritard: float) -> Clock:
    """The clock of a piece of `duration_s` near `bpm` (within ±4 %)."""
    nominal_s = 60.0 * BEATS_PER_BAR / bpm
    if duration_s < TAG_S:
        return _tag(duration_s, nominal_s)
    best: tuple[float, Clock] | None = None
    middle = duration_s / nominal_s
    for bars in range(max(2, math.floor(middle * 0.95) - 4), math.ceil(middle * 1.05) + 1):
        for ring_bars in (1.0, 1.5, 2.0, 2.5, 3.0, 4.0):
            clock = _clock(bars, duration_s, ring_bars, ritard)
            penalty = _penalty(clock, duration_s, nominal_s)
            if penalty is not None and (best is None or penalty < best[0]):
                best = (penalty, clock)
    return best[1] if best else _fermata(duration_s, nominal_s, ritard)


def _clock(bars: int, duration_s: float, ring_bars: float, ritard: float) -> Clock:
    ritard_bars = min(1.0, bars / 2)
    bar_s = duration_s / (bars + ritard * ritard_bars / 2 + ring_bars)
    return Clock(60.0 * BEATS_PER_BAR / bar_s, bars, bar_s, ritard, ritard_bars)


def _penalty(clock: Clock, duration_s: float, nominal_s: float) -> float | None:
    bend = abs(nominal_s / clock.bar_s - 1)
    ring_s = duration_s - clock.final_s
    if bend > LARGEST_BEND or not _RING_RANGE_S[0] <= ring_s <= _RING_RANGE_S[1]:
        return None
    square = {0: 0.0, 2: 0.008}.get(clock.bars % 4, 0.02)  # phrases come in twos and fours
    return bend + square + 0.012 * abs(ring_s - 3.2)


def _fermata(duration_s: float, nominal_s: float, ritard: float) -> Clock:
    """The given tempo as it is; the final chord takes between 0.6 and 1.6 bars, or a little more."""
    slack = ritard / 2
    bars = max(1, math.floor(duration_s / nominal_s - _FERMATA_BARS - slack))
    return Clock(60.0 * BEATS_PER_BAR / nominal_s, bars, nominal_s, ritard, min(1.0, bars / 2))


def _tag(duration_s: float, nominal_s: float) -> Clock:
    """One shortened bar before the final chord: about two fifths of the length, in whole beats."""
    beat_s = nominal_s / BEATS_PER_BAR
    beats = max(1, round(0.42 * duration_s / beat_s))
    before_s = beats * beat_s if beats * beat_s < 0.55 * duration_s else 0.42 * duration_s
    return Clock(60.0 / beat_s, bars=1, bar_s=before_s, ritard=0.0, ritard_bars=0.0)
