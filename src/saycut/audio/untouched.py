"""A sound that was changed in places only, or in part: what was not changed is what it was, bit for bit."""

import numpy as np
from numpy.typing import NDArray

from saycut.audio.speech import Regions
from saycut.pcm import BLOCK_SAMPLES, Blocks, reblock

_RAMP_S = 0.03  # from one to the other, inside a span


def changed_in(spans: Regions, original: Blocks, changed: Blocks, rate_hz: int) -> Blocks:
    """`changed` inside the sorted, disjoint spans (seconds), `original` outside; both are equally long
    streams of (samples, channels). A span that reaches an end of the sound has no ramp there when it lies
    beyond it."""
    first = 0
    pairs = zip(reblock(original, BLOCK_SAMPLES), reblock(changed, BLOCK_SAMPLES), strict=True)
    for before, after in pairs:
        share = _shares(spans, first, len(before), rate_hz)
        if not share.any():
            yield before
        elif share.min() == 1:
            yield after
        else:
            yield np.where(share == 0, before, before + (after - before) * share)
        first += len(before)


def partly(original: Blocks, changed: Blocks, kept: float) -> Blocks:
    """`changed` with the share `kept` (0..1) of what it lacks of the equally long `original`."""
    if not kept:
        yield from changed
        return
    share = np.float32(kept)
    for before, after in zip(reblock(original, BLOCK_SAMPLES), reblock(changed, BLOCK_SAMPLES), strict=True):
        yield after + share * (before - after)


def _shares(spans: Regions, first: int, count: int, rate_hz: int) -> NDArray[np.float32]:
    """(count, 1): how much of each sample is the changed one, 0..1."""
    at_s = (first + np.arange(count)) / rate_hz
    share = np.zeros(count)
    for start_s, end_s in spans:
        if start_s < at_s[-1] + 1 and end_s > at_s[0] - 1:
            inside = np.minimum(at_s - start_s, end_s - at_s) / _RAMP_S
            share = np.maximum(share, np.clip(inside, 0, 1))
    return share.astype(np.float32)[:, None]
