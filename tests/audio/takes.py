"""Pairs of recordings of one performance (and of different ones), made from real speech, rooms and noise.

A camera hears the talk through a room, a narrow microphone and noise; a second recorder hears it
clean, on its own clock and from another moment on. The truth is known to a fraction of a sample.
"""

import json
import subprocess
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import soxr
from numpy.typing import NDArray
from scipy import signal

from saycut.pcm import RATE_HZ, Pcm, PcmArray

Mono = NDArray[np.float32]


def decoded(path: Path, *filters: str, channels: int = 1) -> Pcm:
    """The sound of any media file as (samples, channels) at 48 kHz; `filters` are ffmpeg audio filters."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(path), "-vn"]
    if filters:
        command += ["-af", ",".join(filters)]
    command += ["-ac", str(channels), "-ar", str(RATE_HZ), "-f", "f32le", "-"]
    done = subprocess.run(command, check=True, capture_output=True)
    return np.frombuffer(done.stdout, np.float32).reshape(-1, channels).copy()


def coded(sound: Pcm, folder: Path, *codec: str, suffix: str = ".m4a") -> Pcm:
    """`sound` after a lossy codec: encoded by ffmpeg with `codec` options and decoded again, same length."""
    raw, file = folder / "plain.f32", folder / f"coded{suffix}"
    raw.write_bytes(np.ascontiguousarray(sound, np.float32).tobytes())
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", "-f", "f32le", "-ar", str(RATE_HZ)]
    command += ["-ac", str(sound.shape[1]), "-i", str(raw), *codec, str(file)]
    subprocess.run(command, check=True, capture_output=True)
    out = decoded(file, channels=sound.shape[1])
    fitted = np.zeros_like(sound)
    fitted[: len(out)] = out[: len(sound)]
    return fitted


def at_level(sound: Mono, rms_dbfs: float) -> Mono:
    """`sound` at a given root mean square level."""
    rms = float(np.sqrt(np.mean(np.square(sound, dtype=np.float64)))) + 1e-12
    return (sound * (10 ** (rms_dbfs / 20) / rms)).astype(np.float32)


def talk(speech_folder: Path, duration_s: float, seed: int, talkers: int | None = None) -> Mono:
    """Continuous real speech of `duration_s` joined from whole clips of a seeded choice of talkers."""
    files = sorted(speech_folder.glob("*.opus"))
    order = np.random.default_rng(seed).permutation(len(files))
    parts: list[Mono] = []
    held = 0
    for index in order if talkers is None else np.resize(order[:talkers], len(order)):
        clip = at_level(decoded(files[index])[:, 0], -26.0)
        parts.append(clip)
        held += len(clip)
        if held >= duration_s * RATE_HZ:
            break
    return np.concatenate(parts)[: round(duration_s * RATE_HZ)]


def on_clock(sound: Mono, fast_ppm: float) -> Mono:
    """What a recorder whose clock runs `fast_ppm` slow writes down: fewer samples for positive values.

    A sound recorded so needs `drift_ppm = fast_ppm` to fit again: it lasts 1 / (1 + d) as long.
    """
    if fast_ppm == 0.0:
        return sound
    out: Mono = soxr.resample(sound, RATE_HZ * (1 + fast_ppm * 1e-6), RATE_HZ, quality="VHQ")
    return out


def in_room(sound: Mono, response: Mono) -> Mono:
    """`sound` heard through a room, with the direct sound at its own time and the same level."""
    direct = int(np.argmax(np.abs(response)))
    wet = signal.fftconvolve(sound, response)[direct : direct + len(sound)]
    return at_level(wet.astype(np.float32), 20 * np.log10(np.sqrt(np.mean(sound**2)) + 1e-12))


def small_microphone(sound: Mono, low_hz: float = 300.0, high_hz: float = 3400.0) -> Mono:
    """`sound` through a narrow band without any delay (zero phase)."""
    sos = signal.butter(2, (low_hz, high_hz), "bandpass", fs=RATE_HZ, output="sos")
    return signal.sosfiltfilt(sos, sound).astype(np.float32)


def spoken_again(sound: Mono, seed: int) -> Mono:
    """A stand-in for the same words in another take: tempo wandering by ±12 %, pitch 3 % off, new phases.

    A phase vocoder (Flanagan & Golden 1966) over a random tempo curve that turns about every second.
    """
    rng = np.random.default_rng(seed)
    hop, size = 512, 2048
    _, _, spectrum = signal.stft(sound, RATE_HZ, nperseg=size, noverlap=size - hop)
    frames = spectrum.shape[1]
    knots = rng.uniform(0.88, 1.12, frames * hop // RATE_HZ + 3)
    tempo = np.interp(np.arange(2 * frames) * hop / RATE_HZ, np.arange(len(knots)), knots)
    at = np.cumsum(tempo)
    at = at[at < frames - 1]
    whole = at.astype(np.intp)
    advance = np.angle(spectrum[:, 1:]) - np.angle(spectrum[:, :-1])
    phase = np.cumsum(advance[:, whole], axis=1) + rng.uniform(0, 2 * np.pi, (len(spectrum), 1))
    magnitude = np.abs(spectrum[:, whole]) * (1 - at + whole) + np.abs(spectrum[:, whole + 1]) * (at - whole)
    _, out = signal.istft(magnitude * np.exp(1j * phase), RATE_HZ, nperseg=size, noverlap=size - hop)
    return on_clock(out.astype(np.float32), 30_000.0)[: len(sound)]


def noisy(sound: Mono, noise: Mono, snr_db: float) -> Mono:
    """`sound` with `noise` (repeated to its length) at a signal-to-noise ratio over the whole."""
    bed = np.resize(noise, len(sound))
    level_db = 20 * np.log10(np.sqrt(np.mean(np.square(sound, dtype=np.float64))) + 1e-12)
    return sound + at_level(bed, level_db - snr_db)


def reader(sound: Mono) -> PcmArray:
    """A mono sound as a reader."""
    return PcmArray(np.ascontiguousarray(sound[:, None], np.float32))


def manifest(path: Path) -> dict[str, object]:
    """A JSON manifest of the shared data."""
    loaded: dict[str, object] = json.loads(path.read_text())
    return loaded
