"""Voice out of a mix with music, and its complement, without a reference track, streaming.

An engine (see separation) says what is voice in every bin; since music left in a pause is what people hear,
the pauses go down to a floor. How far each engine gets is in docs/explanation/measurements.md
(benchmarks/engines.py). A singer is music to our own network and a voice to the others."""

from collections.abc import Iterator

import msgspec
import numpy as np
from numpy.typing import NDArray

from saycut.audio.engines import EMBEDDED, USUAL
from saycut.audio.restraint import NO_RESTRAINT, Restraint
from saycut.audio.separation import engine_of
from saycut.audio.speech import Regions, speech_regions
from saycut.audio.suppression import FRAME_S, WINDOW_S, Frames, Real, mean_square, synthesised
from saycut.audio.watched import watched_blocks
from saycut.errors import Internal
from saycut.pcm import RATE_HZ, Blocks, PcmReader
from saycut.watch import Watch

_VOICE_THRESHOLD = 0.9
_PAUSE_DB = -40.0  # on top of what the engine does there
_OPEN_S = 0.05  # around a region: full gain, because a detector finds a word's ends late and lets go early
_RAMP_S = 0.1


class IsolationReport(msgspec.Struct):
    """How much quieter the result is than the mix; complete once the blocks have been read to the end.

    In dB, positive = quieter, measured on the result: `pause_attenuation_db` in the pauses between the
    speech regions (None when there are none), `music_attenuation_db` of what the engine takes for music
    (None when it does not know music), `overall_attenuation_db` over everything. For `isolate_voice` the
    first is how far the music went down where it can be heard alone.

    `voice_damage_db` is an estimate, by the engine's own shares: how strong what was taken from the voice is
    against the voice (-20: a hundredth of its power; None without a voice). How far it is right is in
    docs/explanation/measurements.md (benchmarks/restraint.py)."""

    pause_attenuation_db: float | None = None
    music_attenuation_db: float | None = None
    overall_attenuation_db: float = 0.0
    voice_damage_db: float | None = None


def voice_regions(reader: PcmReader, *, watch: Watch | None = None, engine: str = USUAL) -> Regions:
    """Where somebody speaks in a mix with music, seconds, as `speech_regions`: found in the isolated voice.

    Under loud music the detector hears no voice in the mix itself (one shared clip in twelve at -5 dB), and
    in what an engine leaves of music it hears voices that are none, hence the threshold of 0.9. `watch` is
    told "listen". Raises Internal for a broken install or another rate."""
    frames = _separated(watched_blocks(reader, watch, "listen"), reader.rate_hz, engine)
    voice = synthesised(frames, reader.channels, reader.samples)
    return speech_regions(voice, reader.rate_hz, threshold=_VOICE_THRESHOLD)


def isolate_voice(
    reader: PcmReader,
    speech: Regions,
    *,
    watch: Watch | None = None,
    engine: str = USUAL,
    restrained: Restraint = NO_RESTRAINT,
) -> tuple[Blocks, IsolationReport]:
    """The voice of `reader` (48 kHz, any channels): same length, aligned, same stereo image.

    `speech` are the spans that `voice_regions` found in the same sound; outside them (and ramps of 0.1 s)
    the result falls to a floor; with none, all of it does. What `restrained` keeps stays. `watch` is told
    "isolate". Raises Internal for a broken install or another rate.
    """
    report = IsolationReport()
    mix = _separated(watched_blocks(reader, watch, "isolate"), reader.rate_hz, engine)
    batches = _harmed(_measured(_gated(mix, speech, restrained), speech, report), report)
    return synthesised(batches, reader.channels, reader.samples), report


def leave_out_music(
    reader: PcmReader, *, watch: Watch | None = None, restrained: Restraint = NO_RESTRAINT
) -> tuple[Blocks, IsolationReport]:
    """Everything but the music: voice and ambience, by our own network, which alone knows music. Else as
    `isolate_voice`."""
    report = IsolationReport()
    mix = _separated(watched_blocks(reader, watch, "isolate"), reader.rate_hz, EMBEDDED)
    batches = _harmed(_measured(_without_music(mix, restrained), None, report), report)
    return synthesised(batches, reader.channels, reader.samples), report


def isolate_music(
    reader: PcmReader, speech: Regions, *, watch: Watch | None = None, engine: str = USUAL
) -> tuple[Blocks, IsolationReport]:
    """What `isolate_voice` takes away: voice + music is the mix again. Else as `isolate_voice`."""
    report = IsolationReport()
    mix = _separated(watched_blocks(reader, watch, "isolate"), reader.rate_hz, engine)
    batches = _measured(_complement(_gated(mix, speech, NO_RESTRAINT)), speech, report)
    return synthesised(batches, reader.channels, reader.samples), report


