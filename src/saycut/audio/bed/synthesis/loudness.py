"""How loud a sound is, by the weighting of ITU-R BS.1770-4, as far as a mixer needs it."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from saycut.audio.bed.synthesis.tone import Wave
from saycut.pcm import RATE_HZ

REFERENCE_RMS = 0.1
"""The weighted RMS that `evened` gives the loudest moment of a sound."""

# BS.1770-4, tables 1 and 2: the two filters at 48 kHz.
_ABSOLUTE_GATE_LUFS, _RELATIVE_GATE_LU = -70.0, 10.0
_K_WEIGHTING = np.array(
    [
        [1.53512485958697, -2.69169618940638, 1.19839281085285, 1.0, -1.69065929318241, 0.73248077421585],
        [1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621],
    ]
)


def weighted(wave: Wave) -> Wave:
    """`wave` (…, n) through the K weighting."""
    filtered: Wave = signal.sosfilt(_K_WEIGHTING, wave.astype(np.float64), axis=-1).astype(np.float32)
    return filtered


def evening_gain(wave: Wave, window_s: float) -> np.float32:
    """The gain that brings the loudest `window_s` of `wave` to the reference."""
    window = min(len(wave), round(window_s * RATE_HZ))
    energy = np.cumsum(np.square(weighted(wave), dtype=np.float64))
    spans = energy[window - 1 :] - np.concatenate([[0.0], energy[: len(energy) - window]])
    rms = float(np.sqrt(spans.max(initial=1e-12) / window))
    return np.float32(REFERENCE_RMS / max(rms, 1e-6))


def evened(wave: Wave, window_s: float) -> Wave:
    """`wave` at the reference loudness, so that every sound and every pitch weighs the same in the mix."""
    even: Wave = wave * evening_gain(wave, window_s)
    return even


def gated_lufs(waves: Iterable[Wave]) -> float:
    """The integrated loudness of planar stereo sounds one after another, with both gates of BS.1770-4.

    Sounds shorter than a gating block (400 ms) count as one block.
    """
    powers = np.concatenate([_block_powers(wave) for wave in waves])
    powers = powers[_lufs(powers) > _ABSOLUTE_GATE_LUFS]
    if not len(powers):
        return _ABSOLUTE_GATE_LUFS
    powers = powers[_lufs(powers) > _lufs(powers.mean()) - _RELATIVE_GATE_LU]
    return float(_lufs(powers.mean()))


def _block_powers(stereo: Wave) -> NDArray[np.float64]:
    energy = np.concatenate([[0.0], np.cumsum(np.square(weighted(stereo), dtype=np.float64).sum(axis=0))])
    length = min(round(0.4 * RATE_HZ), stereo.shape[1])
    starts = np.arange(0, stereo.shape[1] - length + 1, round(0.1 * RATE_HZ))
    powers: NDArray[np.float64] = (energy[starts + length] - energy[starts]) / length
    return powers


def _lufs(power: NDArray[np.float64]) -> NDArray[np.float64]:
    loudness: NDArray[np.float64] = -0.691 + 10.0 * np.log10(np.maximum(power, 1e-12))
    return loudness
