"""Second-order sections in the time domain: what `scipy.signal.sosfilt` gives, without importing all of it.

`scipy.signal` formats the documentation of its functions while it is imported, which takes half a second, as
long as weighing three minutes of sound. Its compiled loop is a module of its own and is loaded as such; where
a release has none of that name, the public function does the work.
"""

from collections.abc import Callable
from functools import cache
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

Samples = NDArray[np.float64]
_LOOP = "_sosfilt"


def filtered(sections: Samples, signal: Samples, state: Samples) -> tuple[Samples, Samples]:
    """`signal` (channels, samples) through `sections` (n, 6), and the state after it.

    `state` is (n, channels, 2) and is not changed; `signal` has to be contiguous and is overwritten.
    """
    loop = _compiled()
    if loop is None:
        from scipy.signal import sosfilt

        out, after = sosfilt(sections, signal, axis=1, zi=state)
        return out, after
    by_channel = state.transpose(1, 0, 2).copy()
    loop(sections, signal, by_channel)
    return signal, by_channel.transpose(1, 0, 2)


@cache
def _compiled() -> Callable[[Samples, Samples, Samples], None] | None:
    """The loop of scipy: (sections, signal, state) with the state as (channels, n, 2), all in place."""
    folder = Path(scipy.__file__).parent / "signal"
    spec = PathFinder.find_spec(_LOOP, [str(folder)])
    if spec is None or spec.loader is None:
        return None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    loop: Any = getattr(module, _LOOP, None)
    return loop if callable(loop) else None
