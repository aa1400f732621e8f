"""Which frames of a recording are pauses, from what a noise-reduction engine keeps of them.

In a pause there is no speech to harm, so noise may be lowered there even where a clean recording makes
the reduction hold back: what people hear as "noise" is what lies between the words.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import minimum_filter1d, uniform_filter1d

from saycut.audio.suppression import BINS_HZ, FRAME_S, Frames, Real, mean_square

KEPT_OF_NOISE = 0.1  # the engine keeps less than this share of a frame's power: no speech in it ...
_NOT_ABOVE_NOISE_DB = 6.0  # ... unless it is this loud: RNNoise takes some voices' syllables for noise
_GUARD_FRAMES = round(0.15 / FRAME_S)  # soft beginnings and ends of words stay out of pauses
_RAMP_FRAMES = round(0.1 / FRAME_S)
_SPEECH_BAND = (BINS_HZ > 100) & (BINS_HZ < 8000)
_SILENCE = 1e-10  # -100 dBFS: below it everything is silence


def speech_band(frames: Frames) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The mean square of each frame between 100 Hz and 8 kHz, and the share of it that the engine keeps."""
    if frames.speech_band is None:  # five ask for it
        power = frames.power[:, _SPEECH_BAND]
        level = mean_square(power) + _SILENCE
        kept = mean_square(np.square(frames.engine_gain[:, _SPEECH_BAND]) * power) / level
        frames.speech_band = level, kept
    return frames.speech_band


def pause_share(before: Frames | None, here: Frames, after: Frames | None, noise: float) -> Real:
    """How much of a pause each frame of `here` is, (frames,) 0..1, looking into its neighbours.

    `noise` is the mean square of the noise in the band of speech.
    """
    most = noise * 10 ** (_NOT_ABOVE_NOISE_DB / 10)
    quiet: list[NDArray[np.bool_]] = []
    for frames in (before, here, after):
        if frames is not None:
            level, kept = speech_band(frames)
            quiet.append((kept < KEPT_OF_NOISE) & (level < most))
    deep = minimum_filter1d(np.concatenate(quiet).astype(np.float32), 2 * _GUARD_FRAMES + 1, mode="nearest")
    smooth = uniform_filter1d(deep, _RAMP_FRAMES, mode="nearest")
    first = len(before.gain) if before is not None else 0
    return np.asarray(smooth[first : first + len(here.gain)], np.float32)
