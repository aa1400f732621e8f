"""What composed beds measure, beside real music.

    python -m benchmarks.bed [--seconds 40] [--seeds 1 2 3] [--moods calm lofi] [--wav FOLDER]

One line a bed: speed (CPU seconds of sound per second), integrated and extreme short-term loudness, peak
and crest, likeness of the sides and what a mono sum loses, spectral centroid, onsets a second, the share of
tonal energy on the best of the twelve diatonic scales, the tempo and the strength of its autocorrelation,
the share of K-weighted energy between 1 and 4 kHz, and the long-term spectrum by octave.
The pieces of the shared data folder follow (SAYCUT_SHARED), measured in the same way.
"""

import argparse
import time
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import signal
from tests.audio.takes import decoded
from tests.shared import shared_data

from saycut.audio.bed.compose import compose
from saycut.audio.bed.identity import title
from saycut.audio.bed.moods import moods
from saycut.audio.bed.render import render
from saycut.audio.bed.spec import BedSpec
from saycut.audio.bed.synthesis.loudness import gated_lufs, weighted
from saycut.pcm import RATE_HZ, Pcm

Double = NDArray[np.float64]
OCTAVES_HZ = (31.5, 63, 125, 250, 500, 1000, 2000, 4000, 8000, 16_000)
DIATONIC = (0, 2, 4, 5, 7, 9, 11)
REFERENCES = (
    "cue.mp3",
    "oceanside.mp3",
    "country.mp3",
    "the_courtyard.mp3",
    "sunshine.ogg",
    "generated_gm_3.ogg",
)


class Measured(NamedTuple):
    """The figures of one sound."""

    lufs: float
    quietest_lufs: float
    loudest_lufs: float
    peak_dbfs: float
    crest_db: float
    likeness: float
    mono_loss_lu: float
    centroid_hz: float
    onsets_per_s: float
    in_key: float
    bpm: float
    pulse: float
    speech_band: float
    octaves_db: tuple[float, ...]


def measured(sound: Pcm) -> Measured:
    """All figures of a stereo sound."""
    mono = sound.mean(axis=1).astype(np.float64)
    lufs = gated_lufs([sound.T])
    spans = [
        gated_lufs([sound[at : at + 3 * RATE_HZ].T]) for at in range(0, len(sound) - 3 * RATE_HZ, RATE_HZ)
    ]
    peak_dbfs = float(20 * np.log10(np.abs(sound).max()))
    rms_db = float(10 * np.log10(np.square(sound, dtype=np.float64).mean()))
    magnitude = np.abs(np.fft.rfft(mono))
    frequency = np.fft.rfftfreq(len(mono), 1 / RATE_HZ)
    onsets, bpm, pulse = rhythm(mono)
    return Measured(
        lufs,
        min(spans),
        max(spans),
        peak_dbfs,
        peak_dbfs - rms_db,
        float(np.asarray(np.corrcoef(sound.T))[0, 1]),
        lufs - gated_lufs([np.stack([mono, mono]).astype(np.float32)]),
        float((magnitude * frequency).sum() / magnitude.sum()),
        onsets,
        in_key(mono),
        bpm,
        pulse,
        speech_band(mono),
        octaves_db(mono),
    )


def rhythm(mono: Double) -> tuple[float, float, float]:
    """Onsets a second, tempo, and the height of its peak in the autocorrelation of the spectral flux."""
    _, _, spectrum = signal.stft(mono, RATE_HZ, nperseg=2048, noverlap=2048 - 480)
    flux = np.maximum(np.diff(np.log1p(1000 * np.abs(spectrum)), axis=1), 0).mean(axis=0)
    floor = signal.medfilt(flux, 51)
    peaks, _ = signal.find_peaks(flux, height=1.5 * floor + 0.01, distance=6)
    centred = flux - flux.mean()
    alike = np.fft.irfft(np.abs(np.fft.rfft(centred, 2 * len(flux))) ** 2)[: len(flux)]
    bpm = 6000.0 / np.maximum(np.arange(len(flux)), 1)
    best = int(np.argmax(np.where((bpm > 55) & (bpm < 180), alike, -1.0)))
    return len(peaks) * RATE_HZ / len(mono), float(bpm[best]), float(alike[best] / alike[0])


