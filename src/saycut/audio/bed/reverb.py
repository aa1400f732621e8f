"""The room: convolution with an impulse response made of decaying noise.

Highs die sooner than lows, the low end is left dry, and what both ears hear in common grows
towards the lows, so that a mono phone loses nothing. The response has unit energy:
the send level alone says how loud the room is.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import fft, signal

from saycut.audio.bed.draw import dice
from saycut.audio.bed.moods import Room
from saycut.audio.bed.synthesis.tone import Wave, high_passed, low_passed
from saycut.pcm import RATE_HZ

Double = NDArray[np.float64]

_ROOM_PLACE = 1 << 21
_DRY_BELOW_HZ = 180.0
_BANDS_HZ = (0.0, 400.0, 1600.0, 5000.0, 16_000.0)
_BAND_RT60 = (1.0, 1.0, 0.75, 0.45)  # share of the RT60 in each band
_REFLECTIONS_MS = (7.1, 11.3, 17.9, 23.3, 31.7, 41.1, 53.9, 67.3)
_DIFFUSE_AFTER_MS = 22.0
_WIDTH = 0.55
_HEARD_RT60 = 0.85  # the response is cut where it is 51 dB down


def impulse_response(room: Room, seed: int) -> Wave:
    """The room's response, planar stereo (2, n), both channels together of energy 2."""
    rng = dice(seed, _ROOM_PLACE)
    count = round((_HEARD_RT60 * room.rt60_s + room.predelay_ms / 1000.0) * RATE_HZ)
    time_s = np.arange(count) / RATE_HZ
    channels = []
    common = rng.standard_normal(count)
    for _ in range(2):
        apart = rng.standard_normal(count)
        channels.append(_banded(common, apart, time_s, room.rt60_s))
    response = np.stack(channels)
    build = np.clip(time_s / (_DIFFUSE_AFTER_MS / 1000.0), 0.0, 1.0) ** 2
    response *= build / np.abs(response).max()
    for channel in range(2):
        for number, late_ms in enumerate(_REFLECTIONS_MS):
            place = round((late_ms * (1.0 + 0.04 * channel)) * RATE_HZ / 1000.0)
            sign = 1.0 if (number * 3 + channel) % 2 else -1.0
            response[channel, place] += sign * 0.5 * 10 ** (-late_ms / 60.0)
    return _finished(response, room)


def _banded(common: Double, apart: Double, time_s: Double, rt60_s: float) -> Double:
    out = np.zeros(len(time_s))
    for low, high, share in zip(_BANDS_HZ, _BANDS_HZ[1:], _BAND_RT60, strict=False):
        wide = min(1.0, high / 3200.0) * _WIDTH / 0.55
        mixed = np.sqrt(1 - 0.5 * wide) * common + np.sqrt(0.5 * wide) * apart
        if low == 0:
            sections = signal.butter(2, high, "lowpass", fs=RATE_HZ, output="sos")
        else:
            sections = signal.butter(2, (low, high), "bandpass", fs=RATE_HZ, output="sos")
        out += signal.sosfilt(sections, mixed) * 10.0 ** (-3.0 * time_s / (share * rt60_s))
    return out


def _finished(response: Double, room: Room) -> Wave:
    ready = []
    for channel in response:
        shaped = low_passed(high_passed(channel.astype(np.float32), _DRY_BELOW_HZ), room.damping_hz)
        fade = round(0.1 * RATE_HZ)
        shaped[-fade:] *= np.linspace(1.0, 0.0, fade, dtype=np.float32)
        predelay = np.zeros(round(room.predelay_ms / 1000.0 * RATE_HZ), np.float32)
        ready.append(np.concatenate([predelay, shaped])[: len(channel)])
    both = np.stack(ready)
    scaled: Wave = (both * np.sqrt(2.0 / np.square(both).sum())).astype(np.float32)
    return scaled


class Reverb:
    """Streaming convolution (overlap-add) of planar stereo blocks with a response."""

    def __init__(self, response: Wave, block_samples: int) -> None:
        self._block = block_samples
        self._size = fft.next_fast_len(block_samples + response.shape[1] - 1, real=True)
        self._spectrum = fft.rfft(response, self._size)
        self._tail = np.zeros((2, self._size - block_samples), np.float32)

    def process(self, block: Wave) -> Wave:
        """The next block of the room's sound; `block` is (2, block_samples)."""
        wet = fft.irfft(fft.rfft(block, self._size) * self._spectrum, self._size)
        wet[:, : self._tail.shape[1]] += self._tail
        self._tail = np.ascontiguousarray(wet[:, self._block :])
        out: Wave = wet[:, : self._block]
        return out
