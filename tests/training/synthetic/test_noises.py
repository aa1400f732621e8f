"""Noises: the spectra that they claim, levels, and the same for a seed."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.signal import welch
from training.synthetic.noises import KINDS, babble, noise
from training.synthetic.sound import Sound

from saycut.audio.hum import find_hum
from saycut.pcm import PcmArray
from training.synthetic import steady_noises, sudden_noises

RATE_HZ = 16_000


def spectrum(sound: Sound) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    hz, power = welch(sound.astype(np.float64), RATE_HZ, nperseg=4096)
    return np.asarray(hz), np.asarray(power)


def share(sound: Sound, low_hz: float, high_hz: float) -> float:
    """How much of the energy lies from `low_hz` to `high_hz`."""
    power = np.abs(np.fft.rfft(sound.astype(np.float64))) ** 2
    hz = np.fft.rfftfreq(len(sound), 1 / RATE_HZ)
    return float(power[(hz >= low_hz) & (hz < high_hz)].sum() / power.sum())


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("rate_hz", [16_000, 48_000])
def test_each_kind_is_sound_of_the_asked_length_and_the_same_for_a_seed(kind: str, rate_hz: int) -> None:
    for seed in range(6):
        sound = KINDS[kind](np.random.default_rng(seed), 2.5, rate_hz)
        assert sound.shape == (round(2.5 * rate_hz),) and sound.dtype == np.float32
        assert np.isfinite(sound).all() and np.abs(sound).max() < 0.9
        rms_db = 20 * np.log10(np.sqrt(np.mean(sound.astype(np.float64) ** 2)))
        assert -60 < rms_db < -25.99, (kind, seed)
        assert abs(float(np.mean(sound))) < 1e-3
    np.testing.assert_array_equal(sound, KINDS[kind](np.random.default_rng(5), 2.5, rate_hz))
    assert not np.array_equal(sound, KINDS[kind](np.random.default_rng(4), 2.5, rate_hz))


@pytest.mark.parametrize("slope_db", [-6.0, -3.0, 0.0, 3.0])
def test_hiss_falls_as_steeply_as_asked(slope_db: float) -> None:
    hz, power = spectrum(steady_noises.hiss(np.random.default_rng(1), 20.0, RATE_HZ, slope_db))
    within = (hz > 100) & (hz < 7000)
    slope, _ = np.polyfit(np.log2(hz[within]), 10 * np.log10(power[within]), 1, w=1 / np.sqrt(hz[within]))
    assert slope == pytest.approx(slope_db, abs=0.3)


@pytest.mark.parametrize("mains_hz", [50.0, 60.0])
def test_hum_is_found_as_hum_and_lies_on_its_harmonics(mains_hz: float) -> None:
    sound = steady_noises.hum(np.random.default_rng(2), 20.0, RATE_HZ, mains_hz)
    found = find_hum(PcmArray(np.repeat(sound[:, None], 2, axis=1), RATE_HZ))
    assert found is not None and found.mains_hz == pytest.approx(mains_hz, abs=0.1)
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    hz = np.arange(len(power)) / 20.0
    off = np.abs(hz - mains_hz * np.rint(hz / mains_hz))
    assert power[off < 0.02 * np.maximum(hz, 25)].sum() > 0.99 * power.sum()


def test_wind_is_low_and_comes_in_gusts() -> None:
    for seed in range(5):
        sound = steady_noises.wind(np.random.default_rng(seed), 20.0, RATE_HZ)
        assert share(sound, 0, 600) > 0.9
        level = np.sqrt(np.mean(sound.reshape(-1, RATE_HZ // 2) ** 2, axis=1))
        assert level.max() > 2 * level.min()


def test_a_fan_has_tones_over_its_air_and_traffic_lies_low() -> None:
    tonal = []
    for seed in range(8):
        _, power = spectrum(steady_noises.fan(np.random.default_rng(seed), 10.0, RATE_HZ))
        low_db = 10 * np.log10(power[6:300])
        tonal.append(float(low_db.max() - np.median(low_db[:60])))
        assert share(steady_noises.traffic(np.random.default_rng(seed), 10.0, RATE_HZ), 0, 2500) > 0.8
    assert np.median(tonal) > 6


def test_sudden_noises_have_peaks_and_pauses_and_steady_ones_have_not() -> None:
    def crest_db(make: Callable[[np.random.Generator, float, int], Sound]) -> float:
        sounds = [make(np.random.default_rng(seed), 8.0, RATE_HZ).astype(np.float64) for seed in range(7)]
        return float(np.median([20 * np.log10(np.abs(s).max() / np.sqrt(np.mean(s**2))) for s in sounds]))

    for make in (sudden_noises.clicks, sudden_noises.keyboard, sudden_noises.thumps, sudden_noises.creaks):
        assert crest_db(make) > 17, make
    for make in (steady_noises.hiss, steady_noises.room_tone):
        assert crest_db(make) < 16, make


def test_babble_is_made_of_the_given_voices_and_needs_one() -> None:
    time_s = np.arange(3 * RATE_HZ) / RATE_HZ
    speakers = [np.sin(2 * np.pi * hz * time_s).astype(np.float32) for hz in (200.0, 300.0, 450.0)]
    sound = babble(speakers, np.random.default_rng(3), 5.0, RATE_HZ, voices=20)
    assert len(sound) == 5 * RATE_HZ
    assert all(share(sound, hz - 15, hz + 15) > 0.02 for hz in (200, 300, 450))
    assert sum(share(sound, hz - 15, hz + 15) for hz in (200, 300, 450)) > 0.95
    with pytest.raises(ValueError, match="at least one"):
        babble([np.zeros(0, np.float32)], np.random.default_rng(3), 1.0, RATE_HZ)


def test_the_entry_draws_many_kinds() -> None:
    sounds = [noise(np.random.default_rng(seed), 1.0, RATE_HZ) for seed in range(40)]
    assert all(len(sound) == RATE_HZ and 1e-4 < np.abs(sound).max() < 0.9 for sound in sounds)
    assert len({round(share(sound, 0, 500), 2) for sound in sounds}) > 15
    np.testing.assert_array_equal(sounds[3], noise(np.random.default_rng(3), 1.0, RATE_HZ))
