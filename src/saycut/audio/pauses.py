"""Pauses: which spans of a recording may go when its silences are trimmed.

`cuts` is a pure function of regions; the two detectors below it say what counts as sounding.
"""

import math
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Literal, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from saycut.audio.speech import Regions, speech_regions
from saycut.audio.watched import watched_blocks
from saycut.pcm import Blocks, PcmReader, reblock
from saycut.watch import Watch

Cuts = tuple[tuple[Fraction, Fraction], ...]
Rounding = Callable[[Fraction | float], int]

MIN_CUT_S = Fraction(1, 10)  # less is not worth a join in the picture

_FRAME_S = 0.01
_BRIDGED_S = 0.1  # gaps up to this inside a sound belong to it, as in the speech detector
_CLICK_S = 0.05  # a sound shorter than this ...
_ALONE_S = 0.5  # ... with nothing this near does not interrupt a silence

# The fallback where nobody speaks: what is within 40 dB of the loud parts sounds (the range within which the
# speech data sets count a frame as active), unless it is next to digital silence.
_ACTIVE_BELOW_LOUD_DB = 40.0
_SILENCE_DBFS = -70.0
_LEAST_SPEECH_S = (
    0.5  # a shorter find in a whole recording is more likely a bark or a door than somebody speaking
)


class Activity(msgspec.Struct, frozen=True):
    """What counts as sounding in a recording, in seconds, and which detector said so.

    "speech" is the speech detector; "level" the fallback where nobody speaks (so that a guitar is not
    deleted whole). `regions` is () only for digital silence or next to it.
    """

    regions: Regions
    detector: Literal["speech", "level"]


def cuts(
    speech: Regions,
    duration_s: Fraction | float,
    *,
    min_silence_s: float = 0.75,
    keep_before_s: float = 0.2,
    keep_after_s: float = 0.25,
    where: Literal["all", "edges"] = "all",
    grid_hz: Fraction | None = None,
) -> Cuts:
    """The spans to remove, [start, end) in seconds: sorted, disjoint, on a grid of `grid_hz` points a second.

    A silence of at least `min_silence_s` keeps `keep_after_s` behind the speech before it and `keep_before_s`
    ahead of the speech after it; what is left between them goes, if it is at least 0.1 s. Cuts are snapped
    inward, so that never more than allowed is removed; only `duration_s` may end a cut off the grid.
    `where="edges"` trims the two ends alone, however short their silence. No speech at all gives no cuts.
    """
    duration = _exact(duration_s)
    sounding = _exact_union(speech, duration)
    if not sounding:
        return ()
    keep_before = _exact(max(keep_before_s, 0.0))
    keep_after = _exact(max(keep_after_s, 0.0))
    shortest = _exact(min_silence_s)
    ends = [Fraction(0), *(end for _, end in sounding)]
    starts = [*(start for start, _ in sounding), duration]
    found: list[tuple[Fraction, Fraction]] = []
    for at, (silence_start, silence_end) in enumerate(zip(ends, starts, strict=True)):
        is_head, is_tail = at == 0, at == len(sounding)
        if where == "edges" and not (is_head or is_tail):
            continue
        if where == "all" and silence_end - silence_start < shortest:
            continue
        start = silence_start if is_head else _on_grid(silence_start + keep_after, grid_hz, math.ceil)
        end = silence_end if is_tail else _on_grid(silence_end - keep_before, grid_hz, math.floor)
        if end - start >= MIN_CUT_S:
            found.append((start, end))
    return tuple(found)


def _exact(seconds: Fraction | float) -> Fraction:
    """Floats are read at microsecond precision, as everywhere in Saycut: 0.2 is a fifth."""
    return seconds if isinstance(seconds, Fraction) else Fraction(round(seconds * 1_000_000), 1_000_000)


def _on_grid(time_s: Fraction, grid_hz: Fraction | None, rounding: Rounding) -> Fraction:
    return time_s if grid_hz is None else Fraction(rounding(time_s * grid_hz)) / grid_hz


def _exact_union(
    regions: Iterable[tuple[float, float]], duration: Fraction
) -> list[tuple[Fraction, Fraction]]:
    out: list[tuple[Fraction, Fraction]] = []
    for start_s, end_s in sorted(regions):
        start = max(_exact(start_s), Fraction(0))
        end = min(_exact(end_s), duration)
        if start >= end:
            continue
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out


def sounding_regions(blocks: Blocks, rate_hz: int, threshold_db: float) -> Regions:
    """Spans whose 10 ms level is at or above `threshold_db` (dBFS RMS, loudest channel), in seconds.

    For a person who asks for a level ("silence below -40 dB"); feed the result to `cuts`. Dips up to 100 ms
    are bridged; a click under 50 ms with nothing within 0.5 s of it does not count.
    """
    return _above(_levels_db(blocks, rate_hz), threshold_db)


def activity(reader: PcmReader, *, watch: Watch | None = None) -> Activity:
    """What to keep when silences are trimmed: speech, or with under 0.5 s of it, whatever sounds.

    `watch` is told "listen".
    """
    speech = speech_regions(watched_blocks(reader, watch, "listen"), reader.rate_hz)
    if sum(end_s - start_s for start_s, end_s in speech) >= _LEAST_SPEECH_S:
        return Activity(regions=speech, detector="speech")
    levels = _levels_db(watched_blocks(reader, watch, "listen"), reader.rate_hz)
    loud_db = float(np.percentile(levels.db, 95)) if len(levels.db) else -np.inf
    return Activity(
        regions=_above(levels, max(loud_db - _ACTIVE_BELOW_LOUD_DB, _SILENCE_DBFS)), detector="level"
    )


class _Levels(NamedTuple):
    db: NDArray[np.float32]  # RMS dBFS of each begun frame, in the loudest channel
    frame_s: float
    duration_s: float


def _levels_db(blocks: Blocks, rate_hz: int) -> _Levels:
    frame = round(rate_hz * _FRAME_S)
    found: list[NDArray[np.float32]] = [np.zeros(0, np.float32)]
    samples = 0
    for block in reblock(blocks, frame * 100):
        samples += len(block)
        starts = np.arange(0, len(block), frame)
        power = np.square(block, dtype=np.float64)
        energy = np.add.reduceat(power, starts, axis=0).max(axis=1)
        mean = energy / np.minimum(frame, len(block) - starts)
        found.append((10 * np.log10(mean + 1e-20)).astype(np.float32))
    return _Levels(np.concatenate(found), frame / rate_hz, samples / rate_hz)


def _above(levels: _Levels, threshold_db: float) -> Regions:
    edges = np.flatnonzero(np.diff((levels.db >= threshold_db).astype(np.int8), prepend=0, append=0))
    joined: list[tuple[float, float]] = []
    for first, last in edges.reshape(-1, 2).tolist():
        start_s, end_s = first * levels.frame_s, min(last * levels.frame_s, levels.duration_s)
        if joined and start_s - joined[-1][1] <= _BRIDGED_S:
            joined[-1] = (joined[-1][0], end_s)
        else:
            joined.append((start_s, end_s))
    return tuple(span for at, span in enumerate(joined) if not _is_click(joined, at))


def _is_click(spans: list[tuple[float, float]], at: int) -> bool:
    start_s, end_s = spans[at]
    clear_before = at == 0 or start_s - spans[at - 1][1] > _ALONE_S
    clear_after = at + 1 == len(spans) or spans[at + 1][0] - end_s > _ALONE_S
    return end_s - start_s < _CLICK_S and clear_before and clear_after
