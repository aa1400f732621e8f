"""Sustained sounds: pads, strings, horns, organ, as seamless loops.

Each loop is made in the frequency domain (the PADsynth idea of P. Nasca): every harmonic is a narrow
Gaussian band of lines with random phases, as many players slightly out of tune would
give, and the inverse transform repeats without a seam. Two loops a pitch, the dark and the bright
part of the spectrum, let a note open and close slowly like a filter would.
"""

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import fft

from saycut.audio.bed.draw import Dice
from saycut.audio.bed.synthesis.tone import Wave, hz
from saycut.pcm import RATE_HZ

LOOP_SAMPLES = 1 << 17  # 2.7 s
_STRESS = 3.0
_INT16_PEAK = 32_767
_BREATH_HZ, _BREATH_OCTAVES = 5200.0, 1.1


class Ensemble(msgspec.Struct, frozen=True):
    """A pad.

    corner_hz: where the dark part ends and the bright part ends; slope: how steeply both fall (in
    powers of frequency); cents: spread of the players; even: level of even harmonics (1 = saw);
    tilt: harmonics fall as 1 / k ** tilt; width: share of side signal; body: resonances (Hz, Q, dB);
    opening: how much of the bright part comes and goes; breath: share of bow or air noise; drawbars:
    levels of the harmonics instead of `tilt`.
    """

    corner_hz: tuple[float, float]
    slope: float
    cents: float
    attack_s: float
    release_s: float
    even: float = 1.0
    tilt: float = 1.0
    width: float = 0.26
    opening: float = 0.6
    body: tuple[tuple[float, float, float], ...] = ()
    drawbars: tuple[float, ...] = ()
    breath: float = 0.03


WARM = Ensemble((550, 1500), 3, 14, 0.55, 1.4)
DARK = Ensemble((320, 900), 3, 18, 0.7, 1.6, width=0.28)
AIR = Ensemble((480, 1800), 2.2, 26, 1.1, 2.4, tilt=1.35, width=0.3, opening=0.8, breath=0.06)
GLASS = Ensemble((900, 3200), 2, 8, 0.9, 2.0, even=0.3, tilt=1.7, width=0.3, opening=0.8)
SAW = Ensemble((900, 3600), 2.2, 20, 0.06, 0.6, width=0.28, opening=0.7)
STRINGS = Ensemble(
    (1100, 3200),
    2.4,
    22,
    0.28,
    0.9,
    tilt=0.95,
    opening=0.5,
    body=((500, 2, 2), (2400, 1, -5), (4200, 1.5, 1)),
)
STRINGS_SOFT = Ensemble((800, 2300), 2.6, 20, 0.5, 1.3, opening=0.5, body=((500, 2, 2), (2400, 1, -4)))
STRINGS_DARK = Ensemble((450, 1200), 2.8, 22, 0.5, 1.2, body=((250, 2, -2), (600, 1.5, 2), (1800, 1, -3)))
HORN = Ensemble((480, 1300), 3, 7, 0.12, 0.5, width=0.2, opening=0.8, body=((350, 1.5, 4), (2200, 1, -4)))
CELLO = Ensemble(
    (700, 2000), 2.6, 9, 0.16, 0.5, width=0.15, opening=0.5, body=((220, 3, 4), (400, 3, 3), (2300, 1, -5))
)
ORGAN = Ensemble(
    (3000, 6000),
    2,
    1.5,
    0.012,
    0.09,
    width=0.25,
    opening=0.2,
    drawbars=(0.8, 1, 0.5, 0.5, 0, 0.15, 0, 0.12),
    breath=0.01,
)
BOWED_BASS = Ensemble((260, 700), 2.4, 8, 0.2, 0.6, width=0.08, breath=0.01, body=((90, 1.5, 3), (180, 2, 2)))


class Loops(msgspec.Struct, frozen=True):
    """The dark and the bright part of a pitch, planar stereo (2, LOOP_SAMPLES) as 16-bit steps of `scale`.

    Half the memory of floats; the steps are 96 dB below the peak.
    """

    dark: NDArray[np.int16]
    bright: NDArray[np.int16]
    scale: np.float32

    @property
    def nbytes(self) -> int:
        return self.dark.nbytes + self.bright.nbytes

    def mono(self) -> Wave:
        """The middle of both parts, half open."""
        wave: Wave = (self.dark + 0.5 * self.bright).mean(axis=0).astype(np.float32) * self.scale
        return wave


def loops(ensemble: Ensemble, pitch: float, rng: Dice) -> Loops:
    """The loops of one pitch."""
    lines = _lines(ensemble, hz(pitch))
    middle_phases, side_phases = _phases(rng), _phases(rng)
    steady = _steady(hz(pitch))
    made: list[Wave] = []
    for part in lines:
        mid = fft.irfft(part * steady * middle_phases, LOOP_SAMPLES)
        wide = np.float32(ensemble.width) * fft.irfft(part * side_phases, LOOP_SAMPLES)
        made.append(np.stack([mid + wide, mid - wide]).astype(np.float32))
    scale = np.float32(max(float(np.abs(part).max()) for part in made) / _INT16_PEAK)
    dark, bright = (np.round(part / scale).astype(np.int16) for part in made)
    return Loops(dark, bright, scale)


