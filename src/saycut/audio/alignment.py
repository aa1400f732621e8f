"""Where a second recording of the same performance lies against the first.

Two stages: onsets (or, for short sounds, phases) give a coarse offset and say how far it stands out
from chance; GCC-PHAT on many windows then gives lags to a fraction of a sample, and a line through them the
offset and the clock drift. A recording is accepted only when both stages agree. The gates were set between
27 pairs of one performance and 10 of different ones; `benchmarks/alignment_eval.py` measures anew.
"""

from typing import Literal, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from saycut.audio import gcc_phat, onsets
from saycut.audio.lag_line import LagLine, Numbers, ransac, refined
from saycut.audio.mono import seconds_of, whole
from saycut.audio.onsets import Peak
from saycut.errors import Internal
from saycut.pcm import PcmReader
from saycut.watch import Watch
from saycut.words import Words

Verdict = Literal["same", "unsure", "different"]
Samples = NDArray[np.intp]

_SAME_Z, _UNSURE_Z = 12.0, 8.0
_SAME_RATIO, _UNSURE_RATIO = 2.5, 2.0
_SAME_INLIERS = 0.35
_LEAST_INLIERS = 4  # two lags lie on a line by themselves, a third may by chance
_INLIER_S = 0.003
_SEARCH_S = 0.6
_CLOSE_SEARCH_S = 0.004
_WINDOW_S, _WINDOW_HOP_S, _MOST_WINDOWS = 15.0, 10.0, 240
_SHORTEST_WINDOW_S = 0.75
_MOST_CLOSE_WINDOWS = 80
_BLURRING_PPM = 30.0  # 0.45 ms over a window of 15 s: two cycles at 4 kHz
_LEAST_OVERLAP_S = 4.0
_LONGEST_SCANNED_S = 120.0
_QUIET_WINDOW_DB = 50.0  # a window this far below the loudest one has no say
_LEAST_DRIFT_PPM = 5.0
_LEAST_END_ERROR_S = 0.005
_LEAST_SPAN_S = 120.0


class Alignment(msgspec.Struct, frozen=True):
    """How `recording` lies on the clock of `reference`.

    reference_time = offset_s + recording_time * (1 + drift_ppm * 1e-6), in seconds from the
    start of each sound: a positive offset means that the recording must be delayed.
    """

    verdict: Verdict
    offset_s: float
    drift_ppm: float  # what has to be corrected: exactly 0.0 unless drift_applied
    drift_applied: bool
    confidence: float  # 0..1; 0.5 is where the gates of "same" stand
    z: float
    ratio: float
    inlier_fraction: float
    residual_ms: float  # median distance of the accepted windows from the line
    reason: Words  # a clause without a full stop, so that a sentence can be built around it


class _Fine(NamedTuple):
    line: LagLine
    times_s: Numbers  # middles of the windows that had a say, on the recording's clock
    span_s: float  # from the beginning of the first window to the end of the last
    inlier_fraction: float
    residual_ms: float


class _Match(NamedTuple):
    peak: Peak
    fine: _Fine


def align(reference: PcmReader, recording: PcmReader, watch: Watch | None = None) -> Alignment:
    """Find offset and clock drift of `recording` against `reference`, at one rate (Internal otherwise).

    Overlaps from 4 s on are found (all but a fifth of the shorter sound when that is less). Reads both
    sounds about twice, in blocks; memory grows by 10 kB per second of sound.
    """
    watch = watch or Watch()
    if reference.rate_hz != recording.rate_hz:
        raise Internal(reason=f"cannot align {reference.rate_hz} Hz with {recording.rate_hz} Hz")
    peaks = _coarse_peaks(reference, recording, watch)
    if not peaks:
        silent = Words("there is no sound to compare", "没有可供比较的声音")
        return Alignment("different", 0.0, 0.0, False, 0.0, 0.0, 0.0, 0.0, 0.0, silent)
    matches = [_Match(peak, _fine(reference, recording, peak.offset_s, watch)) for peak in peaks]
    best = max(matches, key=lambda match: (_is_same(match), _confidence(match), match.peak.ratio))
    return _judged(best, seconds_of(recording))


