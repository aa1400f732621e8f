"""Sounds for the tests of level, and the pinned ffmpeg binary as the second opinion on them."""

import re
import subprocess
from pathlib import Path

import imageio_ffmpeg
import numpy as np

from saycut.pcm import Blocks, Pcm


def tone(
    hz: float,
    dbfs: float,
    seconds: float,
    *,
    rate_hz: int = 48_000,
    channels: int = 2,
    phase_deg: float = 0.0,
) -> Pcm:
    """A sine of peak level `dbfs`, the same on every channel."""
    times = np.arange(round(seconds * rate_hz)) / rate_hz
    wave = 10 ** (dbfs / 20) * np.sin(2 * np.pi * hz * times + np.deg2rad(phase_deg))
    return np.repeat(wave.astype(np.float32)[:, None], channels, axis=1)


def talk(seconds: float, seed: int = 0, rate_hz: int = 48_000, channels: int = 2) -> Pcm:
    """Dull noise with the level of speech: syllables of 5 a second, some of them loud, and pauses."""
    rng = np.random.default_rng(seed)
    count = round(seconds * rate_hz)
    times = np.arange(count) / rate_hz
    syllables = (
        np.abs(np.sin(np.pi * 5 * times)) ** 2
        * np.repeat(10 ** rng.uniform(-1.2, 0.0, count // (rate_hz // 5) + 1), rate_hz // 5)[:count]
    )
    pauses = np.where((times % 3.0) < 2.2, 1.0, 0.003)
    dull = np.convolve(rng.standard_normal(count), np.hanning(20), mode="same")
    wave = 0.12 * dull / dull.std()
    return np.repeat((wave * syllables * pauses).astype(np.float32)[:, None], channels, axis=1)


def in_blocks(sound: Pcm, block_samples: int = 48_000) -> Blocks:
    """The sound as a stream."""
    return (sound[start : start + block_samples] for start in range(0, len(sound), block_samples))


def joined(blocks: Blocks) -> Pcm:
    """A stream as one array."""
    return np.concatenate(list(blocks))


def decoded(path: Path, channels: int = 2, rate_hz: int = 48_000) -> Pcm:
    """The first sound of a file, by the pinned binary."""
    layout = ["-ac", str(channels), "-ar", str(rate_hz)]
    wave = _ffmpeg(["-i", str(path), "-map", "0:a:0", *layout, "-f", "f32le", "-"]).stdout
    return np.frombuffer(wave, "<f4").reshape(-1, channels)


def through_aac(sound: Pcm, folder: Path, bitrate: str = "192k", rate_hz: int = 48_000) -> Pcm:
    """The sound as a listener of an encoded file hears it."""
    path = folder / "encoded.m4a"
    _ffmpeg([*_raw(sound, rate_hz), "-c:a", "aac", "-b:a", bitrate, "-y", str(path)], sound)
    return decoded(path, sound.shape[1], rate_hz)


def ebur128(sound: Pcm, rate_hz: int = 48_000) -> dict[str, float]:
    """Integrated loudness (I), range (LRA) and true peak (Peak) by FFmpeg, to its 0.1."""
    log = _ffmpeg(
        [*_raw(sound, rate_hz), "-af", "ebur128=peak=true:framelog=quiet", "-f", "null", "-"], sound, "info"
    ).stderr.decode()
    return {key: float(re.findall(rf"{key}:\s+(-?[\d.]+)", log)[-1]) for key in ("I", "LRA", "Peak")}


def _raw(sound: Pcm, rate_hz: int) -> list[str]:
    return ["-f", "f32le", "-ac", str(sound.shape[1]), "-ar", str(rate_hz), "-i", "-"]


def _ffmpeg(
    arguments: list[str], sound: Pcm | None = None, log: str = "error"
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-nostdin", "-v", log, *arguments],
        input=None if sound is None else np.ascontiguousarray(sound, np.float32).tobytes(),
        stdin=subprocess.DEVNULL if sound is None else None,
        capture_output=True,
        check=True,
    )
