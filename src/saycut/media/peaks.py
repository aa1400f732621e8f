"""How loud a sound is along its length, for drawing."""

import numpy as np
from numpy.typing import NDArray

from saycut.pcm import BLOCK_SAMPLES, PcmReader


def peaks(sound: PcmReader, count: int) -> NDArray[np.float32]:
    """Float32 (count,): the RMS level of each of `count` equal stretches, full scale 1.0.

    Reads a second at a time.
    """
    edges = [sound.samples * place // count for place in range(count + 1)]
    energy = np.zeros(count, np.float64)
    for place in range(count):
        for start in range(edges[place], edges[place + 1], BLOCK_SAMPLES):
            block = sound.read(start, min(BLOCK_SAMPLES, edges[place + 1] - start))
            energy[place] += float(np.sum(np.square(block, dtype=np.float64)))
    lengths = np.maximum(np.diff(edges), 1) * sound.channels
    levels: NDArray[np.float32] = np.sqrt(energy / lengths).astype(np.float32)
    return levels


def together(levels: list[float], count: int) -> list[float]:
    """`levels` as those of `count` stretches; `count` divides how many there are."""
    size = len(levels) // count
    groups = (levels[at : at + size] for at in range(0, len(levels), size))
    return [round((sum(level * level for level in group) / size) ** 0.5, 5) for group in groups]


def bar_heights(levels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Levels as heights 0..1; the floor is 40 dB below the loudest stretch, which suits speech."""
    loudest = float(levels.max(initial=0.0))
    if loudest <= 1e-6:
        return np.zeros_like(levels)
    level_db = 20 * np.log10(np.maximum(levels / loudest, 1e-6))
    heights: NDArray[np.float32] = np.clip(1 + level_db / 40, 0, 1).astype(np.float32) ** np.float32(1.6)
    return heights
