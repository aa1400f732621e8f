"""Sample rate conversion of a stream of blocks."""

from collections.abc import Iterator

import numpy as np
import soxr
from numpy.typing import NDArray

_Samples = NDArray[np.float32]

_GATHERED = 1 << 14


def resampled(
    blocks: Iterator[_Samples], rate_hz: int, out_rate_hz: int, lead_out: int, channels: int
) -> Iterator[_Samples]:
    """`blocks` at `out_rate_hz` without the first `lead_out` output samples; soxr HQ, linear phase."""
    to_drop = lead_out
    for block in blocks if rate_hz == out_rate_hz else _converted(blocks, rate_hz, out_rate_hz, channels):
        if to_drop >= len(block):
            to_drop -= len(block)
            continue
        yield block[to_drop:]
        to_drop = 0


def _converted(
    blocks: Iterator[_Samples], rate_hz: int, out_rate_hz: int, channels: int
) -> Iterator[_Samples]:
    converter = soxr.ResampleStream(rate_hz, out_rate_hz, channels, dtype="float32", quality="HQ")
    for block in gathered(blocks):
        yield _two_dimensional(converter.resample_chunk(block), channels)
    yield _two_dimensional(converter.resample_chunk(np.zeros((0, channels), np.float32), last=True), channels)


def gathered(blocks: Iterator[_Samples]) -> Iterator[_Samples]:
    """Packets hold a thousand samples or so; everything behind them works faster on more."""
    held: list[_Samples] = []
    count = 0
    for block in blocks:
        held.append(block)
        count += len(block)
        if count >= _GATHERED:
            yield held[0] if len(held) == 1 else np.concatenate(held)
            held, count = [], 0
    if held:
        yield np.concatenate(held)


def _two_dimensional(samples: _Samples, channels: int) -> _Samples:
    return samples.reshape(-1, channels)
