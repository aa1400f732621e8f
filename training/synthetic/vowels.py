"""The tube of a voice: formants that move, as a filter that changes every five milliseconds."""

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, rfft

from training.synthetic.sound import Track

HOP_S = 0.005
FORMANTS_HZ: dict[str, tuple[float, float, float, float]] = {
    # a tenor's, after the table of the Csound manual (appendix "Formant values"), and of vowels between
    "a": (650, 1080, 2650, 2900),
    "ae": (620, 1660, 2450, 3300),
    "e": (400, 1700, 2600, 3200),
    "i": (290, 1870, 2800, 3250),
    "o": (400, 800, 2600, 2800),
    "oe": (400, 1450, 2300, 3200),
    "u": (350, 600, 2700, 2900),
    "y": (270, 1750, 2250, 3200),
    "uh": (500, 1300, 2400, 3200),
    # closed or narrow: the hum of a nasal, the liquids
    "m": (250, 1000, 2200, 3000),
    "n": (260, 1400, 2300, 3100),
    "l": (350, 1000, 2700, 3100),
    "r": (420, 1200, 1650, 3000),
}
_WIDTHS_HZ = (70.0, 90.0, 120.0, 140.0)
_UPPER_HZ = (4300.0, 5300.0, 6400.0, 7600.0, 9000.0, 10_600.0)
_UPPER_WIDTHS_HZ = (250.0, 350.0, 500.0, 700.0, 900.0, 1200.0)
_FRAMES_AT_ONCE = 512


def formed(source: Track, formants_hz: NDArray[np.float64], rate_hz: int, scale: float) -> Track:
    """`source` through the tube, the same length.

    `formants_hz` is (frames, 4), a row per 5 ms; `scale` moves the fixed formants above them.
    """
    hop = round(HOP_S * rate_hz)
    window = np.hanning(4 * hop + 1)[:-1] / 2  # the hops of a Hann window add up to 2
    size = 1 << int(np.ceil(np.log2(8 * hop)))
    hz = np.linspace(0, rate_hz / 2, size // 2 + 1, dtype=np.float64)
    upper = np.prod(
        [_resonance(hz, f * scale, w) for f, w in zip(_UPPER_HZ, _UPPER_WIDTHS_HZ, strict=True)], 0
    )
    padded = np.pad(source, (2 * hop, size + 2 * hop))
    frames = len(source) // hop + 4
    out = np.zeros(hop * frames + size)
    for first in range(0, frames, _FRAMES_AT_ONCE):
        starts = hop * np.arange(first, min(first + _FRAMES_AT_ONCE, frames))
        inside = starts[starts + len(window) <= len(padded)]
        rows = formants_hz[np.clip(inside // hop, 0, len(formants_hz) - 1)]
        spectra = rfft(padded[inside[:, None] + np.arange(len(window))] * window, size, axis=1)
        tube = upper * _tube(hz, rows)
        for start, sound in zip(inside, irfft(spectra * tube, size, axis=1), strict=True):
            out[start : start + size] += sound
    return out[2 * hop : 2 * hop + len(source)]


def _tube(hz: Track, rows: NDArray[np.float64]) -> NDArray[np.complex64]:
    tube = np.ones((len(rows), len(hz)), np.complex64)
    for column, width_hz in enumerate(_WIDTHS_HZ):
        tube *= _resonance(hz, rows[:, column : column + 1], width_hz).astype(np.complex64)
    return tube


def _resonance(hz: Track, centre_hz: float | NDArray[np.float64], width_hz: float) -> NDArray[np.complex128]:
    """A pole pair with gain 1 at 0 Hz."""
    squared = np.square(centre_hz)
    return np.asarray(squared / (squared - hz**2 + 1j * hz * width_hz), np.complex128)
