"""Which parts of one sound are missing in another that was made of it by cutting.

Windows of the later sound are looked up in the earlier one, in order. While nothing is missing each lies
where the one before it said; where it does not, the search goes on ahead, and what lies between was
cut. Noise reduction, level and equalisation leave the phases that GCC-PHAT compares; a sound that was
replaced, reordered or played at another speed is not found, and the answer is then None.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from saycut.audio.gcc_phat import correlation, summit
from saycut.audio.mono import Mono, excerpt, rms_dbfs
from saycut.pcm import PcmReader
from saycut.watch import Watch

Spans = tuple[tuple[float, float], ...]

_RATE_HZ = 8000
_BAND_HZ = (100.0, 3800.0)
_WINDOW_S, _HOP_S = 1.0, 0.5
_NEAR_S = 0.05  # how far a clock or an encoder may have moved a window
_AROUND_S = 0.5  # of lags that tell what chance gives
_NEAR_SURE_Z, _CLEAR_Z = 6.0, 25.0
_BETTER = 1.3  # how much clearer a match further ahead has to be
_AHEAD_S = (8.0, 60.0, 240.0)  # how far ahead one cut is looked for, in ever wider searches
_SURE_Z = {8.0: 8.0, 60.0: 9.0, 240.0: 10.0}  # chance grows with the number of lags
_QUIET_DB = 45.0  # a window this far below the loudest says nothing
_SILENT_DBFS = -90.0
_SHORTEST_CUT_S = 0.08
_LEAST_FOUND = 0.5
_FRAME_S = 0.02  # of the search for the place of a join


class _Piece(NamedTuple):
    """A stretch of the later sound that runs on in the earlier one without a gap."""

    first_s: float  # where its first and its last window begin, in the later sound
    last_s: float
    removed_s: float  # how much of the earlier sound is missing before it


def missing_spans(before: PcmReader, after: PcmReader, watch: Watch) -> Spans | None:
    """What of `before` is not in `after`, in seconds of `before`; None when `after` is not found in it.

    Both at one rate. Cuts from 0.08 s on are found, where a second of sound lies between them. A place is
    good to some 20 ms where there is sound at the join; in a pause it may lie anywhere in it. Memory
    does not grow with the length.
    """
    pieces = _pieces(before, after, watch)
    if pieces is None:
        return None
    spans: list[tuple[float, float]] = []
    last_s: float | None = None
    removed_s = 0.0
    for piece in pieces:
        if piece.removed_s - removed_s >= _SHORTEST_CUT_S:
            join_s = 0.0  # a beginning that was never heard was cut; between two pieces the sound says where
            if last_s is not None:
                between_s = (last_s, piece.first_s + _WINDOW_S)
                join_s = _join(before, after, between_s, (removed_s, piece.removed_s))
            spans.append((join_s + removed_s, join_s + piece.removed_s))
            removed_s = piece.removed_s
        last_s = piece.last_s
    before_s, after_s = before.samples / before.rate_hz, after.samples / after.rate_hz
    if before_s - removed_s - after_s >= _SHORTEST_CUT_S:
        spans.append((after_s + removed_s, before_s))
    return tuple((round(max(a, 0.0), 3), round(b, 3)) for a, b in spans)


def _pieces(before: PcmReader, after: PcmReader, watch: Watch) -> list[_Piece] | None:
    """The pieces of `before` that `after` is made of, in order."""
    starts_s = _loud_windows(after)
    search = _Search(before, after)
    runs: list[list[tuple[float, float]]] = [[]]
    removed_s = 0.0
    missed = 0
    for place, at_s in enumerate(starts_s):
        watch.report("align", place / len(starts_s))
        # After a row of windows that are nowhere (a replaced sound) only look close: far is dear.
        reaches_s = _AHEAD_S[:1] if missed > 8 else _AHEAD_S
        found = search.next(at_s, removed_s, starts_s[place + 1 : place + 4], reaches_s)
        missed = missed + 1 if found is None else 0
        if found is None:
            continue
        if found.removed_s > removed_s + _NEAR_S:
            removed_s = found.removed_s
            runs.append([])
        runs[-1].append((at_s, found.removed_s))
    if sum(map(len, runs)) < max(_LEAST_FOUND * len(starts_s), 1):
        return None
    medians = [float(np.median([found_s for _, found_s in run])) for run in runs if run]
    kept = [run for run in runs if run]
    return [_Piece(run[0][0], run[-1][0], s) for run, s in zip(kept, medians, strict=True)]


def _loud_windows(sound: PcmReader) -> list[float]:
    """Where the windows begin that are loud enough to say something."""
    last_s = max(sound.samples / sound.rate_hz - _WINDOW_S, 0)
    starts_s = [float(start_s) for start_s in np.arange(0, last_s + 1e-9, _HOP_S)]
    levels_db = [rms_dbfs(_heard(sound, start_s, _WINDOW_S)) for start_s in starts_s]
    least_db = max(max(levels_db) - _QUIET_DB, _SILENT_DBFS)
    return [start_s for start_s, level_db in zip(starts_s, levels_db, strict=True) if level_db > least_db]


class _Found(NamedTuple):
    removed_s: float  # how much of the earlier sound is missing before a window
    z: float


class _Search(NamedTuple):
    before: PcmReader
    after: PcmReader

    def next(
        self, at_s: float, removed_s: float, following_s: list[float], reaches_s: tuple[float, ...]
    ) -> _Found | None:
        """Where the window at `at_s` lies: as far on as the one before it, or further ahead.

        Voiced sound is like itself a few periods on, so a weak match nearby does not end the search, and
        one of the next windows has to agree with a jump.
        """
        near = self._near(at_s, removed_s)
        if near is not None and near.z > _CLEAR_Z:
            return near
        for reach_s in reaches_s[:1] if near is not None else reaches_s:
            found = self._within(at_s, removed_s, reach_s, _SURE_Z[reach_s])
            if found is None or found.removed_s < removed_s + _SHORTEST_CUT_S:
                continue
            if near is not None and found.z < _BETTER * near.z:
                continue
            if any(self._near(next_s, found.removed_s) is not None for next_s in following_s):
                return found
        return near

    def _near(self, at_s: float, removed_s: float) -> _Found | None:
        return self._within(at_s, removed_s - _NEAR_S, 2 * _NEAR_S, _NEAR_SURE_Z)

    def _within(self, at_s: float, removed_s: float, reach_s: float, sure_z: float) -> _Found | None:
        """The best place from `removed_s` up to `reach_s` on, against how lags around it look by chance."""
        window = _heard(self.after, at_s, _WINDOW_S)
        first_s = at_s + removed_s - _AROUND_S
        room_s = self.before.samples / self.before.rate_hz - at_s - removed_s - _WINDOW_S
        reach_s = max(min(reach_s, room_s), 2 * _NEAR_S)
        heights = _likely(_heard(self.before, first_s, reach_s + 2 * _AROUND_S + _WINDOW_S), window)
        deviation = float(np.median(heights)) / 0.6745 + 1e-30  # of a Gaussian, from its magnitude
        margin = round(_AROUND_S * _RATE_HZ)
        top = margin + int(np.argmax(heights[margin : len(heights) - margin]))
        if heights[top] <= sure_z * deviation:
            return None
        lag_s = summit(heights, top) / _RATE_HZ - _AROUND_S
        return _Found(removed_s + lag_s, float(heights[top]) / deviation)


def _likely(sound: Mono, window: Mono) -> Mono:
    """How well `window` fits at every sample of `sound` at which all of it does."""
    size = fft.next_fast_len(len(sound), True)
    return np.abs(correlation(sound, window, size, _RATE_HZ, _BAND_HZ))[: len(sound) - len(window) + 1]


def _join(
    before: PcmReader, after: PcmReader, between_s: tuple[float, float], removed_s: tuple[float, float]
) -> float:
    """The place in `after` up to which it follows `before` at the first shift, and then at the second."""
    first_s, last_s = between_s
    first_s = max(first_s, 0.0)
    heard = _heard(after, first_s, last_s - first_s)
    likeness = [
        _likeness(heard, _heard(before, first_s + shift_s, last_s - first_s)) for shift_s in removed_s
    ]
    gain = likeness[0] - likeness[1]
    total = np.concatenate(([0.0], np.cumsum(gain)))
    return first_s + int(np.argmax(total)) * _FRAME_S


def _likeness(one: Mono, other: Mono) -> NDArray[np.float64]:
    """How alike two sounds are in every frame, -1 to 1, weighted by the level of the first."""
    frame = round(_FRAME_S * _RATE_HZ)
    count = min(len(one), len(other)) // frame
    a = one[: count * frame].reshape(count, frame).astype(np.float64)
    b = other[: count * frame].reshape(count, frame).astype(np.float64)
    norms = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1) + 1e-9
    alike: NDArray[np.float64] = (a * b).sum(axis=1) / norms * np.linalg.norm(a, axis=1)
    return alike


def _heard(sound: PcmReader, start_s: float, length_s: float) -> Mono:
    rate_hz = sound.rate_hz
    return excerpt(sound, round(start_s * rate_hz), max(round(length_s * rate_hz), 1), _RATE_HZ)
