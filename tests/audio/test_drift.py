"""Clock correction: every sample lands where it belongs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saycut.audio.drift import corrected, corrected_samples
from saycut.errors import Cancelled
from saycut.pcm import RATE_HZ, Pcm, PcmArray
from saycut.watch import Watch

_EVERY = 10 * RATE_HZ - 7


class Pulses:
    """A stereo train of smooth pulses centred on the multiples of `_EVERY`, made where it is read."""

    rate_hz = RATE_HZ
    channels = 2

    def __init__(self, samples: int) -> None:
        self.samples = samples

    def read(self, start: int, count: int) -> Pcm:
        at = np.arange(start, start + count)
        away = (at + _EVERY // 2) % _EVERY - _EVERY // 2
        pulse = np.where((at >= 0) & (at < self.samples), np.exp(-((away / 4.0) ** 2)), 0.0)
        return np.stack([pulse, -0.5 * pulse], axis=1).astype(np.float32)


def centres(blocks: list[Pcm], expected: np.ndarray) -> np.ndarray:
    """Where the pulses lie: centres of gravity around the expected samples."""
    sound = np.concatenate(blocks)[:, 0].astype(np.float64)
    around = np.arange(-40, 41)
    found = []
    for centre in np.round(expected).astype(int):
        piece = sound[centre - 40 : centre + 41]
        found.append(centre + float(piece @ around / piece.sum()))
    return np.array(found)


# 4 minutes at 1200 ppm drift as far apart as an hour does at 80 ppm.
@pytest.mark.parametrize("drift_ppm", [1200.0, -1200.0, -7.5])
def test_pulses_land_within_a_hundredth_of_a_millisecond(drift_ppm: float) -> None:
    sound = Pulses(240 * RATE_HZ)
    blocks = list(corrected(sound, drift_ppm))
    expected = np.arange(1, 24) * _EVERY * (1 + drift_ppm * 1e-6)
    assert np.abs(centres(blocks, expected) - expected).max() / RATE_HZ < 1e-5
    assert sum(map(len, blocks)) == corrected_samples(sound.samples, drift_ppm)
    assert max(map(len, blocks)) < 3 * RATE_HZ


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 3 * RATE_HZ), st.floats(-500, 500))
def test_the_length_is_exact(samples: int, drift_ppm: float) -> None:
    sound = PcmArray(np.ones((samples, 2), np.float32))
    out = sum(map(len, corrected(sound, drift_ppm)))
    assert out == corrected_samples(samples, drift_ppm)
    assert abs(out - samples * (1 + drift_ppm * 1e-6)) <= 0.5 + 1e-6


def test_zero_drift_changes_no_bit() -> None:
    noise = np.random.default_rng(0).standard_normal((2 * RATE_HZ + 11, 2)).astype(np.float32)
    assert np.array_equal(np.concatenate(list(corrected(PcmArray(noise), 0.0))), noise)


def test_the_spectrum_stays() -> None:
    at = np.arange(2 * RATE_HZ)
    tone = np.sin(2 * np.pi * 15_000 * at / RATE_HZ).astype(np.float32)
    out = np.concatenate(list(corrected(PcmArray(tone), 100.0)))[:, 0]
    stretched = np.sin(2 * np.pi * 15_000 / (1 + 1e-4) * np.arange(len(out)) / RATE_HZ)
    assert np.abs(out - stretched)[2000:-2000].max() < 1e-4


def test_it_stops_when_told() -> None:
    watch = Watch()
    blocks = corrected(PcmArray(np.ones((5 * RATE_HZ, 1), np.float32)), 50.0, watch)
    next(blocks)
    watch.cancel()
    with pytest.raises(Cancelled):
        list(blocks)
