"""Speech that a detector recognises: three sentences of the demo's synthetic voice, pauses exactly known."""

from functools import lru_cache

import numpy as np
from examples.stage.script import HOST, Performance, perform
from numpy.typing import NDArray

LINES = (
    (0.6, "Hello and welcome to the channel."),
    (1.6, "First we remove the noise from the room."),
    (1.3, "Then we trim the long pauses."),
)
SECONDS = 11.0
NOISE_RMS = 0.0006  # a quiet room, 44 dB below the voice


@lru_cache(maxsize=1)
def talk() -> Performance:
    """The performance: `spoken` and `pauses` in seconds, 11 s in all, voice RMS 0.1."""
    return perform(LINES, HOST, SECONDS, np.random.default_rng(11))


def speech(start_s: float, length_s: float, rate_hz: int, channels: int) -> NDArray[np.float32]:
    """`talk` with room noise between two times, (samples, channels), silent but for the noise outside it."""
    voice = talk().pcm
    if rate_hz != 48_000:
        import soxr

        voice = soxr.resample(voice, 48_000, rate_hz, quality="VHQ")
    at = round(start_s * rate_hz) + np.arange(round(length_s * rate_hz))
    inside = (at >= 0) & (at < len(voice))
    out = NOISE_RMS * np.random.default_rng(12).standard_normal(len(at))
    out[inside] += voice[at[inside]]
    return np.repeat(out.astype(np.float32)[:, None], channels, axis=1)