def _coarse_peaks(reference: PcmReader, recording: PcmReader, watch: Watch) -> list[Peak]:
    """Candidates for the offset with their evidence; none when one of the sounds is silent."""
    shorter_s = min(seconds_of(reference), seconds_of(recording))
    least_s = min(_LEAST_OVERLAP_S, 0.8 * shorter_s)
    of_reference = onsets.envelope(reference, watch, "listening to the reference")
    if of_reference is None:
        return []
    of_recording = onsets.envelope(recording, watch, "listening to the recording")
    if of_recording is None:
        return []
    peaks = [onsets.coarse(of_reference, of_recording, least_s)]
    if shorter_s <= _LONGEST_SCANNED_S:
        del of_reference, of_recording
        peaks.append(_scan(reference, recording, least_s, watch))
    return peaks


def _scan(reference: PcmReader, recording: PcmReader, least_s: float, watch: Watch) -> Peak:
    one, other = (whole(sound, gcc_phat.SCAN_RATE_HZ, watch) for sound in (reference, recording))
    if len(one) >= len(other):
        return gcc_phat.scan(one, other, least_s, watch)
    mirrored = gcc_phat.scan(other, one, least_s, watch)
    return mirrored._replace(offset_s=-mirrored.offset_s)


def _fine(reference: PcmReader, recording: PcmReader, offset_s: float, watch: Watch) -> _Fine:
    """Lags of windows over the overlap at `offset_s`, and the line through them."""
    starts, count = _windows(reference, recording, offset_s)

    def heard(chosen: Samples, near_s: Numbers, search_s: float, drift_ppm: float) -> Numbers:
        """One row a window: lag_s, z, and the levels of both sounds in dBFS."""
        rows = np.zeros((len(chosen), 4))
        for index, (start, expected_s) in enumerate(zip(chosen, near_s, strict=True)):
            watch.report("comparing", index / len(chosen))
            rows[index] = gcc_phat.window_lag(
                reference,
                recording,
                start=int(start),
                count=count,
                expected_s=float(expected_s),
                search_s=search_s,
                drift_ppm=drift_ppm,
            )
        return rows

    rows = heard(starts, np.full(len(starts), offset_s), _SEARCH_S, 0.0)
    levels = rows[:, 2:]
    audible = (levels > levels.max(axis=0, initial=-200.0) - _QUIET_WINDOW_DB).all(axis=1)
    starts, rows = starts[audible], rows[audible]
    times_s = (starts + count / 2) / recording.rate_hz
    if len(starts) < _LEAST_INLIERS:
        return _Fine(LagLine(offset_s, 0.0, np.ones(len(starts), np.bool_)), times_s, 0.0, 0.0, 0.0)
    line = ransac(times_s, rows[:, 0], _INLIER_S)
    # Strong drift blurs the windows, and over hours carries the ends out of the first search.
    if abs(line.drift_ppm) > _BLURRING_PPM:
        rows = heard(starts, line.at(times_s), _SEARCH_S, line.drift_ppm)
        line = ransac(times_s, rows[:, 0], _INLIER_S)
    inliers = np.flatnonzero(line.inliers)
    fraction = len(inliers) / len(starts) if len(inliers) >= _LEAST_INLIERS else 0.0
    spread = np.linspace(0, len(inliers) - 1, _MOST_CLOSE_WINDOWS).round().astype(np.intp)
    chosen = inliers[np.unique(spread)]
    near_s = times_s[chosen]
    close_s = heard(starts[chosen], line.at(near_s), _CLOSE_SEARCH_S, line.drift_ppm)[:, 0]
    line = LagLine(line.at_zero_s, line.drift_ppm, np.ones(len(chosen), np.bool_))
    line = refined(line, near_s, close_s, sloped=len(chosen) >= _LEAST_INLIERS)
    residual_ms = 1000 * float(np.median(np.abs(close_s - line.at(near_s))[line.inliers]))
    span_s = float(near_s[-1] - near_s[0]) + count / recording.rate_hz
    return _Fine(line, near_s, span_s, fraction, residual_ms)


