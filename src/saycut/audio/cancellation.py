"""A known piece of music taken out of a mix: aligned, fitted block by block, subtracted.

Method: the track is found by `alignment` (offset and clock drift), read at the mix's own sample times by
windowed-sinc interpolation, and fitted in blocks of 20 s: per frequency a 2 × 2 filter by least
squares reweighted with 1/|residual|², so that the bins where somebody speaks do not steer it, and
one gain a moment for ducking (measurements: separation notes). Blocks are joined by 2 s cross-fades.
"""

import math
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import fft
from scipy.ndimage import gaussian_filter1d

from saycut.audio.alignment import Alignment, align
from saycut.errors import Impossible
from saycut.pcm import RATE_HZ, Blocks, Pcm, PcmReader
from saycut.watch import Watch

_BLOCK_S, _JOIN_S = 20, 2
_SIZE, _HOP = 4096, 1024
_GAIN_SIZE, _GAIN_HOP = 1024, 256
_REFITS, _DUCK_ROUNDS = 5, 3
_TAPS = 16  # each side of the interpolating sinc
_LEAST_ATTENUATION_DB = 6.0

Spectra = NDArray[np.complex64]


class CancelReport(msgspec.Struct, frozen=True):
    """What was found and how much of it went."""

    offset_s: float
    drift_ppm: float
    confidence: float
    music_attenuation_db: float
    blocks_aligned: int
    blocks_total: int


class _Lie(NamedTuple):
    """Where the track lies: track time = (mix time - offset_s) / stretch."""

    offset_s: float
    stretch: float


def cancel(mix: PcmReader, track: PcmReader, watch: Watch | None = None) -> tuple[Blocks, CancelReport]:
    """The mix without `track`, as blocks of exactly mix.samples samples, and a report.

    Raises errors.Impossible with a reason in both languages when the track is not found in the
    mix or cannot be taken out well enough; the mix is never made worse.
    """
    watch = watch or Watch()
    found = align(mix, track, watch)
    if found.verdict != "same":
        raise Impossible(
            reason=f"the song does not fit the recording ({found.reason.en})",
            reason_zh=f"该曲与录音不符（{found.reason.zh}）",
        )
    lie = _Lie(found.offset_s, 1 + found.drift_ppm * 1e-6)
    attenuations = [_attenuation_db(*_fitted(mix, track, lie, start)) for start in _starts(mix)]
    playing = [value for value in attenuations if value is not None]
    best = float(np.median(playing)) if playing else 0.0
    if best < _LEAST_ATTENUATION_DB:
        raise Impossible(
            reason=f"the song was found, but only {best:.0f} dB of it could be taken out",
            reason_zh=f"找到了该曲，但只能降低 {best:.0f} dB",
        )
    return _joined(mix, track, lie, watch), _report(found, best, attenuations)


def _report(found: Alignment, attenuation_db: float, blocks: list[float | None]) -> CancelReport:
    return CancelReport(
        offset_s=found.offset_s,
        drift_ppm=found.drift_ppm,
        confidence=found.confidence,
        music_attenuation_db=attenuation_db,
        blocks_aligned=sum(value is not None for value in blocks),
        blocks_total=len(blocks),
    )


def _starts(mix: PcmReader) -> range:
    return range(0, max(mix.samples, 1), (_BLOCK_S - _JOIN_S) * RATE_HZ)


def _fitted(mix: PcmReader, track: PcmReader, lie: _Lie, start: int) -> tuple[Pcm, Pcm]:
    """A block of the mix from `start` and the music predicted in it; both (samples, channels)."""
    count = min(_BLOCK_S * RATE_HZ, mix.samples - start)
    heard = mix.read(start, count)
    places = (np.arange(start, start + count, dtype=np.float64) - lie.offset_s * RATE_HZ) / lie.stretch
    known = _read(track, np.asarray(places))
    if not np.any(np.abs(known) > 1e-5) or not np.any(np.abs(heard) > 1e-6):
        return heard, np.zeros_like(heard)
    gain = np.ones(count, np.float32)
    predicted = _predicted(heard, known)
    for _ in range(_DUCK_ROUNDS - 1):
        gain = gain * _gain(heard, predicted)
        predicted = _predicted(heard, known * gain[:, None])
    return heard, predicted


def _joined(mix: PcmReader, track: PcmReader, lie: _Lie, watch: Watch) -> Blocks:
    """The residues of all blocks, cross-faded where they overlap."""
    overlap = _JOIN_S * RATE_HZ
    rise = np.linspace(0, 1, overlap, endpoint=False, dtype=np.float32)[:, None]
    tail: Pcm | None = None
    for start in _starts(mix):
        watch.report("cancel", start / max(mix.samples, 1))
        heard, predicted = _fitted(mix, track, lie, start)
        rest: Pcm = (heard - predicted).astype(np.float32)
        if tail is not None:
            shared = min(len(tail), len(rest))
            rest[:shared] = tail[:shared] * (1 - rise[:shared]) + rest[:shared] * rise[:shared]
        last = start + _BLOCK_S * RATE_HZ >= mix.samples
        yield rest if last else rest[:-overlap]
        if last:
            return
        tail = rest[-overlap:]


