import numpy as np
import pytest

from saycut.audio.bed.draw import dice
from saycut.audio.bed.synthesis import sustained
from saycut.audio.bed.synthesis.sustained import LOOP_SAMPLES, STRINGS, WARM, Ensemble, loops, sung
from saycut.audio.bed.synthesis.tone import hz
from saycut.pcm import RATE_HZ

ALL = [value for value in vars(sustained).values() if isinstance(value, Ensemble)]


@pytest.mark.parametrize("ensemble", ALL)
def test_loops_have_no_seam_and_are_in_tune(ensemble: Ensemble) -> None:
    made = loops(ensemble, 60, dice(1))
    both = made.dark[0].astype(np.float64) + made.bright[0]
    seam = abs(float(both[0] - both[-1]))
    assert seam <= 2 * float(np.abs(np.diff(both)).max())
    spectrum = np.abs(np.fft.rfft(both)) ** 2
    lines = np.fft.rfftfreq(LOOP_SAMPLES, 1 / RATE_HZ)
    near = (lines > 0.95 * hz(60)) & (lines < 1.05 * hz(60))
    centre = float((lines[near] * spectrum[near]).sum() / spectrum[near].sum())
    assert abs(1200 * np.log2(centre / hz(60))) < 12


def test_a_held_note_lasts_and_lets_go() -> None:
    made = loops(WARM, 57, dice(1))
    wave = sung(WARM, made, 3 * RATE_HZ, dice(2))
    release = round(WARM.release_s * RATE_HZ)
    assert wave.shape == (2, 3 * RATE_HZ + release)
    assert float(np.abs(wave[:, 0]).max()) == 0.0
    assert float(np.abs(wave[:, -1]).max()) < 1e-4
    middle = np.square(wave[:, RATE_HZ : 3 * RATE_HZ]).mean()
    assert np.square(wave[:, : RATE_HZ // 20]).mean() < 0.1 * middle


def test_the_two_sides_differ_a_little() -> None:
    both = loops(STRINGS, 64, dice(1)).dark
    assert 0.5 < float(np.asarray(np.corrcoef(both))[0, 1]) < 0.99


def test_notes_of_any_length_can_be_held() -> None:
    made = loops(WARM, 57, dice(1))
    for length in (100, LOOP_SAMPLES, 3 * LOOP_SAMPLES + 7):
        assert sung(WARM, made, length, dice(3)).shape[1] == length + round(WARM.release_s * RATE_HZ)
