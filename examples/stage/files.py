"""From sounds and pictures to files, with the ffmpeg binary of imageio-ffmpeg."""

import subprocess
import wave
from collections.abc import Iterable
from pathlib import Path

import imageio_ffmpeg
import numpy as np
from numpy.typing import NDArray

RATE_HZ = 48_000


def write_wav(path: Path, pcm: NDArray[np.float64]) -> None:
    """16 bit PCM at 48 kHz of (samples,) or (samples, channels). Raises ValueError when it would clip."""
    if np.abs(pcm).max() > 1.0:
        raise ValueError(f"{path.name} would clip: its peak is {np.abs(pcm).max():.2f}")
    channels = 1 if pcm.ndim == 1 else pcm.shape[1]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(np.round(pcm * 32767).astype("<i2").tobytes())


def write_picture(path: Path, frames: Iterable[NDArray[np.uint8]], width: int, height: int, fps: int) -> None:
    """H.264 without sound, from RGB frames. Raises RuntimeError when the encoder fails."""
    _ffmpeg(
        *("-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", str(fps), "-i", "pipe:0"),
        *("-vf", "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p", "-c:v", "libx264"),
        *("-preset", "veryfast", "-crf", "23", "-g", "60", "-threads", "1", "-colorspace", "bt709"),
        *("-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv", str(path)),
        feed=frames,
    )


def join(picture: Path, sound: Path, path: Path) -> None:
    """The picture as it is with the sound as AAC, in MP4."""
    _ffmpeg(
        *("-i", str(picture), "-i", str(sound), "-map", "0:v", "-map", "1:a", "-c:v", "copy"),
        *("-c:a", "aac", "-b:a", "160k", "-movflags", "+faststart", str(path)),
    )


def _ffmpeg(*arguments: str, feed: Iterable[NDArray[np.uint8]] = ()) -> None:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-y"]
    exact = ["-fflags", "+bitexact", "-flags", "+bitexact"]  # no dates, no version strings
    command += [*arguments[:-1], *exact, arguments[-1]]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    assert child.stdin is not None
    assert child.stderr is not None
    try:
        for frame in feed:
            child.stdin.write(frame.tobytes())
    except BrokenPipeError:
        pass  # the reason is on its stderr, and its exit status is checked below
    child.stdin.close()
    said = child.stderr.read().decode(errors="replace")
    child.stderr.close()
    if child.wait() != 0:
        raise RuntimeError(f"ffmpeg failed: {said.strip()}")
