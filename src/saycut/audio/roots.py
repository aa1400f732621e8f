"""Where a function crosses zero: what `scipy.optimize.brentq` gives, without importing all of it."""

import sys
from collections.abc import Callable

from saycut.audio import compiled

_MOST_STEPS = 100
_RELATIVE = 4 * sys.float_info.epsilon


def root(function: Callable[[float], float], low: float, high: float, within: float) -> float:
    """A zero of `function`, to `within`, between two places where it has opposite signs (Brent 1973)."""
    loop = compiled.loop("optimize", "_zeros", "_brentq")
    if loop is None:
        from scipy.optimize import brentq

        return float(brentq(function, low, high, xtol=within))
    return float(loop(function, low, high, within, _RELATIVE, _MOST_STEPS, (), False, True))
