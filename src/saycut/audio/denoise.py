"""Noise reduction of one sound, any number of channels, 48 kHz, streaming.

An engine (see separation) says what is speech; its gains are applied to every channel, limited the more, the
cleaner the recording is, so that a good one is left alone.
"""

from collections import deque
from collections.abc import Iterator
from functools import partial
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from saycut.audio.clicks import declicked
from saycut.audio.engines import EMBEDDED, USUAL
from saycut.audio.hum import dehummed, find_hum
from saycut.audio.kept_music import with_music
from saycut.audio.pause_frames import KEPT_OF_NOISE, pause_share, speech_band
from saycut.audio.separation import engine_of
from saycut.audio.suppression import (
    BINS_HZ,
    FRAME_S,
    Frames,
    Real,
    mean_square,
    synthesised,
)
from saycut.audio.watched import watched_blocks
from saycut.errors import Internal
from saycut.pcm import RATE_HZ, Blocks, PcmReader
from saycut.watch import Watch

Strength = Literal["light", "medium", "strong"]
Kind = Literal["noise", "hum", "hiss", "wind", "click", "reverb"]

# What is left of the sound where the engine hears only noise. Chosen on the dev mixes
# (benchmarks/denoise_eval.py): 0.05 keeps PESQ at 0 dB and lifts STOI at every SNR over nothing at all; with
# 0.03 no clip loses more than 0.005 of STOI, with 0 two lose 0.014 and 0.018, unless it is 0 in pauses only.
_LEAST_GAIN: dict[Strength, float] = {"light": 0.3, "medium": 0.05, "strong": 0.03}
_LEAST_GAIN_IN_PAUSES: dict[Strength, float] = {"light": 0.3, "medium": 0.05, "strong": 0.0}

# The shares of our own network are the best guess of what is speech; listeners prefer them raised to a power.
# On the dev mixes at 15 dB, 16 and 48 kHz, PESQ is 2.91 and 2.68 with 1.4, 2.94 and 2.69 with 1.6, and with
# 1.8 a clip loses more than 0.005 of STOI.
_FIRMNESS = {EMBEDDED: np.float32(1.6)}

# The back-off: nothing up to this SNR (as SnrMeter reads it, about 5 dB above the nominal one of the
# mixes), then linear to no reduction at all. The mean STOI falls nowhere on the dev mixes. Our own network
# may go further: with 19 dB no clip of 64 loses more than 0.005 and PESQ at 15 dB is 2.95, with 20.3 one
# loses 0.011 and it is 3.00.
_BACK_OFF_FROM_DB = 19.0
_BACK_OFF_FROM_OF_DB = {EMBEDDED: 20.3}
_BACK_OFF_TO_DB = 37.0

# In pauses: as much as the strength allows up to 18 dB, still 20 dB at 36 dB, nothing from 60 dB on, where
# the noise is below what playback adds.
_PAUSE_SNRS_DB = 18.0, 36.0, 60.0
_PAUSE_GAINS = 0.0, 0.1, 1.0

# Seconds heard before the first is let go, so that the SNR is known from the start.
_AHEAD_BATCHES = 3
_WIND_BELOW_HZ = 80.0, 120.0  # gone, untouched: rumble below the lowest voices


class DenoiseReport(msgspec.Struct):
    """What the noise reduction measured; complete once its blocks have been read to the end.

    `noise_floor_*` are dBFS RMS (mean over channels, averaged in dB) in the frames where the engine hears
    next to no speech, and `input_snr_db` the level of the speech over that, 100 Hz to 8 kHz; None where
    the sound never had such frames. `mean_attenuation_db` is what left with the noise, over everything.
    `backed_off`: the recording was clean enough, somewhere, for the reduction to be limited. `hum_hz` is
    the mains frequency that was notched out, `clicks` the number of clicks that were redrawn.
    """

    engine: str
    noise_floor_before_dbfs: float | None = None
    noise_floor_after_dbfs: float | None = None
    mean_attenuation_db: float = 0.0
    input_snr_db: float | None = None
    backed_off: bool = False
    hum_hz: float | None = None
    clicks: int = 0


def denoise(
    reader: PcmReader,
    *,
    strength: Strength = "medium",
    kind: Kind = "noise",
    watch: Watch | None = None,
    engine: str = USUAL,
) -> tuple[Blocks, DenoiseReport]:
    """The sound of `reader` (48 kHz, any channels) with less noise: same length, aligned, same stereo image.

    `kind` "hum" first notches out the mains frequency and its harmonics where they are found, "click" first
    redraws short impulses, "wind" also takes everything below 80 Hz; "noise", "hiss" and "reverb" are what
    the engine makes of them. `engine` is a name as separation knows it. The report fills while the blocks
    are read. `watch` is told "denoise". Raises Internal (broken install, wrong rate), NotFound or
    Unsupported (the ONNX model)."""
    if reader.rate_hz != RATE_HZ:
        raise Internal(reason=f"noise reduction works at {RATE_HZ} Hz, not {reader.rate_hz}")
    report = DenoiseReport(engine=engine)
    source = watched_blocks(reader, watch, "denoise")
    if kind == "hum" and (hum := find_hum(reader)):
        report.hum_hz = hum.mains_hz
        source = dehummed(source, hum, reader.rate_hz)
    if kind == "click":
        source = declicked(source, partial(_count_clicks, report))
    heard = with_music(engine_of(engine, against="noise")(source))
    if engine in _FIRMNESS:
        heard = _firm(heard, _FIRMNESS[engine])
    batches = _limited(heard, strength, kind, report)
    return synthesised(batches, reader.channels, reader.samples), report


def _firm(batches: Iterator[Frames], power: np.float32) -> Iterator[Frames]:
    for batch in batches:
        batch.gain = np.power(batch.gain, power)
        yield batch