def _steady(fundamental: float) -> Wave:
    """Stress on the line at the middle of each harmonic: noise alone would fade in and out."""
    stress = np.ones(LOOP_SAMPLES // 2 + 1, np.float32)
    centres = np.arange(fundamental, RATE_HZ / 2 - fundamental, fundamental) * (LOOP_SAMPLES / RATE_HZ)
    stress[np.round(centres).astype(int)] = _STRESS
    return stress


def _phases(rng: Dice) -> NDArray[np.complex64]:
    turns = rng.random(LOOP_SAMPLES // 2 + 1, dtype=np.float32)
    phases: NDArray[np.complex64] = np.exp(np.complex64(2j * np.pi) * turns).astype(np.complex64)
    return phases


def _lines(ensemble: Ensemble, fundamental: float) -> tuple[Wave, Wave]:
    """The magnitudes of the dark and the bright part (bins of the loop's transform)."""
    bin_hz = RATE_HZ / LOOP_SAMPLES
    dark = np.zeros(LOOP_SAMPLES // 2 + 1, np.float32)
    bright = np.zeros_like(dark)
    low, high = ensemble.corner_hz
    count = len(ensemble.drawbars) or int(min(60, 3.0 * high / fundamental) + 2)
    for number in range(1, count + 1):
        frequency = number * fundamental
        if frequency > 12_000:
            break
        level = _level(ensemble, number) * _body_gain(ensemble, frequency)
        spread_hz = max(frequency * (2 ** (ensemble.cents / 1200) - 1), 0.6 * bin_hz)
        reach = int(4 * spread_hz / bin_hz) + 2
        centre = round(frequency / bin_hz)
        bins = np.arange(max(1, centre - reach), centre + reach + 1)
        bell = np.exp(-(((bins * bin_hz - frequency) / spread_hz) ** 2)) * np.sqrt(bin_hz / spread_hz)
        share = 1.0 / (1.0 + (frequency / low) ** ensemble.slope)
        ceiling = 1.0 / (1.0 + (frequency / high) ** (1.5 * ensemble.slope))
        dark[bins] += level * share * bell
        bright[bins] += level * (1.0 - share) * ceiling * bell
    return dark, bright + _breath(ensemble, float(np.square(dark).sum() + np.square(bright).sum()))


def _breath(ensemble: Ensemble, energy: float) -> Wave:
    """Noise around 5 kHz, as bows and breath make it, as a share of the tone."""
    octaves = np.log2(np.arange(1, LOOP_SAMPLES // 2 + 2) * (RATE_HZ / LOOP_SAMPLES) / _BREATH_HZ)
    shape = np.exp(-((octaves / _BREATH_OCTAVES) ** 2))
    noise: Wave = (ensemble.breath * shape * np.sqrt(energy / np.square(shape).sum())).astype(np.float32)
    return noise


def _level(ensemble: Ensemble, number: int) -> float:
    if ensemble.drawbars:
        return ensemble.drawbars[number - 1]
    return float(number**-ensemble.tilt * (ensemble.even if number % 2 == 0 else 1.0))


def _body_gain(ensemble: Ensemble, frequency: float) -> float:
    total_db = 0.0
    for centre_hz, q, gain_db in ensemble.body:
        octaves = np.log2(frequency / centre_hz)
        total_db += gain_db * float(np.exp(-((octaves * q) ** 2)))
    return float(10.0 ** (total_db / 20.0))


def sung(ensemble: Ensemble, made: Loops, length: int, rng: Dice) -> Wave:
    """A note of `length` samples (until it is let go) and its release: planar stereo (2, n).

    The bright part rises and falls once; every note starts elsewhere in the loop.
    """
    release = round(ensemble.release_s * RATE_HZ)
    total = length + release
    start = int(rng.integers(LOOP_SAMPLES))
    dark, bright = (_unrolled(loop, start, total) for loop in (made.dark, made.bright))
    turn = np.linspace(0.0, np.pi, total, dtype=np.float32)
    opened = 1.0 - ensemble.opening * (1.0 - np.maximum(np.sin(turn), 0.0) ** np.float32(0.8))
    wave = (dark + bright * opened) * made.scale
    attack = min(round(ensemble.attack_s * RATE_HZ), max(1, length))
    wave[:, :attack] *= (0.5 - 0.5 * np.cos(np.pi * np.arange(attack) / attack)).astype(np.float32)
    wave[:, length:] *= ((1.0 - np.arange(release) / release) ** 2).astype(np.float32)
    return wave


def _unrolled(loop: NDArray[np.int16], start: int, count: int) -> NDArray[np.int16]:
    turns = -(-(start + count) // LOOP_SAMPLES)
    return np.tile(loop, (1, turns))[:, start : start + count]
