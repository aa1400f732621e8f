import numpy as np
import pytest

from saycut.audio.bed.draw import dice
from saycut.audio.bed.synthesis.plucked import (
    FINGER_BASS,
    MUTED,
    NYLON,
    STEEL,
    UKULELE,
    PluckedString,
    plucked,
)
from saycut.audio.bed.synthesis.tone import hz
from saycut.pcm import RATE_HZ


@pytest.mark.parametrize(
    ("string", "pitch"), [(NYLON, 57), (STEEL, 45), (STEEL, 71), (UKULELE, 69), (FINGER_BASS, 33)]
)
def test_strings_are_in_tune(string: PluckedString, pitch: int) -> None:
    wave = plucked(string, pitch, 0.6, dice(1, pitch), 2 * RATE_HZ)
    part = wave[4800 : 4800 + RATE_HZ]
    spectrum = np.abs(np.fft.rfft(part * np.hanning(len(part)), 1 << 20))
    frequency = np.fft.rfftfreq(1 << 20, 1 / RATE_HZ)
    near = (frequency > 0.94 * hz(pitch)) & (frequency < 1.06 * hz(pitch))
    found = frequency[near][int(np.argmax(spectrum[near]))]
    assert abs(1200 * np.log2(found / hz(pitch))) < 2.0  # cents; the ear's limit is about five


def test_a_string_dies_in_its_time_and_highs_die_first() -> None:
    wave = plucked(NYLON, 57, 0.8, dice(1), 3 * RATE_HZ).astype(np.float64)
    early, late = wave[4800:24_000], wave[-24_000:-4800]
    assert 10 * np.log10(np.square(early).mean() / np.square(late).mean()) > 25

    def high_share(part: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]") -> float:
        power = np.abs(np.fft.rfft(part)) ** 2
        return float(power[np.fft.rfftfreq(len(part), 1 / RATE_HZ) > 1500].sum() / power.sum())

    assert high_share(late) < 0.3 * high_share(early)


def test_force_makes_it_brighter() -> None:
    def centroid(force: float) -> float:
        power = np.abs(np.fft.rfft(plucked(STEEL, 52, force, dice(1), RATE_HZ)))
        return float((power * np.arange(len(power))).sum() / power.sum())

    assert centroid(0.9) > 1.1 * centroid(0.2)


def test_a_muted_string_is_short_and_starts_and_ends_at_rest() -> None:
    wave = plucked(MUTED, 52, 0.6, dice(1), RATE_HZ)
    assert len(wave) < 0.8 * RATE_HZ
    assert abs(float(wave[0])) < 1e-6
    assert abs(float(wave[-1])) < 1e-4