def in_key(mono: Double) -> float:
    """The share of tonal energy (80 Hz to 2 kHz) on the best diatonic scale."""
    frequency, _, spectrum = signal.stft(signal.resample_poly(mono, 1, 4), RATE_HZ / 4, nperseg=8192)
    energy = np.abs(spectrum).sum(axis=1)
    pitch = 69 + 12 * np.log2(np.maximum(frequency, 1.0) / 440.0)
    tonal = (frequency > 80) & (frequency < 2000) & (np.abs(pitch - np.round(pitch)) < 0.25)
    chroma = np.bincount(np.round(pitch[tonal]).astype(int) % 12, energy[tonal], 12)
    return float(
        max(sum(chroma[(tonic + step) % 12] for step in DIATONIC) for tonic in range(12)) / chroma.sum()
    )


def speech_band(mono: Double) -> float:
    """The share of K-weighted energy between 1 and 4 kHz."""
    frequency, power = signal.welch(weighted(mono[None].astype(np.float32))[0], RATE_HZ, nperseg=8192)
    return float(power[(frequency >= 1000) & (frequency < 4000)].sum() / power.sum())


def octaves_db(mono: Double) -> tuple[float, ...]:
    """The long-term spectrum by octave, relative to the whole."""
    frequency, power = signal.welch(mono, RATE_HZ, nperseg=16_384)
    whole = power.sum()
    bands = [(frequency >= centre / 2**0.5) & (frequency < centre * 2**0.5) for centre in OCTAVES_HZ]
    return tuple(float(10 * np.log10(power[band].sum() / whole + 1e-12)) for band in bands)


def beds(names: list[str], seeds: list[int], seconds: float) -> Iterator[tuple[BedSpec, Pcm, float]]:
    """Each bed, its sound and how many times faster than real time one core makes it."""
    for mood in names:
        for seed in seeds:
            spec = BedSpec(mood, seed, seconds)
            start = time.process_time()
            sound = np.concatenate(list(render(compose(spec))))
            yield spec, sound, seconds / (time.process_time() - start)


def line(name: str, speed: float, found: Measured) -> str:
    """One row of the table."""
    octaves = " ".join(f"{value:4.0f}" for value in found.octaves_db)
    short_term = f"({found.quietest_lufs:5.1f} to {found.loudest_lufs:5.1f})"
    return " ".join(
        (
            f"{name:16.16} {speed:4.0f}x {found.lufs:6.1f} LUFS {short_term}",
            f"peak {found.peak_dbfs:5.1f} crest {found.crest_db:4.1f} alike {found.likeness:4.2f}",
            f"mono -{abs(found.mono_loss_lu):3.1f} centroid {found.centroid_hz:5.0f}",
            f"onsets {found.onsets_per_s:3.1f} key {found.in_key:4.2f}",
            f"{found.bpm:4.0f} bpm ({found.pulse:4.2f})",
            f"1-4k {found.speech_band:4.2f} | {octaves}",
        )
    )


def write_wav(path: Path, sound: Pcm) -> None:
    """16-bit stereo."""
    with wave.open(str(path), "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes((np.clip(sound, -1, 1) * 32_767).astype("<i2").tobytes())


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure composed beds beside real music.")
    parser.add_argument("--seconds", type=float, default=40.0)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--moods", nargs="+", default=list(moods()))
    parser.add_argument("--wav", type=Path)
    asked = parser.parse_args()
    for spec, sound, speed in beds(asked.moods, asked.seeds, asked.seconds):
        print(line(f"{spec.mood} {spec.seed}", speed, measured(sound)), title(spec), flush=True)
        if asked.wav is not None:
            asked.wav.mkdir(parents=True, exist_ok=True)
            write_wav(asked.wav / f"{spec.mood}_{spec.seed}.wav", sound)
    for name in REFERENCES:
        sound = decoded(shared_data(f"music/{name}"), channels=2)[: round(asked.seconds * RATE_HZ)]
        print(line(name, float("nan"), measured(sound)), flush=True)


if __name__ == "__main__":
    main()
