"""What a lossy codec leaves of a song: noise that rises and falls with it, lowered by a gentle mask."""

import numpy as np
from scipy.ndimage import gaussian_filter1d

from saycut.audio.known_song.spectra import Real, Spectra, power, smoothed

_SHARE = 0.2  # the quantile of residue to song taken as the codec's: bins where nobody speaks
_OVER, _FLOOR = 3.0, 0.2  # over-subtraction and least gain (measured: +1 to +2.5 dB SI-SDR, voice unharmed)
_EVEN_BINS = 15.0


def without_codec_noise(rest: Spectra, music: Spectra) -> Spectra:
    """`rest` (channels, bins, frames) after `music` was subtracted, with the codec's residue lowered.

    The residue is assumed to be a fixed share of the music's power at each frequency. The share is read
    where the music is loud, so that steady noise of the place, which does not follow it, is not counted.
    """
    rest_power, music_power = power(rest), smoothed(power(music), 5, 3) + np.float32(1e-20)
    share = _codec_share(smoothed(rest_power, 5, 3), music_power)
    noise = np.float32(_OVER) * share[:, None] * music_power
    kept = 1 - noise / (smoothed(rest_power) + np.float32(1e-20))
    return np.asarray(rest * np.sqrt(np.maximum(kept, _FLOOR**2)), np.complex64)


def _codec_share(rest: Real, music: Real) -> Real:
    loud = music >= np.median(music, axis=1, keepdims=True)
    ratio = np.where(loud, rest / music, np.nan)
    share = np.nan_to_num(np.nanquantile(ratio, _SHARE, axis=1), nan=1e-12)
    return np.asarray(10 ** gaussian_filter1d(np.log10(share + 1e-12), _EVEN_BINS), np.float32)
