"""Second-order sections in the time domain: what `scipy.signal.sosfilt` gives, without importing it."""

import numpy as np
from numpy.typing import NDArray

from saycut.audio import compiled

Samples = NDArray[np.float64]


def filtered(sections: Samples, signal: Samples, state: Samples) -> tuple[Samples, Samples]:
    """`signal` (channels, samples) through `sections` (n, 6), and the state after it.

    `state` is (n, channels, 2) and is not changed; `signal` has to be contiguous and is overwritten.
    """
    loop = compiled.loop("signal", "_sosfilt", "_sosfilt")
    if loop is None:
        from scipy.signal import sosfilt

        out, after = sosfilt(sections, signal, axis=1, zi=state)
        return out, after
    by_channel = state.transpose(1, 0, 2).copy()
    loop(sections, signal, by_channel)
    return signal, by_channel.transpose(1, 0, 2)
