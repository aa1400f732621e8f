"""What stands in for `scipy.signal` and `scipy.optimize`, which are slow to import, gives their very bits."""

import math
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.signal import oaconvolve, sosfilt

from saycut.audio import biquads, compiled
from saycut.audio.convolving import convolved
from saycut.audio.loudness import k_weighting
from saycut.audio.roots import root


@pytest.mark.parametrize("channels", [1, 2, 6])
def test_sections_block_by_block(channels: int) -> None:
    rng = np.random.default_rng(1)
    sections = k_weighting(48_000)
    state = expected_state = np.zeros((2, channels, 2))
    for count in (48_000, 1, 7, 24_001):
        signal = rng.standard_normal((channels, count))
        expected, expected_state = sosfilt(sections, signal, axis=1, zi=expected_state)
        found, state = biquads.filtered(sections, signal.copy(), state)
        assert np.array_equal(found, expected)
        assert np.array_equal(state, expected_state)


def test_sections_where_scipy_has_no_loop_of_that_name(monkeypatch: pytest.MonkeyPatch) -> None:
    sections, signal = k_weighting(48_000), np.random.default_rng(2).standard_normal((2, 1000))
    state = np.zeros((2, 2, 2))
    expected = biquads.filtered(sections, signal.copy(), state)
    monkeypatch.setattr(compiled, "loop", lambda *_: None)
    found = biquads.filtered(sections, signal.copy(), state)
    assert all(np.array_equal(one, other) for one, other in zip(found, expected, strict=True))


@pytest.mark.parametrize("taps", [2, 3, 4, 41, 241, 481])
@pytest.mark.parametrize("count", [1, 2, 3, 240, 1000, 2048, 24_000, 48_000, 48_017])
def test_a_short_window(taps: int, count: int) -> None:
    rng = np.random.default_rng(taps * count)
    values, window = rng.standard_normal(count + taps - 1), np.hanning(taps + 2)[1:-1]
    assert np.array_equal(convolved(values, window), oaconvolve(values, window, mode="valid"))


@pytest.mark.parametrize("function", [math.cos, lambda x: 1 - x**3, lambda x: 0.3 - math.floor(40 * x) / 100])
def test_a_root(function: Callable[[float], float], monkeypatch: pytest.MonkeyPatch) -> None:
    expected = brentq(function, 0.0, 3.0, xtol=0.005)
    assert root(function, 0.0, 3.0, 0.005) == expected
    monkeypatch.setattr(compiled, "loop", lambda *_: None)
    assert root(function, 0.0, 3.0, 0.005) == expected


def test_a_loop_that_this_scipy_does_not_have() -> None:
    assert compiled.loop("signal", "_no_such_module", "loop") is None
    assert compiled.loop("signal", "_sosfilt", "no_such_loop") is None


def test_both_stay_out_of_measuring_limiting_and_denoising() -> None:
    code = """
import sys
import numpy as np
from saycut.audio.denoise import denoise
from saycut.audio.limiter import limit
from saycut.audio.loudness import measure
from saycut.audio.roots import root
from saycut.pcm import PcmArray
noise = np.random.default_rng(0).standard_normal((96_000, 2)).astype(np.float32)
for block in limit(denoise(PcmArray(noise))[0], 48_000, -1.0):
    measure(iter([block]), 48_000, 2)
assert -1e-3 < root(lambda x: 1 - x, 0.0, 3.0, 1e-3) - 1 < 1e-3
assert not {"scipy.signal", "scipy.optimize"} & set(sys.modules)
import scipy.optimize
import scipy.signal
assert scipy.optimize.brentq(lambda x: 1 - x, 0.0, 3.0) == 1
scipy.signal.sosfilt([[1.0, 0, 0, 1, 0, 0]], noise)
"""
    subprocess.run([sys.executable, "-c", code], check=True)
