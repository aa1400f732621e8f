"""What a page draws of a sound: its waveform, spectrum and loudness along its length, on a fixed grid.

The grid does not grow with the sound, so an hour takes the memory of a minute.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from saycut.audio.loudness import SUB_BLOCKS_HZ, LoudnessMeter
from saycut.audio.mono import mono
from saycut.audio.noise_floor import NoiseFloorMeter
from saycut.audio.true_peak import TruePeakMeter
from saycut.pcm import BLOCK_SAMPLES, Pcm, PcmReader
from saycut.watch import Watch

Levels = NDArray[np.float32]

ROWS = 176
LOW_HZ, HIGH_HZ = 60.0, 20_000.0
QUIETEST_DBFS = -120.0
_FRAME = 2048  # 43 ms at 48 kHz: syllables and mains hum are both told apart
_HOP = _FRAME // 2
_SHORT_TERM_S = 3.0
_MOST_POINTS = 1200  # of the loudness line


class Portrait(NamedTuple):
    """Levels of one sound in dBFS, never below -120, and its loudness in LUFS.

    `peak` and `rms`: (columns,). `spectrum`: (ROWS, columns), the lowest frequency first; a sine at
    full scale reads 0. `loudness`: short-term loudness (3 s, EBU Tech 3341) at the times `loudness_s`,
    which are the ends of the 3 s; -inf for digital silence. The figures are those of a receipt.
    """

    peak: Levels
    rms: Levels
    spectrum: Levels
    loudness_s: NDArray[np.float64]
    loudness: NDArray[np.float64]
    integrated_lufs: float | None
    true_peak_dbtp: float
    noise_floor_dbfs: float | None


def portrait(sound: PcmReader, columns: int, watch: Watch) -> Portrait:
    """Listen to all of `sound` once, a second at a time."""
    meter = LoudnessMeter(sound.rate_hz, sound.channels)
    true_peak, floor = TruePeakMeter(sound.rate_hz, sound.channels), NoiseFloorMeter(sound.rate_hz)
    spectra = _Spectra(sound.rate_hz)
    peak, rms = np.zeros(columns), np.zeros(columns)
    spectrum = np.full((ROWS, columns), QUIETEST_DBFS, np.float32)
    edges = [sound.samples * column // columns for column in range(columns + 1)]
    for column in range(columns):
        watch.report("draw", column / columns)
        first, last = edges[column], edges[column + 1]
        energy = np.zeros(_FRAME // 2 + 1)
        frames = 0
        for start in range(first, last, BLOCK_SAMPLES):
            count = min(BLOCK_SAMPLES, last - start)
            around = sound.read(start - _HOP, count + _FRAME)
            block = around[_HOP : _HOP + count]
            for one in (meter, true_peak, floor):
                one.push(block)
            peak[column] = max(peak[column], float(np.abs(block).max(initial=0.0)))
            rms[column] += float(np.square(block, dtype=np.float64).sum())
            power, heard = spectra.power(around)
            energy += power
            frames += heard
        rms[column] = np.sqrt(rms[column] / max((last - first) * sound.channels, 1))
        spectrum[:, column] = spectra.rows(energy / max(frames, 1))
    times_s, loudness = _thinned(meter.short_term_lufs())
    return Portrait(
        peak=_dbfs(peak),
        rms=_dbfs(rms),
        spectrum=spectrum,
        loudness_s=times_s,
        loudness=loudness,
        integrated_lufs=meter.integrated_lufs(),
        true_peak_dbtp=true_peak.dbtp(),
        noise_floor_dbfs=floor.dbfs(),
    )


class _Spectra:
    """Power spectra and their rows on a logarithmic scale from LOW_HZ to HIGH_HZ."""

    def __init__(self, rate_hz: int) -> None:
        self._window = np.hanning(_FRAME).astype(np.float32)
        self._full_scale = float(self._window.sum()) / 2  # the magnitude of a sine at full scale
        bin_hz = rate_hz / _FRAME
        edges = np.geomspace(LOW_HZ, min(HIGH_HZ, rate_hz / 2), ROWS + 1) / bin_hz
        self._middles = np.sqrt(edges[:-1] * edges[1:])
        self._starts = np.floor(edges[:-1]).astype(np.intp)
        self._stop = int(np.ceil(edges[-1]))
        self._narrow = np.diff(edges) < 1.0  # rows that lie between two bins

    def power(self, sound: Pcm) -> tuple[NDArray[np.float64], int]:
        """Sum of the power spectra of all whole frames of float32 (samples, channels), and their number."""
        from scipy import fft

        line = np.ascontiguousarray(mono(sound))
        frames = np.lib.stride_tricks.sliding_window_view(line, _FRAME)[::_HOP] * self._window
        spectra = fft.rfft(frames, axis=1) / self._full_scale
        power = spectra.real**2 + spectra.imag**2
        return power.sum(axis=0, dtype=np.float64), len(frames)

    def rows(self, power: NDArray[np.float64]) -> Levels:
        """The strongest bin of each row; between two bins, what lies between them in dB."""
        level_db = 10 * np.log10(np.maximum(power, 10 ** (QUIETEST_DBFS / 10)))
        strongest = np.maximum.reduceat(level_db[: self._stop], self._starts)
        between = np.interp(self._middles, np.arange(len(level_db)), level_db)
        rows: Levels = np.where(self._narrow, between, strongest).astype(np.float32)
        return rows


def _dbfs(amplitude: NDArray[np.float64]) -> Levels:
    levels: Levels = (20 * np.log10(np.maximum(amplitude, 10 ** (QUIETEST_DBFS / 20)))).astype(np.float32)
    return levels


def _thinned(loudness: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """At most `_MOST_POINTS` of the values, evenly spread, with their times in seconds."""
    step = max(1, -(-len(loudness) // _MOST_POINTS))
    times_s = _SHORT_TERM_S + np.arange(len(loudness)) / SUB_BLOCKS_HZ
    return times_s[::step], loudness[::step]
