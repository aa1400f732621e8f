"""The source of a voice: pulses of the glottis at a wanted pitch, free of aliasing."""

import numpy as np

from training.synthetic.sound import Track

_TABLE = 4096
_CLASSES_PER_OCTAVE = 2
_LOWEST_HZ = 40.0
_HIGHEST_HARMONIC_HZ = 14_000.0


def pulses(f0_hz: Track, rate_hz: int, *, open_quotient: float, tilt_hz: float, phase: float = 0.0) -> Track:
    """The derivative of glottal flow, one value per sample, about unit rms, at the pitch `f0_hz`.

    The pulse is that of Klatt and Klatt, "Analysis, synthesis, and perception of voice quality
    variations", JASA 87 (1990): flow a t^2 - b t^3 while open (`open_quotient` of the period),
    then a first-order tilt from `tilt_hz`.
    """
    turns = phase + np.cumsum(f0_hz) / rate_hz
    place = (turns - np.floor(turns)) * _TABLE
    below = place.astype(np.intp)
    fraction = place - below
    classes = np.floor(_CLASSES_PER_OCTAVE * np.log2(np.maximum(f0_hz, _LOWEST_HZ) / _LOWEST_HZ)).astype(int)
    out = np.empty(len(f0_hz))
    for octave_class in np.unique(classes):
        top_hz = _LOWEST_HZ * 2.0 ** ((octave_class + 1) / _CLASSES_PER_OCTAVE)
        table = _table(top_hz, min(_HIGHEST_HARMONIC_HZ, 0.45 * rate_hz), open_quotient, tilt_hz)
        here = classes == octave_class
        low = below[here]
        out[here] = table[low] + fraction[here] * (table[low + 1] - table[low])
    return out


def _table(f0_hz: float, highest_hz: float, open_quotient: float, tilt_hz: float) -> Track:
    time = np.arange(_TABLE) / _TABLE / open_quotient
    flow = np.where(time < 1.0, 2.0 * time - 3.0 * time**2, 0.0)
    harmonics = np.fft.rfft(flow - flow.mean())
    hz = np.arange(len(harmonics)) * f0_hz
    harmonics[hz > highest_hz] = 0
    period = np.fft.irfft(harmonics / (1 + 1j * hz / tilt_hz), _TABLE)
    period /= np.sqrt(np.mean(period**2)) + 1e-12
    return np.append(period, period[0])
