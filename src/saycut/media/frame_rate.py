"""The nominal rate of a picture track, from the presentation times of its frames."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from statistics import median

_NTSC_RATES = tuple(Fraction(1000 * rate, 1001) for rate in (15, 24, 30, 48, 60, 120, 240))
_WHOLE_RATES = (5, 6, 7, 8, 9, 10, 12, 15, 18, 20, 24, 25, 30, 48, 50, 60, 72, 75, 90, 100, 120, 144, 240)
STANDARD_RATES = tuple(sorted((*_NTSC_RATES, *(Fraction(rate) for rate in _WHOLE_RATES))))
_LEAST_RATE, _MOST_RATE = Fraction(1), Fraction(240)
_NEAR = Fraction(1, 20)
_SNAP = Fraction(3, 100)
_MOST_OFF_GRID = 0.45  # of a frame; below one half every frame still has a grid place of its own


def nominal_rate(
    times: Sequence[int], time_base: Fraction, declared: Fraction | None
) -> tuple[Fraction, bool]:
    """(frame rate, is_vfr) of frames shown at `times` (ascending ticks of `time_base`).

    Constant means: frame k is the one that rounding to a grid of that rate, laid from the first
    frame, finds at place k. Rates that explain the times to one tick win over rates that are
    merely near; where several do, the `declared` one if it is a standard rate, else the closest.
    For a variable rate the answer is the grid on which the typical spacing is one frame.
    """
    if len(times) < 2 or times[-1] <= times[0]:
        return _bounded(declared or Fraction(25)), False
    mean = (len(times) - 1) / ((times[-1] - times[0]) * time_base)
    tick_s = float(time_base)
    candidates = [rate for rate in STANDARD_RATES if abs(rate / mean - 1) < _NEAR]
    if declared in candidates:
        candidates = [declared, *(rate for rate in candidates if rate != declared)]
    exact = _best(times, tick_s, candidates, 1.01 * tick_s, declared)
    if exact is not None:
        return exact, False
    steady = mean.limit_denominator(1001)
    if _off_grid_s(times, tick_s, steady, 1.01 * tick_s) is not None:
        return _bounded(steady), False
    near = _best(times, tick_s, candidates, None, declared)
    if near is not None:
        return near, False
    step = median(later - earlier for earlier, later in pairwise(times))
    typical = 1 / (Fraction(step) * time_base) if step > 0 else mean
    return _bounded(_snapped(max(typical, mean), declared)), True


def _best(
    times: Sequence[int],
    tick_s: float,
    rates: Sequence[Fraction],
    most_s: float | None,
    preferred: Fraction | None,
) -> Fraction | None:
    fitting: list[tuple[float, Fraction]] = []
    for rate in rates:
        off_s = _off_grid_s(times, tick_s, rate, most_s)
        if off_s is not None and rate == preferred:
            return rate
        if off_s is not None:
            fitting.append((off_s, rate))
    return min(fitting)[1] if fitting else None


def _off_grid_s(times: Sequence[int], tick_s: float, rate: Fraction, most_s: float | None) -> float | None:
    """The largest distance of a frame from its grid place; None over `most_s` or near half a frame."""
    frame_s = float(1 / rate)
    limit = _MOST_OFF_GRID * frame_s
    if most_s is not None:
        limit = min(limit, most_s)
    first = times[0]
    worst = 0.0
    for place, time in enumerate(times):
        off = abs((time - first) * tick_s - place * frame_s)
        if off > worst:
            if off > limit:
                return None
            worst = off
    return worst


def _snapped(rate: Fraction, declared: Fraction | None) -> Fraction:
    """A standard rate as good as `rate`: itself, the declared one, or else the nearest whole one."""
    near = [standard for standard in STANDARD_RATES if abs(standard / rate - 1) < _SNAP]
    for better in (rate, declared):
        if better in near:
            return better
    whole = [standard for standard in near if standard.denominator == 1]
    return min(whole, key=lambda standard: abs(standard - rate), default=rate.limit_denominator(1001))


def _bounded(rate: Fraction) -> Fraction:
    return min(max(rate, _LEAST_RATE), _MOST_RATE)
