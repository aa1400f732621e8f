"""Clicks: impulses up to 2 ms that the signal around them does not foretell, redrawn from that signal.

Detection by the residual of linear prediction, repair by least-squares autoregressive interpolation
(Godsill & Rayner, Digital Audio Restoration, 1998, chapter 5).
"""

from collections.abc import Callable, Iterator

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from saycut.pcm import Blocks, Pcm, reblock

Signal = NDArray[np.float64]

_ORDER = 24
_SEGMENT = 1024  # 21 ms share one predictor
_BLOCK = 47 * _SEGMENT  # about a second, in whole segments, so that a click at a seam looks alike from both
_CONTEXT = 2 * _SEGMENT  # sides: this much is seen before and after a block
_OUTSTANDING = 20.0  # times the robust deviation of the residual; voices stay below, see the tests
_MERGED = 48  # samples of quiet residual that end a click
_MARGIN = 12  # samples redrawn on either side, where a click begins and rings
_LONGEST = 96  # 2 ms; what lasts longer is a sound
_MOST_PER_BLOCK = 60  # more outliers in a second are a rattle or the sound itself: left alone


def declicked(blocks: Blocks, on_clicks: Callable[[int], None]) -> Blocks:
    """The 48 kHz stream (samples, channels) without its clicks; `on_clicks` hears how many, bit by bit."""
    for before, block, after in _with_neighbours(reblock(blocks, _BLOCK)):
        joined = np.concatenate((before[-_CONTEXT:], block, after[:_CONTEXT])).astype(np.float64)
        start = min(len(before), _CONTEXT)
        counts = [
            _repaired(joined[:, channel], start, start + len(block)) for channel in range(block.shape[1])
        ]
        on_clicks(max(counts))
        yield joined[start : start + len(block)].astype(np.float32)


def _with_neighbours(blocks: Blocks) -> Iterator[tuple[Pcm, Pcm, Pcm]]:
    before: Pcm | None = None
    block: Pcm | None = None
    for after in blocks:
        if block is not None:
            yield block[:0] if before is None else before, block, after
        before, block = block, after
    if block is not None:
        yield block[:0] if before is None else before, block, block[:0]


def _repaired(signal: Signal, start: int, end: int) -> int:
    """Redraw in place the clicks of `signal`; how many of them begin in [start, end).

    Those around are redrawn, too, so that both sides of a seam see one that lies across it alike.
    """
    found = _clicks(signal)
    counted = sum(start <= first < end for first, _ in found)
    if counted > _MOST_PER_BLOCK:
        return 0
    for first, last in found:
        _redraw(signal, max(first - _MARGIN, 0), min(last + _MARGIN, len(signal)))
    return counted


def _clicks(signal: Signal) -> list[tuple[int, int]]:
    if len(signal) <= 2 * _ORDER:
        return []
    loud = np.flatnonzero(_residual(signal) > _OUTSTANDING)
    loud = loud[loud >= _ORDER]  # nothing foretells how a sound begins
    if not len(loud):
        return []
    groups = np.split(loud, np.flatnonzero(np.diff(loud) > _MERGED) + 1)
    spans = [(int(group[0]), int(group[-1]) + 1) for group in groups]
    return [(first, last) for first, last in spans if last - first <= _LONGEST]


def _residual(signal: Signal) -> Signal:
    """|prediction residual| of each sample, in robust deviations of its segment."""
    count = -(-len(signal) // _SEGMENT)
    padded = np.pad(signal, (_ORDER, count * _SEGMENT - len(signal)))
    views = np.lib.stride_tricks.sliding_window_view(padded, _SEGMENT + _ORDER)[::_SEGMENT][:count]
    predictors = _predictors(views * np.hanning(views.shape[1]))
    taps = np.lib.stride_tricks.sliding_window_view(views, _ORDER + 1, axis=1)  # oldest sample first
    residual = np.abs(np.einsum("stk,sk->st", taps, predictors[:, ::-1]))
    deviation = np.median(residual, axis=1) / 0.6745 + 1e-7
    # the loudest of three segments: where a word begins, its own segment is half silence
    around = np.max(np.lib.stride_tricks.sliding_window_view(np.pad(deviation, 1, "edge"), 3), axis=1)
    outstanding: Signal = (residual / around[:, None]).reshape(-1)[: len(signal)]
    return outstanding


def _predictors(segments: Signal) -> Signal:
    """Prediction error filters (1, -a1, ...), autocorrelation method with -60 dB of white noise."""
    spectra = scipy.fft.rfft(segments, 2 * segments.shape[1], axis=1)
    correlation = scipy.fft.irfft(np.square(np.abs(spectra)), axis=1)[:, : _ORDER + 1]
    correlation[:, 0] = correlation[:, 0] * (1 + 1e-6) + 1e-12
    lags = np.abs(np.subtract.outer(np.arange(_ORDER), np.arange(_ORDER)))
    weights = np.linalg.solve(correlation[:, lags], correlation[:, 1:, None])[:, :, 0]
    return np.concatenate((np.ones((len(weights), 1)), -weights), axis=1, dtype=np.float64)


def _redraw(signal: Signal, first: int, last: int) -> None:
    """Least-squares AR interpolation of [first, last) from a predictor of the samples around it."""
    from scipy.linalg import lstsq  # a tenth of a second, for sounds that have clicks

    low, high = max(first - _SEGMENT, 0), min(last + _SEGMENT, len(signal))
    around = signal[low:high].copy()
    gap = np.arange(first - low, last - low)
    around[gap] = np.interp(
        gap, (gap[0] - 1, gap[-1] + 1), (around[gap[0] - 1], around[min(gap[-1] + 1, len(around) - 1)])
    )
    (predictor,) = _predictors((around * np.hanning(len(around)))[None, :])
    rows = np.arange(gap[0], min(gap[-1] + _ORDER, len(around) - 1) + 1)
    known = around.copy()
    known[gap] = 0
    target = np.array(
        [predictor @ known[row - _ORDER : row + 1][::-1] if row >= _ORDER else 0.0 for row in rows]
    )
    delays = np.subtract.outer(rows, gap)
    matrix = np.where((delays >= 0) & (delays <= _ORDER), predictor[np.clip(delays, 0, _ORDER)], 0.0)
    solution, *_ = lstsq(matrix, -target)
    signal[first:last] = solution
