"""What a comparison listens to: one channel, at a lower rate, read where it is needed."""

import math
from collections.abc import Iterator

import numpy as np
import soxr
from numpy.typing import NDArray

from saycut.audio.resampling import resample
from saycut.pcm import Pcm, PcmReader, blocks_of
from saycut.watch import Watch

Mono = NDArray[np.float32]

# Channels that cancel in their sum (a lead wired the wrong way round) leave less than this of their
# mean energy; unrelated channels leave a half.
_CANCELLED = 0.1


def mono(block: Pcm) -> Mono:
    """The mean of all channels (samples,), or the loudest channel where the mean cancels out."""
    if block.shape[1] == 1:
        return block[:, 0]
    # A product with a vector of weights: five times as fast as the mean along so short an axis.
    middle: Mono = block @ np.full(block.shape[1], 1 / block.shape[1], np.float32)
    energies = np.einsum("sc,sc->c", block, block, dtype=np.float64)
    if float(middle @ middle) < _CANCELLED * energies.mean():
        return np.ascontiguousarray(block[:, int(np.argmax(energies))])
    return middle


def excerpt(reader: PcmReader, start: int, count: int, to_hz: int, drift_ppm: float = 0.0) -> Mono:
    """`count` samples from sample `start`, in mono at `to_hz`, stretched by (1 + drift_ppm·1e-6)."""
    sound = np.ascontiguousarray(mono(reader.read(start, count)))
    out: Mono = soxr.resample(sound, reader.rate_hz, to_hz * (1 + drift_ppm * 1e-6), quality="HQ")
    return out


def whole(reader: PcmReader, to_hz: int, watch: Watch) -> Mono:
    """All of `reader` in mono at `to_hz`; for sounds of minutes, not hours."""

    def blocks() -> Iterator[Pcm]:
        for block in blocks_of(reader, 10 * reader.rate_hz):
            watch.check()
            yield mono(block)[:, None]

    parts = list(resample(blocks(), reader.rate_hz, to_hz, 1))
    return np.concatenate(parts)[:, 0] if parts else np.zeros(0, np.float32)


def seconds_of(reader: PcmReader) -> float:
    """How long a sound lasts, in seconds."""
    return reader.samples / reader.rate_hz


def rms_dbfs(sound: Mono) -> float:
    """Root mean square level in dBFS; −200 for digital silence."""
    mean = float(np.mean(np.square(sound, dtype=np.float64))) if len(sound) else 0.0
    return max(-200.0, 10 * math.log10(mean)) if mean > 0 else -200.0
