"""Short-time spectra with square-root Hann windows, shape (channels, bins, frames).

Frame t is centred on sample (t - 1) · hop + size/2 - (size - hop): one window of zeros lies before and after.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import fft
from scipy.ndimage import uniform_filter

from saycut.pcm import Pcm

Spectra = NDArray[np.complex64]
Real = NDArray[np.float32]


def spectra(sound: Pcm, size: int, hop: int) -> Spectra:
    """The spectra of (samples, channels)."""
    padded = np.pad(sound, ((size, size), (0, 0)))
    frames = np.lib.stride_tricks.sliding_window_view(padded, size, axis=0)[::hop]
    turned = fft.rfft(frames * _window(size), axis=-1).transpose(1, 2, 0)
    return np.ascontiguousarray(turned, np.complex64)


def sound(spectra: Spectra, samples: int, size: int, hop: int) -> Pcm:
    """The sound of unchanged `spectra` is what they were made of: (samples, channels)."""
    frames = fft.irfft(spectra.transpose(0, 2, 1), size, axis=-1) * _window(size)
    out = np.zeros((frames.shape[0], (frames.shape[1] - 1) * hop + size), np.float32)
    for number in range(frames.shape[1]):
        out[:, number * hop : number * hop + size] += frames[:, number]
    scale = np.float32(2 * hop / size)
    return np.ascontiguousarray(out[:, size : size + samples].T * scale, np.float32)


def middles(frames: int, size: int, hop: int) -> NDArray[np.float64]:
    """The sample in the middle of each frame."""
    return np.asarray(np.arange(frames) * float(hop) - size / 2, np.float64)


def power(spectra: Spectra) -> Real:
    """Power over all channels, (bins, frames)."""
    return np.asarray((spectra.real**2 + spectra.imag**2).sum(axis=0), np.float32)


def smoothed(power: Real, bins: int = 3, frames: int = 3) -> Real:
    """The mean over neighbouring bins and frames: a steadier estimate of a variance."""
    return np.asarray(uniform_filter(power, (bins, frames), mode="nearest"), np.float32)


def _window(size: int) -> Real:
    return np.sqrt(np.hanning(size + 1)[:-1]).astype(np.float32)
