"""Real speech made into singing: every syllable held and put on a note of a scale."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter
from scipy.signal import butter, sosfiltfilt

from training.synthetic.sound import Sound, Track, fitted, levelled
from training.synthetic.tunes import SCALES

_HOP_S = 0.01
_WINDOW_S = 0.045
_PITCH_HZ = (65.0, 480.0)
_VOICED = 0.5  # normalised autocorrelation
_UNVOICED_PERIOD_S = 0.005
_GRAIN_JITTER = 0.25


def autotuned(speech: Sound, rate_hz: int, rng: np.random.Generator) -> Sound:
    """`speech` (n,) mono, sung: longer than it was, each voiced stretch 1.5 to 4 times, on notes of a scale.

    Time-domain pitch-synchronous overlap-add (Moulines and Charpentier, "Pitch-synchronous waveform
    processing techniques", Speech Communication 9 (1990)). Speech without any voice comes back as it is.
    """
    f0_hz = pitch_of(speech, rate_hz)
    runs = [run for run in _runs(f0_hz > 0) if run[1] - run[0] >= 5]
    if not runs:
        return levelled(speech)
    clock, target_hz = _plan(f0_hz, runs, rng)
    marks, periods = _marks(speech, f0_hz, rate_hz)
    out = _overlap_added(speech, rate_hz, (marks, periods), clock, target_hz, rng=rng)
    return levelled(out)


def pitch_of(speech: Sound, rate_hz: int) -> Track:
    """The fundamental of `speech` in Hz every 10 ms, 0 where it has none (normalised autocorrelation)."""
    low = sosfiltfilt(butter(2, 900 / (rate_hz / 2), output="sos"), np.asarray(speech, np.float64))
    window, hop = round(_WINDOW_S * rate_hz), round(_HOP_S * rate_hz)
    padded = np.pad(low, window // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, window)[::hop] * np.hanning(window)
    size = 1 << int(np.ceil(np.log2(2 * window)))
    taper = np.fft.irfft(np.abs(np.fft.rfft(np.hanning(window), size)) ** 2)[: window // 2]
    correlation = np.fft.irfft(np.abs(np.fft.rfft(frames, size, axis=1)) ** 2, axis=1)[:, : window // 2]
    normal = correlation / (correlation[:, :1] + 1e-9) / (taper / taper[0])
    first, last = int(rate_hz / _PITCH_HZ[1]), min(window // 2 - 2, int(rate_hz / _PITCH_HZ[0]))
    searched = normal[:, first:last] * (
        1 - 0.1 * np.arange(last - first) / (last - first)
    )  # not an octave low
    best = first + np.argmax(searched, axis=1)
    rows = np.arange(len(best))
    level = np.sqrt(correlation[:, 0])
    voiced = (normal[rows, best] > _VOICED) & (level > 0.05 * np.percentile(level, 95))
    below, at, above = (normal[rows, best + side] for side in (-1, 0, 1))
    bend = below - 2 * at + above
    lag = best + np.where(np.abs(bend) > 1e-9, 0.5 * (below - above) / np.where(bend == 0, 1, bend), 0)
    f0_hz = np.where(voiced, rate_hz / lag, 0.0)
    return np.asarray(median_filter(f0_hz, 5))


def _runs(true: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], true.astype(int), [0]))))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _plan(f0_hz: Track, runs: list[tuple[int, int]], rng: np.random.Generator) -> tuple[Track, Track]:
    """Per 10 ms of speech, how long it lasts when sung; and the pitch that it is sung at (0: none)."""
    stretch, target_hz = np.ones(len(f0_hz)), np.zeros(len(f0_hz))
    middle = 12 * np.log2(np.median(f0_hz[f0_hz > 0]) / 440) + 69 + rng.choice([0, 0, 2, 4, 7])
    scale, tonic = SCALES[str(rng.choice(list(SCALES)))], int(rng.integers(12))
    ladder = np.array([p for p in range(24, 100) if (p - tonic) % 12 in scale])
    place = int(np.argmin(np.abs(ladder - middle)))
    home = place
    longer = rng.uniform(1.5, 3.0)
    for first, end in runs:
        cuts = [first, (first + end) // 2, end] if end - first > 30 else [first, end]
        for start, stop in pairwise(cuts):
            place += int(rng.choice([-2, -1, -1, 0, 1, 1, 2])) + (home - place) // 4
            place = min(max(place, 0), len(ladder) - 1)  # the pitch of a squeal may lie at an end
            target_hz[start:stop] = 440 * 2 ** ((ladder[place] - 69) / 12)
        stretch[first:end] = np.clip(longer * rng.choice([0.8, 1.0, 1.5]), 1.5, 4.0)
    return _HOP_S * stretch, target_hz


def _marks(speech: Sound, f0_hz: Track, rate_hz: int) -> tuple[NDArray[np.intp], Track]:
    """Where the grains are centred (pitch peaks; every 5 ms without a voice) and the periods, in samples."""
    marks, periods = [], []
    at = 0
    while at < len(speech):
        f0 = f0_hz[min(int(at / rate_hz / _HOP_S), len(f0_hz) - 1)]
        period = rate_hz / f0 if f0 > 0 else _UNVOICED_PERIOD_S * rate_hz
        if f0 > 0:  # the strongest sample near where the next pulse is due
            reach = int(0.2 * period)
            low = max(0, at - reach)
            at = max(at - reach, low + int(np.argmax(speech[low : at + reach + 1])))
        marks.append(at)
        periods.append(period)
        at += max(16, round(period))
    return np.array(marks), np.array(periods)


def _overlap_added(
    speech: Sound,
    rate_hz: int,
    grains: tuple[NDArray[np.intp], Track],
    lasts_s: Track,
    target_hz: Track,
    *,
    rng: np.random.Generator,
) -> Track:
    marks, periods = grains
    sung_s = np.concatenate(([0.0], np.cumsum(lasts_s)))
    spoken_s = _HOP_S * np.arange(len(sung_s))
    vibrato = rng.choice([0.0, 0.003, 0.012, 0.025]), rng.uniform(4.8, 6.5)
    width = round(0.03 * rate_hz)
    out = np.zeros(round(sung_s[-1] * rate_hz) + 4 * width)
    weight = np.zeros(len(out))
    padded = np.pad(np.asarray(speech, np.float64), width)
    at = 0.0
    while at < sung_s[-1] * rate_hz:
        spoken = float(np.interp(at / rate_hz, sung_s, spoken_s))
        hz = target_hz[min(int(spoken / _HOP_S), len(target_hz) - 1)]
        if hz > 0:
            hz *= 1 + vibrato[0] * np.sin(2 * np.pi * vibrato[1] * at / rate_hz)
        else:
            spoken += rng.uniform(-1, 1) * _GRAIN_JITTER * 0.02  # a repeated grain of hiss would hum
        nearest = int(np.argmin(np.abs(marks - spoken * rate_hz)))
        reach = min(width, max(8, round(periods[nearest])))
        grain = np.hanning(2 * reach + 1)
        begin = round(at) + width - reach
        centre = marks[nearest] + width
        piece = padded[centre - reach : centre + reach + 1]
        out[begin : begin + len(piece)] += piece * grain[: len(piece)]
        weight[begin : begin + len(piece)] += grain[: len(piece)]
        at += rate_hz / hz if hz > 0 else _UNVOICED_PERIOD_S * rate_hz
    sounding = out / np.maximum(weight, 0.5)
    return np.asarray(fitted(sounding[width:], round(sung_s[-1] * rate_hz)), np.float64)
