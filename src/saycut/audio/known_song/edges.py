"""The moments at which a song starts, stops or jumps, to some milliseconds.

The change point is where the sum of a per-frame preference turns (Page 1954): how much better one
prediction explains the mix than the other, as a mean over bins of the logarithm of what remains.
"""

import numpy as np

from saycut.audio.known_song.spectra import middles, power, spectra
from saycut.pcm import Pcm

_SIZE, _HOP = 1024, 256


def change_point(heard: Pcm, before: Pcm, after: Pcm) -> int:
    """The sample of `heard` up to which `before`, and from which `after`, is the better prediction.

    All (samples, channels); a prediction of zeros stands for "the song does not play". 0 and
    len(heard) say that one of them is better all the way.
    """
    mix = spectra(heard, _SIZE, _HOP)
    floor = float(power(mix).mean()) * 1e-5 + 1e-14
    left = [
        np.log(power(mix - spectra(music, _SIZE, _HOP)) + floor).mean(axis=0) for music in (before, after)
    ]
    centres = middles(mix.shape[2], _SIZE, _HOP)
    inside = (centres >= 0) & (centres < len(heard))
    cost = np.concatenate([[0.0], np.cumsum((left[0] - left[1])[inside])])
    best = int(np.argmin(cost))
    if best in (0, len(cost) - 1):
        return 0 if best == 0 else len(heard)
    return int(centres[inside][best])
