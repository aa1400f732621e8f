"""The sound that carries its own time.

The time code is seeded noise between 150 and 6000 Hz: no two stretches of it are alike, so a window of
it cut from any output is found again in the original by cross-correlation, to a small part of a
sample, after AAC, MP3 or Opus as well. Every source and channel has its own noise. Negative times
exist too (sound that starts before the picture), down to -LEAD_S.

Sound is float32 (samples, channels), full scale 1.0, as everywhere in Saycut.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import fft, signal

Pcm = NDArray[np.float32]

RATE_HZ = 48_000
LEAD_S = 2.0
CODE_BAND_HZ = (150.0, 6000.0)
CODE_RMS = 0.1  # -20 dBFS: peaks stay below full scale, also when channels are summed
WINDOW = 4096
TONE_BASE_HZ, TONE_STEP_HZ = 400, 150


def time_code(
    start_s: float, length_s: float, rate_hz: int = RATE_HZ, channels: int = 1, source: int = 0
) -> Pcm:
    """The time code from `start_s` (may be negative, not below -LEAD_S), (samples, channels)."""
    samples = round(length_s * rate_hz)
    end_s = start_s + length_s
    tracks = []
    for channel in range(channels):
        whole = _code(source, channel, int(np.ceil(end_s)) + 1)
        if rate_hz != RATE_HZ:
            import soxr

            whole = soxr.resample(whole, RATE_HZ, rate_hz, quality="VHQ")
        first = round((start_s + LEAD_S) * rate_hz)
        tracks.append(whole[first : first + samples])
    return np.ascontiguousarray(np.stack(tracks, axis=1), np.float32)


def tones(start_s: float, length_s: float, rate_hz: int = RATE_HZ, channels: int = 1) -> Pcm:
    """One steady tone a second: second k sounds at 400 + 150 k Hz (k wraps at 30), phase continuous."""
    time = start_s + np.arange(round(length_s * rate_hz)) / rate_hz
    frequency = tone_hz(np.floor(time))
    phase = 2 * np.pi * np.cumsum(frequency) / rate_hz
    return _spread(0.2 * np.sin(phase), channels)


def tone_hz(second: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """The frequency of `tones` in whole second `second`."""
    return np.asarray(TONE_BASE_HZ + TONE_STEP_HZ * (np.asarray(second) % 30), np.float64)


def clicks(start_s: float, length_s: float, rate_hz: int = RATE_HZ, channels: int = 1) -> Pcm:
    """Silence with a click of 1 ms (a damped 3 kHz burst) that begins at every whole second."""
    out = np.zeros(round(length_s * rate_hz))
    ticks = np.arange(round(0.001 * rate_hz))
    shape = 0.8 * np.sin(2 * np.pi * 3000 * ticks / rate_hz) * np.exp(-ticks / (0.0003 * rate_hz))
    for second in range(int(np.ceil(start_s)), int(np.ceil(start_s + length_s))):
        first = round((second - start_s) * rate_hz)
        part = shape[: len(out) - first]
        out[first : first + len(part)] += part
    return _spread(out, channels)


def bursts(
    spoken: tuple[tuple[float, float], ...],
    start_s: float,
    length_s: float,
    *,
    rate_hz: int = RATE_HZ,
    channels: int = 1,
    source: int = 0,
    floor_db: float = -80.0,
) -> Pcm:
    """Time code that sounds only within the `spoken` intervals (s) and is `floor_db` below it elsewhere.

    The edges are exact to the sample, so silence trimming can be checked to the sample; what is left
    can still be located, the quiet parts included.
    """
    code = time_code(start_s, length_s, rate_hz=rate_hz, channels=channels, source=source)
    gain = np.full(len(code), 10 ** (floor_db / 20), np.float32)
    for begin, end in spoken:
        first, last = round((begin - start_s) * rate_hz), round((end - start_s) * rate_hz)
        gain[max(first, 0) : max(last, 0)] = 1.0
    return code * gain[:, None]


def locate_sound(
    pcm: NDArray[np.float32],
    at_sample: int,
    window: int = WINDOW,
    *,
    source: int = 0,
    channel: int = 0,
    within_s: float = 16.0,
) -> tuple[float, float]:
    """Where in the time code of `source` the sound at `at_sample` of a 48 kHz output comes from.

    `pcm` is (samples,) or (samples, channels): `channel` of it is looked for in the same channel of
    the original, between -LEAD_S and `within_s`. The window starts at `at_sample`.

    Returns (source sample at 48 kHz as a fraction, confidence); the confidence is the correlation
    coefficient of the window with what was found: above 0.9 for clean AAC, below 0.2 for a miss.
    """
    track = pcm if pcm.ndim == 1 else pcm[:, min(channel, pcm.shape[1] - 1)]
    piece = np.asarray(track[at_sample : at_sample + window], np.float64)
    if at_sample < 0 or len(piece) < window:
        raise ValueError(f"a window of {window} samples at {at_sample} leaves a sound of {len(track)}")
    piece = piece - piece.mean()
    energy = float(np.sqrt(np.sum(piece**2)))
    if energy < 1e-9:
        return 0.0, 0.0
    spectrum, running, size = _reference(source, channel, int(np.ceil(within_s)), window)
    product = fft.irfft(spectrum * np.conj(fft.rfft(piece, size)), size)[: len(running)]
    scores = product / (running * energy)
    best = int(np.argmax(scores))
    shift = _peak(scores[max(best - 1, 0) : best + 2]) if 0 < best < len(scores) - 1 else 0.0
    return best + shift - LEAD_S * RATE_HZ, float(scores[best])


@lru_cache(maxsize=64)
def _code(source: int, channel: int, seconds: int) -> NDArray[np.float32]:
    """The code from -LEAD_S to `seconds`, at 48 kHz; longer codes begin with the shorter ones."""
    count = round((seconds + LEAD_S) * RATE_HZ)
    taps = _band_taps()
    white = np.random.default_rng([20_260, source, channel]).standard_normal(count + len(taps) - 1)
    code = signal.oaconvolve(white, taps, mode="valid") * CODE_RMS
    code.flags.writeable = False
    return code.astype(np.float32)


@lru_cache(maxsize=1)
def _band_taps() -> NDArray[np.float64]:
    taps = signal.firwin(1023, CODE_BAND_HZ, fs=RATE_HZ, pass_zero=False)
    return np.asarray(taps / np.sqrt(np.sum(taps**2)), np.float64)


@lru_cache(maxsize=16)
def _reference(
    source: int, channel: int, seconds: int, window: int
) -> tuple[NDArray[np.complex128], NDArray[np.float64], int]:
    code = _code(source, channel, seconds).astype(np.float64)
    size = fft.next_fast_len(len(code) + window, real=True)
    sums = np.concatenate(([0.0], np.cumsum(code**2)))
    running = np.sqrt(sums[window:] - sums[:-window])
    return fft.rfft(code, size), running, size


def _peak(three: NDArray[np.float64]) -> float:
    """Where the parabola through three equally spaced values has its top, from the middle one."""
    left, middle, right = (float(value) for value in three)
    curve = left - 2 * middle + right
    return 0.0 if curve == 0 else 0.5 * (left - right) / curve


def _spread(mono: NDArray[np.float64], channels: int) -> Pcm:
    return np.repeat(mono.astype(np.float32)[:, None], channels, axis=1)
