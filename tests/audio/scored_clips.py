"""Clips with known music under a known voice, made from real stems: ducked, coded, drifting, in rooms."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import soxr
from numpy.typing import NDArray
from scipy import signal

from saycut.pcm import RATE_HZ, Pcm
from tests.audio.takes import Mono, coded, decoded, manifest

OVERLAID = ("00", "01", "02", "03", "04", "08", "09", "10", "11")


class Stems(NamedTuple):
    voice: Pcm  # (samples, 2)
    music: Pcm  # (samples, 2)
    speech_spans_s: tuple[tuple[float, float], ...]


class Clip(NamedTuple):
    """A mix, the track that a person would hand over, and what the mix was made of."""

    mix: Pcm
    track: Pcm
    voice: Pcm
    music: Pcm
    speech_spans_s: tuple[tuple[float, float], ...]


def stems(folder: Path, item: str, snr_db: float = 0.0) -> Stems:
    """One pair of the evaluation set at `snr_db`."""
    items = manifest(folder / "manifest.json")["items"]
    assert isinstance(items, list)
    facts = next(entry for entry in items if entry["id"] == item)
    voice, music = (decoded(folder / facts[name], channels=2) for name in ("speech", "music"))
    spans = tuple((float(start), float(end)) for start, end in facts["speech_spans_s"])
    return Stems(voice, (music * 10 ** (-snr_db / 20)).astype(np.float32), spans)


def inside_track(music: Pcm, other: Pcm, before_s: float = 7.3) -> Pcm:
    """A longer track that holds `music` from `before_s` on, between parts of another piece."""
    before = other[: round(before_s * RATE_HZ)]
    return np.concatenate([before, music, other[len(before) : len(before) + 5 * RATE_HZ]])


def ducking(
    samples: int, spans_s: tuple[tuple[float, float], ...], depth_db: float = 12.0
) -> NDArray[np.float64]:
    """A gain that falls by `depth_db` while somebody speaks: 120 ms down, 400 ms up, linear in dB."""
    at_s = np.arange(samples) / RATE_HZ
    depth = np.zeros(samples)
    for start_s, end_s in spans_s:
        fall = np.clip((at_s - start_s + 0.12) / 0.12, 0, 1)
        rise = np.clip((end_s + 0.4 - at_s) / 0.4, 0, 1)
        depth = np.maximum(depth, np.minimum(fall, rise))
    return 10 ** (-depth_db * depth / 20)


def band_limited(sound: Pcm, low_hz: float = 100.0, high_hz: float = 10_000.0) -> Pcm:
    """An equaliser's band-pass with its own phase (second order, causal)."""
    sos = signal.butter(2, (low_hz, high_hz), "bandpass", fs=RATE_HZ, output="sos")
    return signal.sosfilt(sos, sound, axis=0).astype(np.float32)


def stretched(sound: Pcm, ppm: float) -> Pcm:
    """`sound` played slower by `ppm` (resampled)."""
    out: Pcm = soxr.resample(sound, RATE_HZ, RATE_HZ * (1 + ppm * 1e-6), quality="VHQ")
    return out


def through_speaker(sound: Pcm, response: Mono) -> Pcm:
    """Both channels played by one loudspeaker into a room with one microphone; equal channels."""
    direct = int(np.argmax(np.abs(response)))
    wet = signal.fftconvolve(sound.mean(axis=1), response)[direct : direct + len(sound)]
    scale = np.sqrt(np.mean(sound.mean(axis=1) ** 2) / np.mean(wet**2))
    return np.repeat((wet * scale)[:, None], 2, axis=1).astype(np.float32)


def as_loud(sound: NDArray[np.floating], model: Pcm) -> Pcm:
    """`sound` at the root mean square level of `model`."""
    scale = np.sqrt(np.mean(np.square(model, dtype=np.float64)) / np.mean(np.square(sound, dtype=np.float64)))
    return (sound * scale).astype(np.float32)


def fitted(sound: Pcm, samples: int) -> Pcm:
    """`sound` cut or padded to `samples`."""
    out = np.zeros((samples, sound.shape[1]), np.float32)
    out[: len(sound)] = sound[:samples]
    return out


CASES = ("plain", "aac128", "ducked aac128", "room aac128", "ducked drift mp3", "ducked aac64", "pitched")


def clip(case: str, pair: Stems, other: Pcm, folder: Path, room: Mono | None = None) -> Clip:
    """`pair` as one of CASES. `other` pads the track; `room` is the response for the room case."""
    voice, music, spans = pair
    track = inside_track(music, other)
    samples = len(voice)
    if case.startswith("ducked"):
        gain = ducking(samples, spans)[:, None]
        music = as_loud(band_limited(music) * gain, pair.music)
    if case == "ducked drift mp3":
        # the editor's music runs 60 ppm slow and comes from another encoding than the track at hand
        slow = band_limited(fitted(stretched(pair.music, 60.0), samples))
        music = as_loud(slow * gain, pair.music)
        track = coded(track, folder, "-c:a", "libmp3lame", "-b:a", "128k", suffix=".mp3")
    if case == "pitched":
        music = fitted(stretched(music, -30_000.0), samples)
    if case == "room aac128":
        assert room is not None
        music = through_speaker(music, room)
        voice = np.repeat(voice.mean(axis=1, keepdims=True), 2, axis=1)
    mix = (voice + music).astype(np.float32)
    if "aac" in case or "mp3" in case:
        rate = "64k" if case.endswith("64") else "128k"
        mix = coded(mix, folder, "-c:a", "aac", "-b:a", rate)
    return Clip(mix, track, voice, music, spans)


def si_sdr_db(estimate: NDArray[np.floating], truth: NDArray[np.floating]) -> float:
    """Scale-invariant signal-to-distortion ratio (Le Roux et al. 2019), zero-mean, mono."""
    estimate, truth = (sound.astype(np.float64) - float(sound.mean()) for sound in (estimate, truth))
    target = float(estimate @ truth) / float(truth @ truth) * truth
    return 10 * float(np.log10((target @ target) / max(float(np.sum((estimate - target) ** 2)), 1e-30)))


def pauses(samples: int, spans_s: tuple[tuple[float, float], ...], guard_s: float = 0.3) -> NDArray[np.bool_]:
    """Which samples lie outside all speech, by more than `guard_s`."""
    at_s = np.arange(samples) / RATE_HZ
    silent = np.ones(samples, np.bool_)
    for start_s, end_s in spans_s:
        silent &= (at_s < start_s - guard_s) | (at_s > end_s + guard_s)
    return silent
