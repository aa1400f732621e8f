"""What happens to recordings on their way to a listener: speed, equaliser, rooms, bandwidth, clipping,
codecs."""

import io
from typing import Any

import av
import numpy as np
import scipy.fft
from numpy.typing import NDArray
from scipy.signal import oaconvolve, resample_poly

from training.material import RATE_HZ, Pcm

Spectrum = NDArray[np.complex64]
_KNOTS_HZ = np.array([60, 150, 400, 1000, 2500, 6000])  # where a random equaliser is set, straight in octaves
_CODECS = (("aac", 48_000), ("aac", 96_000), ("libmp3lame", 64_000), ("libopus", 32_000))
_SPEEDS = ((9, 10), (14, 15), (19, 20), (20, 19), (15, 14), (10, 9))


def speed(sound: Pcm, rng: np.random.Generator) -> Pcm:
    """Slower and lower, or faster and higher, by at most 11 %."""
    up, down = _SPEEDS[rng.integers(len(_SPEEDS))]
    return np.asarray(resample_poly(sound, up, down, axis=-1), np.float32)


def coloured(sound: Pcm, rng: np.random.Generator, depth_db: float = 6.0) -> Pcm:
    """Through a smooth random equaliser, `depth_db` one standard deviation at each knot."""
    hz = np.fft.rfftfreq(sound.shape[-1], 1 / RATE_HZ)
    gain_db = np.interp(np.log(hz + 20), np.log(_KNOTS_HZ), rng.normal(0, depth_db, _KNOTS_HZ.size))
    return filtered(sound, 10 ** (gain_db / 20))


def narrowed(sound: Pcm, top_hz: float, bottom_hz: float = 0.0) -> Pcm:
    """Between two frequencies only, with slopes of an eighth of an octave."""
    hz = np.fft.rfftfreq(sound.shape[-1], 1 / RATE_HZ)
    gain = 1 / (1 + (hz / top_hz) ** 32)
    if bottom_hz:
        gain *= 1 / (1 + (bottom_hz / np.maximum(hz, 1)) ** 8)
    return filtered(sound, gain)


def filtered(sound: Pcm, gain: NDArray[np.float64]) -> Pcm:
    """Times a gain per bin of the whole sound's spectrum."""
    spectrum = scipy.fft.rfft(sound, axis=-1) * gain.astype(np.float32)
    return scipy.fft.irfft(spectrum, sound.shape[-1], axis=-1).astype(np.float32)


def in_room(sound: Pcm, response: Pcm, rng: np.random.Generator) -> Pcm:
    """As a microphone hears it in a room: the direct sound stays where it was in time; nearer or farther at
    random, by weakening what comes 2.5 ms after the direct sound or later."""
    direct = int(np.abs(response[0]).argmax())
    tail = response[:, direct:].copy()
    tail[:, RATE_HZ // 400 :] *= rng.uniform(0.2, 1.0)
    tail /= max(float(np.abs(tail[0, : RATE_HZ // 400]).max()), 1e-6)
    channels = max(len(sound), len(tail))
    heard = [oaconvolve(sound[i % len(sound)], tail[i % len(tail)]) for i in range(channels)]
    return np.asarray(heard, np.float32)[:, : sound.shape[-1]]


def overdriven(sound: Pcm, rng: np.random.Generator) -> Pcm:
    """Through a soft limit that it meets often."""
    peak = float(np.abs(sound).max()) or 1.0
    drive = rng.uniform(1.5, 5.0) / peak
    return np.asarray(np.tanh(sound * drive) / drive, np.float32)


def coded(sound: Pcm, rng: np.random.Generator) -> Pcm:
    """Through a lossy codec and back, aligned to the sample by correlation; as it was when the codec
    fails."""
    name, rate_bps = _CODECS[rng.integers(len(_CODECS))]
    try:
        back = _through(sound, name, rate_bps)
    except av.FFmpegError:
        return sound
    lag = _lag(sound[0], back[0])
    out = np.zeros_like(sound)
    part = back[:, max(lag, 0) : max(lag, 0) + sound.shape[-1]]
    out[:, : part.shape[-1]] = part
    return out


def _through(sound: Pcm, codec: str, rate_bps: int) -> Pcm:
    container = {"aac": "adts", "libmp3lame": "mp3", "libopus": "ogg"}[codec]
    held = io.BytesIO()
    layout = "mono" if len(sound) == 1 else "stereo"
    with av.open(held, "w", format=container) as file:
        stream: Any = file.add_stream(codec, rate=RATE_HZ, layout=layout)
        stream.bit_rate = rate_bps
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound, np.float32), "fltp", layout)
        frame.sample_rate = RATE_HZ
        fit = av.AudioResampler(format=stream.format, layout=layout, rate=RATE_HZ)
        for part in [*fit.resample(frame), *fit.resample(None)]:
            file.mux(stream.encode(part))
        file.mux(stream.encode(None))
    held.seek(0)
    with av.open(held, "r") as coded_file:
        to_float = av.AudioResampler(format="fltp", layout=layout, rate=RATE_HZ)
        frames = [
            out.to_ndarray() for frame in coded_file.decode(audio=0) for out in to_float.resample(frame)
        ]
        frames += [out.to_ndarray() for out in to_float.resample(None)]
    return np.concatenate(frames, axis=1)


def _lag(first: NDArray[np.float32], second: NDArray[np.float32]) -> int:
    size = 1 << (len(first) + len(second) - 1).bit_length()
    together = np.fft.irfft(np.fft.rfft(second, size) * np.conj(np.fft.rfft(first, size)), size)
    return int(together[: len(first) // 4].argmax())