def _separated(blocks: Blocks, rate_hz: int, engine: str) -> Iterator[Frames]:
    if rate_hz != RATE_HZ:
        raise Internal(reason=f"voice isolation works at {RATE_HZ} Hz, not {rate_hz}")
    return engine_of(engine)(blocks)


def _gated(batches: Iterator[Frames], speech: Regions, restrained: Restraint) -> Iterator[Frames]:
    for batch in batches:
        distance_s = _distance_s(_centres_s(batch), speech)
        fall = np.clip((distance_s - _OPEN_S) / _RAMP_S, 0, 1)
        held = np.power(10, fall * _PAUSE_DB / 20).astype(np.float32)[:, None]
        batch.gain = _kept(batch.gain, restrained.of_words(batch)) * held
        batch.gain = _kept(batch.gain, np.float32(restrained.everywhere))
        yield batch


def _without_music(batches: Iterator[Frames], restrained: Restraint) -> Iterator[Frames]:
    for batch in batches:
        if batch.music is not None:
            least = np.maximum(restrained.of_words(batch), np.float32(restrained.everywhere))
            batch.gain = _kept(1 - batch.music, least)
        yield batch


def _kept(gain: Real, least: Real | np.float32) -> Real:
    return least + (1 - least) * gain


def _complement(batches: Iterator[Frames]) -> Iterator[Frames]:
    for batch in batches:
        batch.gain = 1 - batch.gain
        yield batch


def _measured(batches: Iterator[Frames], speech: Regions | None, report: IsolationReport) -> Iterator[Frames]:
    everything, pauses, music = np.zeros(2), np.zeros(2), np.zeros(2)  # mean squares summed, before and after
    for batch in batches:
        power = np.square(np.abs(batch.spectra)).mean(axis=0)
        levels = _before_and_after(power, batch.gain)
        everything += levels.sum(axis=1)
        report.overall_attenuation_db = _attenuation_db(everything) or 0.0
        if batch.music is not None:
            music += _before_and_after(power * np.square(batch.music), batch.gain).sum(axis=1)
            report.music_attenuation_db = _attenuation_db(music)
        if speech is not None:
            far = _distance_s(_centres_s(batch), speech) > _OPEN_S + _RAMP_S + WINDOW_S / 2
            pauses += levels[:, far].sum(axis=1)
            report.pause_attenuation_db = _attenuation_db(pauses)
        yield batch


def _harmed(batches: Iterator[Frames], report: IsolationReport) -> Iterator[Frames]:
    """What goes of the voice, in the mean: of a bin that is half voice half of what is taken is voice."""
    voice = np.zeros(2)  # mean squares summed: of the voice, and of what is taken from it
    for batch in batches:
        power = batch.power * batch.engine_gain
        voice += (mean_square(power).sum(), mean_square(power * np.square(1 - batch.gain)).sum())
        whole, taken = voice.tolist()
        report.voice_damage_db = float(10 * np.log10(max(taken / whole, 1e-9))) if whole > 0 else None
        yield batch


def _before_and_after(power: NDArray[np.float32], gain: NDArray[np.float32]) -> NDArray[np.float64]:
    """(2, frames): mean squares."""
    return np.stack((mean_square(power), mean_square(power * np.square(gain))))


def _attenuation_db(energies: NDArray[np.float64]) -> float | None:
    before, after = energies.tolist()
    return float(10 * np.log10(before / max(after, 1e-12 * before))) if before > 0 else None


def _centres_s(batch: Frames) -> NDArray[np.float64]:
    """When the middle of each frame is heard."""
    frames = np.arange(1, len(batch.gain) + 1, dtype=np.float64)
    return (batch.first + frames) * FRAME_S - WINDOW_S / 2


def _distance_s(times_s: NDArray[np.float64], speech: Regions) -> NDArray[np.float64]:
    """How far each moment lies from speech; 0 within."""
    if not speech:
        return np.full(len(times_s), np.inf)
    starts, ends = np.array(speech, np.float64).T
    after = np.searchsorted(starts, times_s, side="right")  # regions that began by then
    since = np.where(after > 0, times_s - ends[np.maximum(after - 1, 0)], np.inf)
    until = np.where(after < len(starts), starts[np.minimum(after, len(starts) - 1)] - times_s, np.inf)
    distance_s: NDArray[np.float64] = np.maximum(np.minimum(since, until), 0.0)
    return distance_s
