"""Line drawings as SVG: coloured by the page's own style, so that they suit light and dark alike.

Drawings stretch to the width of the page; all words stand beside them, in HTML, and keep their size.
"""

from collections.abc import Sequence
from html import escape

import numpy as np
from numpy.typing import NDArray

from saycut.report.portrait import Levels

Spans = Sequence[tuple[float, float]]

QUIETEST_DBFS = -60.0  # the middle line of a waveform; the edges are full scale
LOUDNESS_RANGE_LUFS = (-50.0, -5.0)
_WAVE_HALF, _CHART_HEIGHT, _LEVELS_HEIGHT = 100, 200, 90
_WIDTH = 1000


def waveform_svg(
    peak: Levels,
    rms: Levels,
    label: str,
    duration_s: float,
    *,
    cut: Spans = (),
    joins_s: Sequence[float] = (),
) -> str:
    """Peak and RMS of every column, mirrored about the middle; `cut` as bars, `joins_s` as lines."""
    parts = [_open(label, 2 * _WAVE_HALF)]
    parts += [_gridline(_WAVE_HALF - side * _WAVE_HALF * 2 / 3, "grid") for side in (-1, 1)]
    parts.append(f'<path class="peak" d="{_mirrored(peak)}"/><path class="rms" d="{_mirrored(rms)}"/>')
    for start_s, end_s in cut:
        x, wide = _x(start_s, duration_s), max(_x(end_s, duration_s) - _x(start_s, duration_s), 1.5)
        parts.append(f'<rect class="cut" x="{x:.1f}" y="0" width="{wide:.1f}" height="{2 * _WAVE_HALF}"/>')
    for at_s in joins_s:
        x = _x(at_s, duration_s)
        parts.append(f'<path class="join" d="M{x:.1f} 0V{2 * _WAVE_HALF}"/>')
    return "".join([*parts, "</svg>"])


def spans_svg(spans: Spans, label: str, duration_s: float, kind: str) -> str:
    """A thin row with a bar for every span."""
    bars = "".join(
        f'<rect class="{kind}" x="{_x(a, duration_s):.1f}" y="0" '
        f'width="{max(_x(b, duration_s) - _x(a, duration_s), 1.5):.1f}" height="12"/>'
        for a, b in spans
    )
    return f"{_open(label, 12)}{bars}</svg>"


def levels_svg(lines: Sequence[tuple[str, NDArray[np.float64]]], quietest_dbfs: float, label: str) -> str:
    """Levels in dBFS of each (name, levels), equally spaced over the width, from full scale at the top down
    to `quietest_dbfs`; what is quieter is not drawn."""
    parts = [_open(label, _LEVELS_HEIGHT)]
    parts += [_gridline(_LEVELS_HEIGHT * share / 3, "grid") for share in (1, 2)]
    for name, dbfs in lines:
        at = (np.arange(len(dbfs)) + 0.5) / max(len(dbfs), 1)
        shown = np.where(dbfs > quietest_dbfs, dbfs / quietest_dbfs * _LEVELS_HEIGHT, np.nan)
        points = [(float(x) * _WIDTH, float(y)) for x, y in zip(at, shown, strict=True)]
        parts.append(f'<path class="line {name}" d="{_broken(points)}"/>')
    return "".join([*parts, "</svg>"])


def loudness_svg(
    lines: Sequence[tuple[str, NDArray[np.float64], NDArray[np.float64], float | None]],
    target_lufs: float | None,
    label: str,
    duration_s: float,
) -> str:
    """Short-term loudness of each (name, times in s, LUFS, integrated LUFS), dashed where integrated."""
    parts = [_open(label, _CHART_HEIGHT)]
    parts += [_gridline(loudness_y(level), "grid") for level in (-40, -30, -20, -10)]
    if target_lufs is not None:
        parts.append(_gridline(loudness_y(target_lufs), "target"))
    for name, times_s, lufs, integrated in lines:
        if integrated is not None:
            parts.append(_gridline(loudness_y(integrated), f"{name} integrated"))
        parts.append(f'<path class="line {name}" d="{_line(times_s, lufs, duration_s)}"/>')
    return "".join([*parts, "</svg>"])


def loudness_y(lufs: float) -> float:
    """How far down the chart a loudness lies, of a height of 200."""
    low, high = LOUDNESS_RANGE_LUFS
    return _CHART_HEIGHT * (1 - (min(max(lufs, low), high) - low) / (high - low))


def _open(label: str, height: int) -> str:
    return (
        f'<svg role="img" aria-label="{escape(label)}" viewBox="0 0 {_WIDTH} {height}" '
        'preserveAspectRatio="none" xmlns="http://www.w3.org/2000/svg">'
    )


def _gridline(y: float, kind: str) -> str:
    return f'<path class="{kind}" d="M0 {y:.1f}H{_WIDTH}"/>'


def _x(at_s: float, duration_s: float) -> float:
    return _WIDTH * min(max(at_s / max(duration_s, 1e-9), 0), 1)


def _mirrored(level_db: Levels) -> str:
    """The outline of the levels above the middle and, back again, below it."""
    reach = _WAVE_HALF * np.clip(1 - level_db / QUIETEST_DBFS, 0, 1)
    xs = (np.arange(len(reach)) + 0.5) * _WIDTH / max(len(reach), 1)
    above = [f"{x:.1f} {_WAVE_HALF - y:.1f}" for x, y in zip(xs, reach, strict=True)]
    below = [f"{x:.1f} {_WAVE_HALF + y:.1f}" for x, y in zip(xs[::-1], reach[::-1], strict=True)]
    return f"M0 {_WAVE_HALF}L{'L'.join(above)}L{_WIDTH} {_WAVE_HALF}L{'L'.join(below)}Z"


def _line(times_s: NDArray[np.float64], lufs: NDArray[np.float64], duration_s: float) -> str:
    """A polyline that is interrupted by silence."""
    points = zip(times_s, lufs, strict=True)
    return _broken([(_x(at_s, duration_s), loudness_y(level)) for at_s, level in points])


def _broken(points: Sequence[tuple[float, float]]) -> str:
    """A polyline that is interrupted where a point is not finite."""
    parts, drawing = [], False
    for x, y in points:
        if not np.isfinite(y):
            drawing = False
            continue
        parts.append(f"{'L' if drawing else 'M'}{x:.1f} {y:.1f}")
        drawing = True
    return "".join(parts)
