"""What changes while a song plays: its gain (ducking, fades) and its lag (another clock), moment by moment.

Both are fitted frame by frame between the mix and the music predicted in it, with the robust
weights of `filters`, and smoothed: the gain over 0.1 s, the lag to a straight line.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from saycut.audio.known_song.spectra import Real, Spectra, middles, power, smoothed, spectra
from saycut.pcm import Pcm

Numbers = NDArray[np.float64]

_SIZE, _HOP, _LAG_HOP = 2048, 512, 2048
_ROUNDS = 4
_GAIN_FRAMES = 3.0  # standard deviation of the smoothing
_SETTLED_FRAMES = 8.0
_DUCKED_DB = 1.2  # a steady song varies by 0.0 to 0.7 dB in this measure, one ducked by 12 dB by 11 to 12
_MOST_GAIN = 8.0
_MOST_LAG = 4.0  # samples


class _Frames(NamedTuple):
    mix: Spectra
    music: Spectra

    @classmethod
    def of(cls, heard: Pcm, predicted: Pcm, hop: int) -> "_Frames":
        return cls(spectra(heard, _SIZE, hop), spectra(predicted, _SIZE, hop))

    def first_weight(self) -> tuple[Real, Real]:
        mix_power = power(self.mix)
        usual = mix_power.mean(axis=1, keepdims=True) + np.float32(1e-12)
        return 1 / (smoothed(mix_power) + np.float32(1e-2) * usual), usual


def gain(heard: Pcm, predicted: Pcm, *, moving: bool = False) -> Real | None:
    """How much louder than predicted the music is, a factor for each sample; None when it is steady.

    With `moving` small changes count too: the song is known to be ducked.
    """
    frames = _Frames.of(heard, predicted, _HOP)
    weight, usual = frames.first_weight()
    agreeing = (frames.music.conj() * frames.mix).real.sum(axis=0)
    music_power = power(frames.music)
    factor = np.ones(agreeing.shape[1], np.float32)
    for _ in range(_ROUNDS):
        fitted = (weight * agreeing).sum(0) / ((weight * music_power).sum(0) + 1e-20)
        factor = np.clip(fitted, 0, _MOST_GAIN).astype(np.float32)
        rest = power(frames.mix - factor * frames.music)
        weight = np.asarray(1 / (smoothed(rest) + np.float32(1e-3) * usual), np.float32)
    sure = _sureness((weight * music_power).sum(0))
    settled = _weighted_mean(factor, sure, _SETTLED_FRAMES)
    if not moving and _spread_db(settled, music_power.sum(0)) < _DUCKED_DB:
        return None
    smooth = _weighted_mean(factor, sure, _GAIN_FRAMES)
    places = middles(len(smooth), _SIZE, _HOP)
    return np.interp(np.arange(len(heard)), places, smooth).astype(np.float32)


def lag_line(heard: Pcm, predicted: Pcm) -> tuple[float, float]:
    """By how many samples the mix is behind the prediction at its first sample, and the slope in ppm.

    Good for lags of a few samples: beyond that the phase of the higher frequencies turns over.
    """
    frames = _Frames.of(heard, predicted, _LAG_HOP)
    weight, usual = frames.first_weight()
    turn = (2 * np.pi * np.arange(frames.mix.shape[1], dtype=np.float32) / _SIZE)[:, None]
    behind = -(frames.music.conj() * frames.mix).imag.sum(axis=0) * turn
    steepness = power(frames.music) * turn**2
    lag = np.zeros(behind.shape[1], np.float32)
    for _ in range(_ROUNDS):
        fitted = (weight * behind).sum(0) / ((weight * steepness).sum(0) + 1e-20)
        lag = np.clip(fitted, -_MOST_LAG, _MOST_LAG).astype(np.float32)
        moved = frames.music * np.exp(-1j * turn * lag)
        rest = power(frames.mix - moved)
        weight = np.asarray(1 / (smoothed(rest) + np.float32(1e-3) * usual), np.float32)
    sure = _sureness((weight * steepness).sum(0))
    at_first, slope = _line(middles(len(lag), _SIZE, _LAG_HOP), lag.astype(np.float64), sure)
    return at_first, slope * 1e6


def _line(places: Numbers, lags: Numbers, sure: Numbers) -> tuple[float, float]:
    """A weighted straight line, points beyond three robust deviations left out."""
    kept = np.ones(len(lags), np.bool_)
    fit: Numbers = np.zeros(2)
    for _ in range(6):
        weights = np.sqrt(sure[kept])
        fit = np.asarray(np.polynomial.polynomial.polyfit(places[kept], lags[kept], 1, w=weights))
        away = np.abs(lags - fit[0] - fit[1] * places)
        kept = away <= 3 * 1.4826 * np.median(away[kept]) + 1e-4
    return float(fit[0]), float(fit[1])


def _sureness(information: Real) -> Numbers:
    """Weights of frames; one loud frame counts at most three times a usual one."""
    shares = np.minimum(information / (np.median(information) + 1e-30), 3.0)
    return np.asarray(shares + 1e-4, np.float64)


def _weighted_mean(values: Real, sure: Numbers, frames: float) -> Numbers:
    weighted = gaussian_filter1d(values.astype(np.float64) * sure, frames)
    return np.asarray(weighted / gaussian_filter1d(sure, frames))


def _spread_db(values: Numbers, music_power: Real) -> float:
    """Between the 10th and the 90th percentile, where the song is not silent and not at the very edges."""
    inner = slice(8, -8) if len(values) > 40 else slice(None)
    audible = (music_power > 1e-3 * music_power.mean())[inner]
    if not audible.any():
        return 0.0
    low, high = np.quantile(values[inner][audible], (0.1, 0.9))
    return float(20 * np.log10((high + 1e-3) / (low + 1e-3)))