def _read(track: PcmReader, places: NDArray[np.floating]) -> Pcm:
    """The track at fractional sample positions, by a Hann-windowed sinc of 32 taps."""
    first = math.floor(places[0]) - _TAPS
    count = math.ceil(places[-1]) + _TAPS + 2 - first
    known = track.read(first, count).astype(np.float32)
    whole = np.floor(places).astype(np.int64)
    part = (places - whole).astype(np.float32)
    out = np.zeros((len(places), known.shape[1]), np.float32)
    for tap in range(1 - _TAPS, _TAPS + 1):
        away = part - tap
        weight = np.sinc(away) * (0.5 + 0.5 * np.cos(np.pi * away / (_TAPS + 1)))
        out += known[whole + tap - first] * weight[:, None]
    return out


def _spectra(sound: Pcm, size: int, hop: int) -> Spectra:
    """(channels, frames, bins), with a frame of zeros before and after."""
    padded = np.pad(sound, ((size, size), (0, 0)))
    frames = np.lib.stride_tricks.sliding_window_view(padded, size, axis=0)[::hop]
    return np.asarray(fft.rfft(frames * _window(size), axis=-1).transpose(1, 0, 2), np.complex64)


def _sound(spectra: Spectra, samples: int, size: int, hop: int) -> Pcm:
    frames = fft.irfft(spectra, size, axis=-1) * _window(size)
    out = np.zeros((spectra.shape[0], (spectra.shape[1] - 1) * hop + size), np.float32)
    for number in range(spectra.shape[1]):
        out[:, number * hop : number * hop + size] += frames[:, number]
    scale = np.float32(2 * hop / size)
    return np.asarray(out[:, size : size + samples].T * scale, np.float32)


def _window(size: int) -> NDArray[np.float32]:
    return np.sqrt(np.hanning(size + 1)[:-1]).astype(np.float32)


def _predicted(heard: Pcm, known: Pcm) -> Pcm:
    """The music in `heard`: the best 2 × 2 filter of `known` a frequency, steered by the quiet bins."""
    mix, music = _spectra(heard, _SIZE, _HOP), _spectra(known, _SIZE, _HOP)
    power = (np.abs(mix) ** 2).sum(0)
    usual = power.mean(0) + 1e-12
    weight = np.asarray(1 / (power + 1e-2 * usual), np.float64)
    predicted = np.zeros_like(mix)
    for refit in range(_REFITS):
        predicted = _filtered(mix, music, weight.astype(np.float32))
        rest = (np.abs(mix - predicted) ** 2).sum(0)
        trust = 10 ** (-2 - 5 * refit / (_REFITS - 1))
        weight = np.asarray(1 / (rest + trust * usual), np.float64)
    return _sound(predicted, len(heard), _SIZE, _HOP)


def _filtered(mix: Spectra, music: Spectra, weight: NDArray[np.float32]) -> Spectra:
    weighted = (music * weight).conj()
    normal = np.einsum("atf,btf->fab", weighted, music, optimize=True)
    sought = np.einsum("atf,ctf->fac", weighted, mix, optimize=True)
    level = np.trace(normal, axis1=1, axis2=2).real / normal.shape[1]
    normal = normal + (1e-6 * level + 1e-20)[:, None, None] * np.eye(normal.shape[1])
    filters = np.linalg.solve(normal, sought)
    return np.asarray(np.einsum("fac,atf->ctf", filters, music, optimize=True), np.complex64)


def _gain(heard: Pcm, predicted: Pcm) -> NDArray[np.float32]:
    """How much louder or quieter than predicted the music is, a factor for each sample (ducking)."""
    mix, music = _spectra(heard, _GAIN_SIZE, _GAIN_HOP), _spectra(predicted, _GAIN_SIZE, _GAIN_HOP)
    power = (np.abs(mix) ** 2).sum(0)
    usual = power.mean(0) + 1e-12
    agreeing = (music.conj() * mix).real.sum(0)
    music_power = (np.abs(music) ** 2).sum(0)
    weight = np.asarray(1 / (power + 1e-2 * usual), np.float64)
    factor = np.ones(len(power))
    for _ in range(4):
        factor = np.maximum(0, (weight * agreeing).sum(1) / ((weight * music_power).sum(1) + 1e-20))
        rest = (np.abs(mix - factor[None, :, None] * music) ** 2).sum(0)
        weight = np.asarray(1 / (rest + 1e-3 * usual), np.float64)
    sure = (weight * music_power).sum(1)
    sure = np.minimum(sure / (np.median(sure) + 1e-30), 3) + 1e-4
    smooth = gaussian_filter1d(factor * sure, 3) / gaussian_filter1d(sure, 3)
    places = np.arange(len(smooth)) * _GAIN_HOP + _GAIN_SIZE / 2 - _GAIN_SIZE
    return np.interp(np.arange(len(heard)), places, smooth).astype(np.float32)


def _attenuation_db(heard: Pcm, predicted: Pcm) -> float | None:
    """How far the sound fell in the tenth of the block where music is most of it; None where none plays."""
    if not np.any(predicted):
        return None
    frame = RATE_HZ // 10
    count = len(heard) // frame
    if count == 0:
        return None
    before = (heard[: count * frame].reshape(count, -1) ** 2).mean(1) + 1e-12
    after = ((heard - predicted)[: count * frame].reshape(count, -1) ** 2).mean(1) + 1e-12
    fallen = np.sort(10 * np.log10(before / after))
    return float(fallen[-max(count // 10, 1) :].mean())