def _windows(reference: PcmReader, recording: PcmReader, offset_s: float) -> tuple[Samples, int]:
    """Starts (samples of the recording) and length of the windows that lie in the overlap at `offset_s`."""
    rate_hz = recording.rate_hz
    first_s = max(0.0, -offset_s)
    overlap_s = min(seconds_of(recording), seconds_of(reference) - offset_s) - first_s
    window_s = min(max(overlap_s / 4, _SHORTEST_WINDOW_S), _WINDOW_S, overlap_s)
    room_s = overlap_s - window_s
    # Windows of short sounds overlap by a half: more would only repeat each other's vote.
    hop_s = max(min(_WINDOW_HOP_S, window_s / 2), room_s / _MOST_WINDOWS)
    starts_s = first_s + np.arange(0, room_s + 1e-9, hop_s)
    return np.round(starts_s * rate_hz).astype(np.intp), round(window_s * rate_hz)


def _is_same(match: _Match) -> bool:
    peak, fine = match
    return peak.z > _SAME_Z and peak.ratio > _SAME_RATIO and fine.inlier_fraction >= _SAME_INLIERS


def _confidence(match: _Match) -> float:
    """0..1, the weakest of the three gates; one that is just reached gives 0.5."""
    peak, fine = match
    marks = (
        (peak.z - 4) / (2 * (_SAME_Z - 4)),
        (peak.ratio - 1) / (2 * (_SAME_RATIO - 1)),
        fine.inlier_fraction / (2 * _SAME_INLIERS),
    )
    return min(1.0, max(0.0, min(marks)))


def _judged(match: _Match, recording_s: float) -> Alignment:
    peak, fine = match
    verdict, reason = _verdict(match)
    line, middle_s = fine.line, recording_s / 2
    if len(fine.times_s):
        middle_s = float(fine.times_s[0] + fine.times_s[-1]) / 2
    drift_applied = verdict == "same" and _drift_matters(fine)
    offset_s = line.at_zero_s if drift_applied else float(line.at(middle_s))
    return Alignment(
        verdict=verdict,
        offset_s=offset_s if fine.inlier_fraction > 0 else peak.offset_s,
        drift_ppm=line.drift_ppm if drift_applied else 0.0,
        drift_applied=drift_applied,
        confidence=_confidence(match),
        z=peak.z,
        ratio=peak.ratio,
        inlier_fraction=fine.inlier_fraction,
        residual_ms=fine.residual_ms,
        reason=reason,
    )


def _drift_matters(fine: _Fine) -> bool:
    """Whether the drift is beyond what the fit can mistake and what can be heard or seen."""
    drift = abs(fine.line.drift_ppm)
    end_error_s = drift * 1e-6 * fine.span_s
    return drift > _LEAST_DRIFT_PPM and end_error_s > _LEAST_END_ERROR_S and fine.span_s > _LEAST_SPAN_S


def _verdict(match: _Match) -> tuple[Verdict, Words]:
    peak, fine = match
    if _is_same(match):
        return "same", Words("both recorded the same performance", "两者录的是同一段内容")
    agreed = fine.inlier_fraction >= _SAME_INLIERS
    if peak.z > _UNSURE_Z and agreed and peak.ratio <= _SAME_RATIO:
        return "unsure", Words(
            "the sound repeats itself or is too weak, and more than one position fits",
            "声音有重复或太弱，有不止一个位置吻合",
        )
    if peak.z > _UNSURE_Z and agreed:
        return "unsure", Words("the match is weak", "匹配程度较弱")
    if peak.z > _UNSURE_Z and peak.ratio > _UNSURE_RATIO:
        return "unsure", Words("the rhythm matches but the waveforms do not", "节奏相符，但波形不一致")
    return "different", Words("the two are not the same performance", "两者不是同一段录音内容")
