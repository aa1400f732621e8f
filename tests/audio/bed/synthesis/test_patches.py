import numpy as np
import pytest

from saycut.audio.bed.draw import dice
from saycut.audio.bed.synthesis.patches import PATCHES, Held, Hit, Struck
from saycut.pcm import RATE_HZ

STRUCK = {name: patch for name, patch in PATCHES.items() if isinstance(patch, Struck)}
HIT = {name: patch for name, patch in PATCHES.items() if isinstance(patch, Hit)}


def test_every_kind_of_sound_is_there() -> None:
    assert len(STRUCK) >= 20
    assert len(HIT) >= 15
    assert sum(isinstance(patch, Held) for patch in PATCHES.values()) >= 8


@pytest.mark.parametrize("name", list(STRUCK))
@pytest.mark.parametrize("pitch", [36.0, 60.0, 88.0])
def test_every_stroke_is_clean(name: str, pitch: float) -> None:
    wave = STRUCK[name].stroke(pitch, 0.6, dice(1))
    assert wave.dtype == np.float32
    assert np.isfinite(wave).all()
    peak = float(np.abs(wave).max())
    assert peak > 1e-3
    assert abs(float(wave[0])) < 1e-3 * peak
    assert abs(float(wave[-1])) < 1e-3 * peak
    again = STRUCK[name].stroke(pitch, 0.6, dice(1))
    assert np.array_equal(wave, again)


@pytest.mark.parametrize("name", list(HIT))
def test_every_drum_is_clean_short_and_never_twice_the_same(name: str) -> None:
    wave = HIT[name].stroke(0.6, dice(1))
    peak = float(np.abs(wave).max())
    assert np.isfinite(wave).all()
    assert len(wave) < 4 * RATE_HZ
    assert abs(float(wave[0])) < 0.01 * peak
    assert abs(float(wave[-1])) < 0.01 * peak
    other = HIT[name].stroke(0.6, dice(2))
    assert not np.array_equal(wave, other)
