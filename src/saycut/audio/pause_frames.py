"""Which frames of a recording are pauses, from what a noise-reduction engine keeps of them.

In a pause there is no speech to harm, so noise may be lowered there even where a clean recording makes
the reduction hold back: what people hear as "noise" is what lies between the words.
"""

import numpy as np
from scipy.ndimage import minimum_filter1d, uniform_filter1d

from saycut.audio.suppression import FRAME_S, Frames, Real

KEPT_OF_NOISE = 0.1  # the engine keeps less than this share of a frame's power: no speech in it
_GUARD_FRAMES = round(0.15 / FRAME_S)  # soft beginnings and ends of words stay out of pauses
_RAMP_FRAMES = round(0.1 / FRAME_S)


def kept_share(frames: Frames) -> Real:
    """The share of its power that the engine keeps of each frame, (frames,) 0..1."""
    kept = (np.square(frames.engine_gain) * frames.power).sum(axis=1)
    return np.asarray(kept / (frames.power.sum(axis=1) + 1e-20), np.float32)


def pause_share(before: Frames | None, here: Frames, after: Frames | None) -> Real:
    """How much of a pause each frame of `here` is, (frames,) 0..1, looking into its neighbours."""
    around = [frames for frames in (before, here, after) if frames is not None]
    quiet = np.concatenate([kept_share(frames) < KEPT_OF_NOISE for frames in around])
    deep = minimum_filter1d(quiet.astype(np.float32), 2 * _GUARD_FRAMES + 1, mode="nearest")
    smooth = uniform_filter1d(deep, _RAMP_FRAMES, mode="nearest")
    first = len(before.gain) if before is not None else 0
    return np.asarray(smooth[first : first + len(here.gain)], np.float32)
