"""The master bus: equaliser for a place under a voice, glue compression, soft ceiling."""

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from saycut.audio.bed.moods import Mood
from saycut.audio.bed.synthesis.tone import Wave, peak_section
from saycut.pcm import RATE_HZ

TARGET_LUFS = -20.0
_SCOOP_HZ, _SCOOP_Q, _SCOOP_DB = 2000.0, 0.5, -5.0  # room for consonants: 1 to 4 kHz
_MUD_HZ, _MUD_Q, _MUD_DB = 290.0, 0.9, -2.0  # many parts meet here, and the voice's body too
_RUMBLE_HZ = 28.0
_SHELF_HZ = 4500.0
_DETECTOR_SAMPLES = 48  # 1 ms
_THRESHOLD_DB = -20.0
_RATIO = 2.0
_ATTACK_MS, _RELEASE_MS = 8.0, 180.0
_LINEAR_TO = 0.5
_CEILING = 0.84  # -1.5 dBFS


def equaliser(mood: Mood) -> NDArray[np.float64]:
    """The bus equaliser as second-order sections: rumble filter, speech scoop, brightness shelf."""
    rumble = signal.butter(2, _RUMBLE_HZ, "highpass", fs=RATE_HZ, output="sos")
    rows = [*rumble, peak_section(_MUD_HZ, _MUD_Q, _MUD_DB), peak_section(_SCOOP_HZ, _SCOOP_Q, _SCOOP_DB)]
    if mood.brightness_db:
        rows.append(_high_shelf(_SHELF_HZ, mood.brightness_db))
    return np.stack(rows)


def _high_shelf(corner_hz: float, gain_db: float) -> NDArray[np.float64]:
    """A shelf of slope 1 (R. Bristow-Johnson, Audio EQ Cookbook)."""
    a = 10.0 ** (gain_db / 40.0)
    omega = 2.0 * np.pi * corner_hz / RATE_HZ
    cosine, alpha = np.cos(omega), np.sin(omega) / np.sqrt(2.0)
    root = 2.0 * np.sqrt(a) * alpha
    rows = [
        a * ((a + 1) + (a - 1) * cosine + root),
        -2 * a * ((a - 1) + (a + 1) * cosine),
        a * ((a + 1) + (a - 1) * cosine - root),
        (a + 1) - (a - 1) * cosine + root,
        2 * ((a - 1) - (a + 1) * cosine),
        (a + 1) - (a - 1) * cosine - root,
    ]
    section: NDArray[np.float64] = np.asarray(rows, np.float64) / rows[3]
    return section


class Filter:
    """Second-order sections over a stream of planar stereo blocks."""

    def __init__(self, sections: NDArray[np.float64]) -> None:
        self._sections = sections
        self._state = np.zeros((len(sections), 2, 2))

    def process(self, block: Wave) -> Wave:
        out, self._state = signal.sosfilt(self._sections, block.astype(np.float64), axis=-1, zi=self._state)
        ready: Wave = out.astype(np.float32)
        return ready


class Compressor:
    """Feed-forward, both channels together, detector steps of 1 ms, gain linear in between."""

    def __init__(self, drive_db: float) -> None:
        self._threshold_db = _THRESHOLD_DB + 6.0 - drive_db
        self._reduction_db = 0.0
        self._gain = 1.0

    def process(self, block: Wave) -> Wave:
        """`block` (2, n), n a multiple of 48, with the loud moments eased."""
        steps = block.reshape(2, -1, _DETECTOR_SAMPLES)
        power = np.square(steps).sum(axis=(0, 2), dtype=np.float64) / (2 * _DETECTOR_SAMPLES)
        level_db = 10.0 * np.log10(power + 1e-12)
        wanted = np.maximum(level_db - self._threshold_db, 0.0) * (1.0 - 1.0 / _RATIO)
        gains = 10.0 ** (-np.asarray(self._smoothed(wanted)) / 20.0)
        knots = np.concatenate([[self._gain], gains])
        self._gain = float(gains[-1])
        ramp = np.interp(np.arange(block.shape[1]) / _DETECTOR_SAMPLES, np.arange(len(knots)), knots)
        eased: Wave = block * ramp.astype(np.float32)
        return eased

    def _smoothed(self, wanted_db: NDArray[np.float64]) -> list[float]:
        attack, release = np.exp(-1.0 / _ATTACK_MS), np.exp(-1.0 / _RELEASE_MS)
        held, out = self._reduction_db, []
        for value in wanted_db.tolist():
            keep = attack if value > held else release
            held = keep * held + (1.0 - keep) * value
            out.append(held)
        self._reduction_db = held
        return out


def ceiled(block: Wave) -> Wave:
    """Linear up to -6 dBFS, then bending smoothly towards the ceiling, which is never passed."""
    span = np.float32(_CEILING - _LINEAR_TO)
    size = np.abs(block)
    over = np.maximum(size - np.float32(_LINEAR_TO), 0.0) / span
    bent = np.minimum(size, np.float32(_LINEAR_TO)) + span * np.tanh(over)
    return np.copysign(bent, block)
