import numpy as np
import pytest

from saycut.audio.bed.pulse import LARGEST_SLIP, Pulse, Step, slip_s, steps
from saycut.audio.bed.tempo import Clock

STEADY = Clock(bpm=120, bars=8, bar_s=2.0, ritard=0.0, ritard_bars=1.0)


def test_swing_delays_off_steps_and_leaves_the_beat() -> None:
    swung = Pulse(STEADY, swing=0.2, swing_grid=16)
    step = 48_000 * 2.0 / 16
    assert swung.sample(0, 0.0) == 0
    assert swung.sample(0, 1 / 16) == round(1.2 * step)
    assert swung.sample(0, 2 / 16) == round(2 * step)
    assert swung.sample(0, 1 / 16, straight=True) == round(step)
    assert swung.sample(3, 0.0) == round(3 * 2.0 * 48_000)


def test_no_sample_lies_before_the_piece() -> None:
    assert Pulse(STEADY, 0.0, 16).sample(0, 0.0, late_s=-0.5) == 0


def test_patterns_are_read_with_their_lengths() -> None:
    assert list(steps("X--.o-.x")) == [
        Step("X", 0.0, 3 / 8),
        Step("o", 0.5, 2 / 8),
        Step("x", 7 / 8, 1 / 8),
    ]


def test_hands_are_loose_but_never_stumble() -> None:
    rng = np.random.Generator(np.random.PCG64(3))
    slips = [slip_s(rng, 6.0) for _ in range(2000)]
    assert max(np.abs(slips)) == pytest.approx(LARGEST_SLIP * 0.006)
    assert 0.004 < float(np.std(slips)) < 0.006
