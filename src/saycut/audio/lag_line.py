"""A straight line through lags of which many may be wrong: offset and clock drift."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

_STEEPEST_PPM = 400.0  # ordinary clocks stay within 100; cheap recorders have been seen near 200
_MOST_PAIRS = 3000
_REFITS = 5


class LagLine(NamedTuple):
    """lag_s = at_zero_s + drift_ppm * 1e-6 * time_s, and which of the points lie on it."""

    at_zero_s: float
    drift_ppm: float
    inliers: NDArray[np.bool_]

    def at(self, time_s: float | Numbers) -> Numbers:
        """The lag in seconds at `time_s`."""
        return np.asarray(self.at_zero_s + self.drift_ppm * 1e-6 * np.asarray(time_s))


def ransac(times_s: Numbers, lags_s: Numbers, tolerance_s: float) -> LagLine:
    """The line of at most 400 ppm that most points lie on within `tolerance_s` (Fischler & Bolles 1981).

    Candidates are all pairs of points (a seeded choice of 3000 when there are more) and the level
    lines through each point; among equals the one with the smaller residuals wins. One point at least.
    """
    first, second = _pairs(len(times_s))
    apart = times_s[second] - times_s[first]
    slopes = np.divide(lags_s[second] - lags_s[first], apart, out=np.zeros_like(apart), where=apart > 0)
    gentle = np.abs(slopes) <= _STEEPEST_PPM * 1e-6
    slopes = np.concatenate([slopes[gentle], np.zeros(len(times_s))])
    anchors = np.concatenate([first[gentle], np.arange(len(times_s))])
    intercepts = lags_s[anchors] - slopes * times_s[anchors]
    best, best_score = 0, -np.inf
    for index in range(len(slopes)):
        away = np.abs(lags_s - intercepts[index] - slopes[index] * times_s) / tolerance_s
        score = float(np.maximum(0.0, 1.0 - 0.5 * away)[away <= 1].sum())
        if score > best_score:
            best, best_score = index, score
    on_line = np.abs(lags_s - intercepts[best] - slopes[best] * times_s) <= tolerance_s
    return LagLine(float(intercepts[best]), float(slopes[best]) * 1e6, on_line)


def _pairs(points: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    first, second = np.triu_indices(points, 1)
    if len(first) > _MOST_PAIRS:
        chosen = np.random.default_rng(0).choice(len(first), _MOST_PAIRS, replace=False)
        first, second = first[chosen], second[chosen]
    return first, second


def refined(line: LagLine, times_s: Numbers, lags_s: Numbers, sloped: bool) -> LagLine:
    """The least-squares line near `line`, points beyond three robust deviations left out.

    With `sloped` false only the level is fitted, at the drift of `line`.
    """
    kept = line.inliers
    for _ in range(_REFITS):
        at_zero_s, slope = _least_squares(times_s[kept], lags_s[kept], line.drift_ppm * 1e-6, sloped)
        away = np.abs(lags_s - at_zero_s - slope * times_s)
        limit = 3 * 1.4826 * float(np.median(away[kept])) + 1e-5
        line = LagLine(at_zero_s, slope * 1e6, line.inliers)
        now = line.inliers & (away <= limit)
        if np.array_equal(now, kept) or not now.any():
            break
        kept = now
    return LagLine(line.at_zero_s, line.drift_ppm, kept)


def _least_squares(times_s: Numbers, lags_s: Numbers, slope: float, sloped: bool) -> tuple[float, float]:
    middle_s = float(times_s.mean())
    spread = times_s - middle_s
    if sloped and float(spread @ spread) > 0:
        slope = float(spread @ (lags_s - lags_s.mean())) / float(spread @ spread)
        return float(lags_s.mean()) - slope * middle_s, slope
    return float(np.median(lags_s - slope * times_s)), slope
