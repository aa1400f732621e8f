import numpy as np
import pytest

from saycut.audio.bed.synthesis.loudness import REFERENCE_RMS, evened, gated_lufs, weighted
from saycut.pcm import RATE_HZ


def tone(level_dbfs: float, seconds: float = 5.0) -> "np.ndarray[tuple[int, ...], np.dtype[np.float32]]":
    time_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    wave = 10 ** (level_dbfs / 20) * np.sin(2 * np.pi * 1000 * time_s)
    return np.stack([wave, wave]).astype(np.float32)


def test_the_calibration_tone_of_ebu_tech_3341() -> None:
    assert gated_lufs([tone(-23.0)]) == pytest.approx(-23.0, abs=0.1)
    assert gated_lufs([tone(-33.0)]) == pytest.approx(-33.0, abs=0.1)


def test_the_gates_leave_out_what_is_quiet() -> None:
    assert gated_lufs([tone(-36.0), tone(-23.0, 20.0), tone(-36.0)]) == pytest.approx(-23.0, abs=0.1)
    assert gated_lufs([np.zeros((2, 48_000), np.float32)]) == -70.0


def test_a_short_sound_has_a_loudness() -> None:
    assert gated_lufs([tone(-20.0, 0.1)]) == pytest.approx(-20.0, abs=0.5)


def test_evened_sounds_weigh_the_same() -> None:
    for level in (0.001, 0.3, 4.0):
        even = evened(tone(0.0)[0] * np.float32(level), 0.2)
        rms = np.sqrt(np.square(weighted(even)[4800:14_400], dtype=np.float64).mean())
        assert float(rms) == pytest.approx(REFERENCE_RMS, rel=0.02)
