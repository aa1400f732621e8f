"""Rational time: seconds are Fractions, frames and samples are integers.

Nothing is ever accumulated in floats: a position is converted once, from its exact value.
"""

import math
from fractions import Fraction

Seconds = Fraction

SAMPLE_RATE_HZ = 48_000
_NO_PARTS_FROM = 1e15  # no float from here on has a part of a microsecond


def seconds(value: float | int | str | Fraction) -> Seconds:
    """An exact time from what people and files say; floats are read at microsecond precision."""
    if isinstance(value, float) and abs(value) < _NO_PARTS_FROM:
        return Fraction(round(value * 1_000_000), 1_000_000)
    return Fraction(value)


def to_samples(time_s: Seconds, rate_hz: int = SAMPLE_RATE_HZ) -> int:
    """The sample nearest to `time_s` (halves round up, so that equal times give equal samples)."""
    return math.floor(time_s * rate_hz + Fraction(1, 2))


def to_frames(time_s: Seconds, frame_rate: Fraction) -> int:
    """The frame boundary nearest to `time_s`."""
    return math.floor(time_s * frame_rate + Fraction(1, 2))


def frames_to_seconds(frames: int, frame_rate: Fraction) -> Seconds:
    """When frame number `frames` begins."""
    return Fraction(frames) / frame_rate


def on_grid(time_s: Seconds, grid_hz: Fraction) -> Seconds:
    """`time_s` moved to the nearest point of a grid of `grid_hz` points a second."""
    return frames_to_seconds(to_frames(time_s, grid_hz), grid_hz)


def clock_text(time_s: Seconds | float) -> str:
    """A time as people write it: 7.5 s, 1:05, 1:02:03."""
    total = float(time_s)
    if total < 60:
        return f"{total:.1f}".rstrip("0").rstrip(".") + " s"
    minutes, rest = divmod(round(total), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