def _count_clicks(report: DenoiseReport, count: int) -> None:
    report.clicks += count


def _limited(
    batches: Iterator[Frames], strength: Strength, kind: Kind, report: DenoiseReport
) -> Iterator[Frames]:
    """The batches with their gains limited by the strength and by how clean the recording is."""
    snr, levels = _SnrMeter(), _LevelMeter(report)
    held: deque[Frames] = deque()
    least = _LEAST_GAIN[strength]
    back_off_from_db = _BACK_OFF_FROM_OF_DB.get(report.engine, _BACK_OFF_FROM_DB)
    limit: float | None = None
    before: Frames | None = None
    more = True
    while more or held:
        batch = next(batches, None) if more else None
        more = batch is not None
        if batch is not None:
            snr.push(batch)
            held.append(batch)
            if len(held) <= _AHEAD_BATCHES:
                continue
        if not held:
            return
        batch = held.popleft()
        report.input_snr_db = snr.db
        wanted = max(least, _back_off(snr.db, back_off_from_db))
        report.backed_off |= wanted > least
        ramp = np.linspace(wanted if limit is None else limit, wanted, len(batch.gain), dtype=np.float32)
        limit = wanted
        pause = pause_share(before, batch, held[0] if held else None, snr.noise)
        in_pauses = max(_LEAST_GAIN_IN_PAUSES[strength], _back_off_in_pauses(snr.db))
        ramp = np.minimum(ramp, ramp * (1 - pause) + in_pauses * pause)
        before = batch
        batch.gain = ramp[:, None] + (1 - ramp[:, None]) * batch.gain
        if kind == "wind":
            batch.gain = batch.gain * _WIND_GAIN
        levels.push(batch)
        yield batch


def _back_off(snr_db: float | None, from_db: float) -> float:
    """The least gain 0..1 for a recording of this SNR."""
    if snr_db is None:
        return 0.0
    return float(np.clip((snr_db - from_db) / (_BACK_OFF_TO_DB - from_db), 0.0, 1.0))


def _back_off_in_pauses(snr_db: float | None) -> float:
    """The same for frames without speech: held back much later, because there is nothing to harm."""
    if snr_db is None:
        return 0.0
    return float(np.interp(snr_db, _PAUSE_SNRS_DB, _PAUSE_GAINS))


class _SnrMeter:
    """Level of the speech over the noise, slowly varying, from what the engine keeps of each frame.

    Frames of which the engine keeps over half are speech, under a tenth noise. Against the nominal SNR of the
    dev mixes at 0, 5, 10 to 40 dB this reads 7, 11, 16, 20, 24.5, 29, 34, 41: about 5 dB more, because only
    frames full of speech count. The noise is a percentile, not a mean, because RNNoise takes some voices'
    syllables for noise, and a recording that loses them would look noisy enough to lose them.
    """

    _MEMORY_FRAMES = round(10 / FRAME_S)  # of speech, of noise
    _ENOUGH_FRAMES = 10
    _NOISE_PERCENTILE = 40.0
    _QUIET_PERCENTILE = 10.0

    def __init__(self) -> None:
        self._all = self._speech = self._noise = np.zeros(0)

    def push(self, batch: Frames) -> None:
        level, kept = speech_band(batch)
        self._all = np.concatenate((self._all, level))[-self._MEMORY_FRAMES :]
        self._speech = np.concatenate((self._speech, level[kept > 0.5]))[-self._MEMORY_FRAMES :]
        self._noise = np.concatenate((self._noise, level[kept < KEPT_OF_NOISE]))[-self._MEMORY_FRAMES :]

    @property
    def noise(self) -> float:
        """The mean square of the noise, 100 Hz to 8 kHz."""
        if len(self._noise) < self._ENOUGH_FRAMES:  # no pause yet: the quietest of what there is
            return float(np.percentile(self._all, self._QUIET_PERCENTILE))
        return float(np.percentile(self._noise, self._NOISE_PERCENTILE))

    @property
    def db(self) -> float | None:
        """None until somebody spoke."""
        if len(self._speech) < self._ENOUGH_FRAMES:
            return None
        speech = max(float(self._speech.mean()) - self.noise, 0.0)
        return float(10 * np.log10(speech / self.noise + 1e-3))


class _LevelMeter:
    """Keeps the levels of the report up to date."""

    def __init__(self, report: DenoiseReport) -> None:
        self._report = report
        self._all = np.zeros(2)  # sums of mean squares before and after
        self._pauses = np.zeros(2)  # of levels in dB, so that the tail of a word weighs little
        self._pause_frames = 0

    def push(self, batch: Frames) -> None:
        power: Real = np.square(np.abs(batch.spectra)).mean(axis=0)
        levels: NDArray[np.float64] = np.stack(
            (mean_square(power), mean_square(power * np.square(batch.gain)))
        )
        pause = speech_band(batch)[1] < KEPT_OF_NOISE
        self._all += levels.sum(axis=1)
        self._pauses += 10 * np.log10(levels[:, pause] + 1e-12).sum(axis=1)
        self._pause_frames += int(pause.sum())
        before, after = self._all
        if after > 0:
            self._report.mean_attenuation_db = float(10 * np.log10(before / after))
        if self._pause_frames:
            floors = self._pauses / self._pause_frames
            self._report.noise_floor_before_dbfs, self._report.noise_floor_after_dbfs = map(float, floors)


_WIND_GAIN: Real = np.clip(
    (BINS_HZ - _WIND_BELOW_HZ[0]) / (_WIND_BELOW_HZ[1] - _WIND_BELOW_HZ[0]), 0, 1, dtype=np.float32
)
