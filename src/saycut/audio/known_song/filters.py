"""What of a known sound is heard in a mix: a filter for each frequency, by robust least squares.

Weights 1/|residual|² (iteratively reweighted least squares towards the L0 norm) make the bins in which
somebody speaks lose their vote. The residual power is smoothed over 3 × 3 bins, a better guess at its
variance (plain overlay: 70 instead of 60 dB). `taps` earlier frames of the song stand for a room's echoes.
"""

import numpy as np
from numpy.typing import NDArray

from saycut.audio.known_song.spectra import Real, Spectra, power, smoothed

_CHUNK_BYTES = 64 << 20
_FIRST_TRUST, _RIDGE = 1e-2, 1e-6


def predicted(mix: Spectra, song: Spectra, taps: int, rounds: int, trust: float) -> Spectra:
    """The part of `mix` (channels, bins, frames) that filters of `song` (inputs, bins, frames) explain.

    `trust` is the least residual power, as a share of a bin's mean power, that still raises a weight:
    1e-3 follows loosely, 1e-7 insists on the bins that fit. Memory is bounded: bins are fitted in groups.
    """
    bins = mix.shape[1]
    group = max(16, _CHUNK_BYTES // (8 * taps * song.shape[0] * mix.shape[2]))
    out = np.empty_like(mix)
    for first in range(0, bins, group):
        part = slice(first, min(first + group, bins))
        out[:, part] = _group(mix[:, part], _delayed(song[:, part], taps), rounds, trust)
    return out


def _group(mix: Spectra, inputs: Spectra, rounds: int, trust: float) -> Spectra:
    mix_power = power(mix)
    usual = mix_power.mean(axis=1, keepdims=True) + 1e-12
    weight = 1 / (smoothed(mix_power) + _FIRST_TRUST * usual)
    by_bin = np.ascontiguousarray(inputs.transpose(1, 0, 2))
    heard = np.ascontiguousarray(mix.transpose(1, 2, 0))
    explained = np.zeros_like(mix)
    for number in range(rounds):
        filters = _solved(by_bin, heard, np.asarray(weight, np.float32))
        explained = (filters.transpose(0, 2, 1) @ by_bin).transpose(1, 0, 2)
        now = _FIRST_TRUST * (trust / _FIRST_TRUST) ** (number / max(rounds - 1, 1))
        weight = 1 / (smoothed(power(mix - explained)) + now * usual)
    return np.asarray(explained, np.complex64)


def _solved(inputs: Spectra, heard: Spectra, weight: Real) -> NDArray[np.complex64]:
    """Filters (bins, inputs, channels) of the weighted normal equations."""
    weighted = (inputs * weight[:, None, :]).conj()
    normal = (weighted @ inputs.transpose(0, 2, 1)).astype(np.complex128)
    sought = (weighted @ heard).astype(np.complex128)
    level = np.trace(normal, axis1=1, axis2=2).real / normal.shape[1]
    normal += (_RIDGE * level + 1e-20)[:, None, None] * np.eye(normal.shape[1])
    return np.linalg.solve(normal, sought).astype(np.complex64)


def _delayed(song: Spectra, taps: int) -> Spectra:
    """`song` and its `taps` - 1 earlier frames as inputs."""
    if taps == 1:
        return song
    late = [np.pad(song, ((0, 0), (0, 0), (tap, 0)))[..., : song.shape[2]] for tap in range(taps)]
    return np.concatenate(late)
