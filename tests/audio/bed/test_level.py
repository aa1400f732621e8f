import numpy as np
import pytest

from saycut.audio.bed.compose import compose
from saycut.audio.bed.level import probed_level
from saycut.audio.bed.spec import BedSpec
from saycut.audio.bed.synthesis.voices import Voices


@pytest.mark.parametrize("duration_s", [1.0, 12.0, 60.0])
def test_the_probe_finds_a_sane_gain_for_any_length(duration_s: float) -> None:
    score = compose(BedSpec("calm", 1, duration_s))
    level = probed_level(score, Voices(1), 65_520)
    assert 0.05 < float(level.before) < 20
    assert 0.9 < float(level.after) < 2.0  # the compressor takes a little, never gives


def test_the_probe_is_the_same_whatever_was_played_before() -> None:
    score = compose(BedSpec("happy", 1, 30.0))
    voices = Voices(1)
    first = probed_level(score, voices, 65_520)
    again = probed_level(score, voices, 65_520)
    assert np.array([first.before, first.after]).tobytes() == np.array([again.before, again.after]).tobytes()
