"""Where a song plays in a recording: stretches without a jump, each on a straight line of time.

Windows of the recording are looked for in the song by GCC-PHAT. The highest point stands 18 to 300 robust
deviations out where the song plays (ducked by 12 dB, AAC at 64 kb/s, through a loudspeaker in a room), and
5.5 to 11 where it does not or is pitched by 3 % (our measurement, windows of 4 to 8 s).
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from saycut.audio import gcc_phat
from saycut.audio.lag_line import LagLine, ransac, refined
from saycut.audio.mono import Mono, excerpt, rms_dbfs, whole
from saycut.pcm import RATE_HZ, PcmReader
from saycut.watch import Watch

WINDOW_S, _HOP_S = 6.0, 3.0
_FOUND_Z, _FOLLOWED_Z = 12.0, 8.0
_NEAR_S = 0.01
_STEADY_S = 0.003  # lags of one stretch lie this close to a line
_CLOSE_WINDOW_S, _CLOSE_HOP_S = 3.0, 1.0
_LEAST_CLOSE, _MOST_CLOSE = 4, 60
_ONE_LAG_S = 0.0002
_LONG_S = 60.0  # over so long a stretch the windows of the search already tell the drift
_CLEARER = 1.05
_VOTES = 16
_STEEPEST_PPM = 200.0
_SILENT_DBFS = -75.0
_LEAST_DRIFT_PPM = 1.0


class Stretch(NamedTuple):
    """The song plays in the recording from `first_s` to `last_s`: song time = time + line.at(time)."""

    first_s: float
    last_s: float
    line: LagLine
    z: float  # how far the matches stand out, in robust standard deviations (median of the windows)

    def song_samples(self, samples: NDArray[np.float64]) -> NDArray[np.float64]:
        """Positions in the song, in samples, of positions in the recording."""
        return np.asarray(samples + self.line.at(samples / RATE_HZ) * RATE_HZ)


class _Hit(NamedTuple):
    middle_s: float
    lag_s: float
    z: float


def stretches(mix: PcmReader, song: PcmReader, watch: Watch) -> list[Stretch]:
    """All stretches of `mix` in which `song` plays, in order, not overlapping; edges good to some seconds.

    Memory grows by 32 kB for each second of the song, not with the recording.
    """
    heard = whole(song, gcc_phat.SCAN_RATE_HZ, watch)
    hits = list(_hits(mix, song, heard, watch))
    found = []
    for run in _runs(hits):
        line = _close_line(mix, song, run)
        half_s = min(WINDOW_S, mix.samples / RATE_HZ) / 2
        first_s, last_s = run[0].middle_s - half_s, run[-1].middle_s + half_s
        found.append(Stretch(first_s, last_s, line, float(np.median([hit.z for hit in run]))))
    return _apart(found)


def _hits(mix: PcmReader, song: PcmReader, heard: Mono, watch: Watch) -> Iterator[_Hit]:
    count = min(round(WINDOW_S * RATE_HZ), mix.samples)
    starts = range(0, mix.samples - count + 1, round(_HOP_S * RATE_HZ))
    home_s = _home(mix, heard, starts, count, watch)
    lag_s: float | None = None
    skip = False
    for number, start in enumerate(starts):
        watch.report("looking for the song", number / len(starts))
        window = excerpt(mix, start, count, gcc_phat.SCAN_RATE_HZ)
        if rms_dbfs(window) < _SILENT_DBFS:
            continue
        middle_s = (start + count / 2) / RATE_HZ
        hit = _followed(mix, song, start, count, [lag_s, home_s])
        if hit is None and not skip:
            hit = _scanned(heard, window, start, watch)
        # Where nothing plays every other window is searched: a search costs a hundred times a look.
        skip = hit is None and not skip
        if hit is not None:
            lag_s = hit.lag_s
            yield hit._replace(middle_s=middle_s)


def _home(mix: PcmReader, heard: Mono, starts: range, count: int, watch: Watch) -> float | None:
    """The lag that most of some spread windows vote for: loops fit in several places, one of them always."""
    votes: list[_Hit] = []
    for start in starts[:: max(1, len(starts) // _VOTES)]:
        watch.report("looking for the song", 0.0)
        window = excerpt(mix, start, count, gcc_phat.SCAN_RATE_HZ)
        hit = _scanned(heard, window, start, watch) if rms_dbfs(window) > _SILENT_DBFS else None
        if hit is not None:
            votes.append(hit)
    if not votes:
        return None
    together = [[other for other in votes if _near(vote, other)] for vote in votes]
    best = max(together, key=lambda group: sum(hit.z for hit in group))
    return float(np.median([hit.lag_s for hit in best]))


def _near(one: _Hit, other: _Hit) -> bool:
    away_s = _STEADY_S + _STEEPEST_PPM * 1e-6 * abs(one.middle_s - other.middle_s)
    return abs(one.lag_s - other.lag_s) < away_s


def _scanned(heard: Mono, window: Mono, start: int, watch: Watch) -> _Hit | None:
    peak = gcc_phat.scan(heard, window, min(2.0, len(window) / gcc_phat.SCAN_RATE_HZ), watch)
    if peak.z < _FOUND_Z:
        return None
    return _Hit(start / RATE_HZ, peak.offset_s - start / RATE_HZ, peak.z)


def _followed(
    mix: PcmReader, song: PcmReader, start: int, count: int, lags_s: list[float | None]
) -> _Hit | None:
    """The best of the known lags that still fits; the first one wins when it is nearly as good."""
    best: _Hit | None = None
    for lag_s in lags_s:
        if lag_s is None or (best is not None and abs(lag_s - best.lag_s) < _NEAR_S):
            continue
        seen = gcc_phat.window_lag(
            song, mix, start=start, count=count, expected_s=lag_s, search_s=_NEAR_S, drift_ppm=0.0
        )
        if seen.z > _FOLLOWED_Z and (best is None or seen.z > 1.3 * best.z):
            best = _Hit(0.0, seen.lag_s, seen.z)
    return best


def _runs(hits: list[_Hit]) -> list[list[_Hit]]:
    """Hits in a row on one line; single ones are not believed unless they are all there is."""
    runs: list[list[_Hit]] = []
    for hit in hits:
        last = runs[-1][-1] if runs else None
        if last is not None and abs(hit.lag_s - last.lag_s) < _STEADY_S + _drift_s(hit, last):
            runs[-1].append(hit)
        else:
            runs.append([hit])
    return [run for run in runs if len(run) > 1 or len(hits) == 1 or run[0].z > 2 * _FOUND_Z]


def _drift_s(one: _Hit, other: _Hit) -> float:
    return _STEEPEST_PPM * 1e-6 * abs(one.middle_s - other.middle_s)


def _close_line(mix: PcmReader, song: PcmReader, run: list[_Hit]) -> LagLine:
    """Offset and drift of a stretch from short windows.

    One clock for both is the first guess. A slope is believed when windows stretched by it stand out
    clearly more: echoes of a room make lags hop by half a millisecond, which looks like drift.
    """
    times_s, lags_s = (np.array([hit[place] for hit in run]) for place in (0, 1))
    starts_s, count = _close_windows(mix, run)

    def seen(line: LagLine) -> tuple[LagLine, float]:
        looks = [_look(mix, song, float(start_s), count, line) for start_s in starts_s]
        middles_s = starts_s + count / RATE_HZ / 2
        lags_s, z = np.array([look.lag_s for look in looks]), float(np.mean([look.z for look in looks]))
        if line.drift_ppm == 0.0:
            return _level(lags_s), z
        return _sloped(middles_s, lags_s), z

    level, level_z = seen(_level(lags_s))
    if len(starts_s) < _LEAST_CLOSE:
        return level
    rough = ransac(times_s, lags_s, _STEADY_S) if times_s[-1] - times_s[0] > _LONG_S else None
    if rough is None:
        looks = [_look(mix, song, float(start_s), count, level) for start_s in starts_s]
        rough = _sloped(starts_s + count / RATE_HZ / 2, np.array([look.lag_s for look in looks]))
    if abs(rough.drift_ppm) < _LEAST_DRIFT_PPM:
        return level
    finer, _ = seen(rough)
    sloped, sloped_z = seen(finer)
    return sloped if sloped_z > _CLEARER * level_z else level


def _close_windows(mix: PcmReader, run: list[_Hit]) -> tuple[NDArray[np.float64], int]:
    """Starts in seconds and the length in samples of short windows over a run."""
    count = min(round(_CLOSE_WINDOW_S * RATE_HZ), mix.samples)
    first_s = max(run[0].middle_s - WINDOW_S / 2, 0.0)
    last_s = max(min(run[-1].middle_s + WINDOW_S / 2, mix.samples / RATE_HZ) - count / RATE_HZ, first_s)
    hop_s = max(_CLOSE_HOP_S, (last_s - first_s) / _MOST_CLOSE)
    return np.arange(first_s, last_s + 1e-6, hop_s), count


def _level(lags_s: NDArray[np.float64]) -> LagLine:
    """The lag that most windows share, without any drift."""
    votes = [int(np.sum(np.abs(lags_s - lag_s) < _ONE_LAG_S)) for lag_s in lags_s]
    shared = np.abs(lags_s - lags_s[int(np.argmax(votes))]) < _ONE_LAG_S
    return LagLine(float(np.median(lags_s[shared])), 0.0, shared)


def _sloped(times_s: NDArray[np.float64], lags_s: NDArray[np.float64]) -> LagLine:
    return refined(ransac(times_s, lags_s, _ONE_LAG_S), times_s, lags_s, sloped=True)


def _look(mix: PcmReader, song: PcmReader, start_s: float, count: int, line: LagLine) -> gcc_phat.WindowLag:
    return gcc_phat.window_lag(
        song,
        mix,
        start=round(start_s * RATE_HZ),
        count=count,
        expected_s=float(line.at(start_s + count / RATE_HZ / 2)),
        search_s=_NEAR_S,
        drift_ppm=line.drift_ppm,
    )


def _apart(found: list[Stretch]) -> list[Stretch]:
    """Neighbours that overlap meet in the middle."""
    for index in range(len(found) - 1):
        one, other = found[index], found[index + 1]
        if one.last_s > other.first_s:
            meet_s = (one.last_s + other.first_s) / 2
            found[index], found[index + 1] = one._replace(last_s=meet_s), other._replace(first_s=meet_s)
    return [stretch for stretch in found if stretch.last_s - stretch.first_s > 1.0]
