"""Convolution with a short window by overlap-add: to the bit what `scipy.signal.oaconvolve` gives.

Written out because importing `scipy.signal` takes half a second (see `compiled`).
"""

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import fft
from scipy.special import lambertw

Values = NDArray[np.float64]


def convolved(values: Values, window: Values) -> Values:
    """Where `window` (two values or more) lies wholly inside `values`, so as many less len(window) - 1."""
    block = _block_values(len(window))
    if len(window) >= len(values) / 2 or block >= len(values):
        size = fft.next_fast_len(len(values) + len(window) - 1, True)
        whole = fft.irfft(fft.rfft(values, size) * fft.rfft(window, size), size)
    else:
        whole = _overlapping(values, window, block)
    part: Values = whole[len(window) - 1 : len(values)]
    return part


def _overlapping(values: Values, window: Values, block: int) -> Values:
    overlap = len(window) - 1
    step = block - overlap
    blocks = math.ceil((len(values) + 1) / step)
    if step * blocks < len(values) + overlap:
        blocks += 1
    padded = np.zeros(blocks * step)
    padded[: len(values)] = values
    parts = fft.irfft(fft.rfft(padded.reshape(blocks, step), block) * fft.rfft(window, block), block)
    parts[1:, :overlap] += parts[:-1, step:]
    whole: Values = parts[:, :step].reshape(-1)
    return whole


@cache
def _block_values(window: int) -> int:
    """Of a transform, for the fewest operations a value: N = K (ln 2N + 1) with K = `window` - 1."""
    overlap = window - 1
    best = -overlap * float(lambertw(-1 / (2 * math.e * overlap), k=-1).real)
    size: int = fft.next_fast_len(math.ceil(best))
    return size
