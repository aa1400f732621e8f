"""Mains hum: found as a steady comb of tones at 50 or 60 Hz and its multiples, and notched out."""

import msgspec
import numpy as np
import scipy.fft
from numpy.typing import NDArray

from saycut.pcm import Blocks, PcmReader

_WINDOW_S = 2.0  # resolves 0.5 Hz
_WINDOWS = 32  # spread over the whole sound
_QUIET_PERCENTILE = 20.0  # the tones stand in every window, speech does not
_SEARCH_HZ = (49.8, 50.2), (59.8, 60.2)  # mains are held within 0.2 Hz; wider finds bass notes
_STEP_HZ = 0.01
_HARMONICS = 16  # up to 800 or 960 Hz; what buzzes above is left to the engine
_STANDS_OUT_DB = 10.0  # over the median of its neighbourhood, for at least three harmonics
_LEAST_HARMONICS = 3
_NOTCHED_DB = 6.0
_NOTCH_HZ = 1.0  # width of a notch, and per harmonic more, because the mains wander by parts in a thousand
_NOTCH_HZ_PER_HARMONIC = 0.1


class Hum(msgspec.Struct, frozen=True):
    """The mains frequency and the harmonics (1 = itself) that stand out of the sound."""

    mains_hz: float
    harmonics: tuple[int, ...]


def find_hum(reader: PcmReader) -> Hum | None:
    """The hum in `reader`, from up to 32 windows of 2 s; None when there is none or less sound."""
    count = round(_WINDOW_S * reader.rate_hz)
    if reader.samples < count:
        return None
    bin_hz = reader.rate_hz / count
    orders = np.arange(1, _HARMONICS + 1)
    candidates_hz = np.concatenate([np.arange(low, high, _STEP_HZ) for low, high in _SEARCH_HZ])
    centres = np.rint(np.multiply.outer(candidates_hz, orders) / bin_hz).astype(np.intp)
    prominence_db = _prominence_db(_quiet_spectrum_db(reader, count), bin_hz)[centres]
    scores = np.clip(prominence_db, 0, 30).sum(axis=1)
    best = np.flatnonzero(
        scores > scores.max() - 0.5
    )  # neighbours share bins: take the middle of the best run
    best = best[np.abs(candidates_hz[best] - candidates_hz[best[0]]) < 1]
    middle = int(best[len(best) // 2])
    if np.count_nonzero(prominence_db[middle] >= _STANDS_OUT_DB) < _LEAST_HARMONICS:
        return None
    standing = orders[prominence_db[middle] >= _NOTCHED_DB]
    return Hum(mains_hz=round(float(candidates_hz[middle]), 2), harmonics=tuple(standing.tolist()))


def dehummed(blocks: Blocks, hum: Hum, rate_hz: int) -> Blocks:
    """The stream without `hum`: one second-order notch, 1.1 to 2.6 Hz wide, for each harmonic."""
    from scipy.signal import sosfilt  # half a second, which only a sound with a hum in it should cost

    sections = np.concatenate([_notch(hum.mains_hz * order, order, rate_hz) for order in hum.harmonics])
    state: NDArray[np.float64] | None = None
    for block in blocks:
        if state is None:
            state = np.zeros((len(sections), 2, block.shape[1]))
        out, state = sosfilt(sections, block.astype(np.float64), axis=0, zi=state)
        yield out.astype(np.float32)


def _notch(centre_hz: float, order: int, rate_hz: int) -> NDArray[np.float64]:
    from scipy.signal import iirnotch

    width_hz = _NOTCH_HZ + _NOTCH_HZ_PER_HARMONIC * order
    numerator, denominator = iirnotch(centre_hz, centre_hz / width_hz, rate_hz)
    return np.concatenate((numerator, denominator))[None, :]


def _quiet_spectrum_db(reader: PcmReader, count: int) -> NDArray[np.float64]:
    """A low percentile over windows of `count` samples of the power spectrum, dB."""
    spare = reader.samples - count
    windows = 1 + min(_WINDOWS - 1, spare * 8 // count)
    starts = np.linspace(0, spare, windows).astype(int)
    taper = np.hanning(count)[:, None]
    top = int(np.ceil((_SEARCH_HZ[-1][-1] * _HARMONICS + 40) * count / reader.rate_hz))
    spectra = [
        np.square(np.abs(scipy.fft.rfft(reader.read(start, count) * taper, axis=0)[:top])).mean(axis=1)
        for start in starts.tolist()
    ]
    quiet: NDArray[np.float64] = 10 * np.log10(np.percentile(spectra, _QUIET_PERCENTILE, axis=0) + 1e-12)
    return quiet


def _prominence_db(spectrum_db: NDArray[np.float64], bin_hz: float) -> NDArray[np.float64]:
    """How far each bin stands over the median of the 30 Hz around it."""
    from scipy.ndimage import median_filter

    around: NDArray[np.float64] = median_filter(spectrum_db, size=round(30 / bin_hz) | 1, mode="nearest")
    return spectrum_db - around
