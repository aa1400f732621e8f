"""Sound at another speed: every moment where arithmetic says, its pitch kept."""

from fractions import Fraction

import numpy as np
import pytest
from numpy.typing import NDArray

from saycut.audio.tempo import stretched
from saycut.pcm import RATE_HZ, Pcm, PcmArray
from tests.factory.sound import locate_sound, time_code

TEMPI = [Fraction(2), Fraction(1, 2), Fraction(5, 4), Fraction(4, 5), Fraction(4), Fraction(1, 4)]


def played(sound: Pcm, tempo: Fraction, first: int = 0, count: int | None = None) -> Pcm:
    whole = round(len(sound) / tempo) if count is None else count
    return np.concatenate(list(stretched(PcmArray(sound), tempo, first, whole)))


def bursts(moments_s: list[float], length_s: float) -> Pcm:
    """A tone of 0.1 s (Hann) around each moment, 500 Hz and 150 Hz more for each."""
    out = np.zeros(round(length_s * RATE_HZ))
    count = round(0.1 * RATE_HZ)
    for number, moment in enumerate(moments_s):
        start = round(moment * RATE_HZ) - count // 2
        tone = np.sin(2 * np.pi * (500 + 150 * number) * np.arange(count) / RATE_HZ)
        out[start : start + count] += 0.3 * np.hanning(count) * tone
    return np.repeat(out.astype(np.float32)[:, None], 2, axis=1)


def middle_s(pcm: NDArray[np.float32], around_s: float, reach_s: float) -> float:
    """The centre of the energy of what sounds within `reach_s` of a moment."""
    first, last = round((around_s - reach_s) * RATE_HZ), round((around_s + reach_s) * RATE_HZ)
    power = np.square(pcm[first:last, 0], dtype=np.float64)
    return (first + float(np.sum(power * np.arange(len(power))) / np.sum(power))) / RATE_HZ


@pytest.mark.parametrize("tempo", TEMPI)
def test_moments_lie_where_arithmetic_says(tempo: Fraction) -> None:
    moments = [0.4 + 0.37 * n for n in range(10)]
    out = played(bursts(moments, 4.4), tempo)
    assert len(out) == round(round(4.4 * RATE_HZ) / tempo)
    for moment in moments:
        wanted = moment / float(tempo)
        assert middle_s(out, wanted, 0.17 / float(tempo)) == pytest.approx(wanted, abs=0.004)


@pytest.mark.parametrize("tempo", TEMPI)
def test_noise_is_heard_within_ten_ms_of_its_source(tempo: Fraction) -> None:
    out = played(time_code(0, 6, channels=2), tempo)
    window, misses, found_at = 1024, 0, range(4000, len(out) - 6000, 6007)
    for at in found_at:
        found, confidence = locate_sound(out, at, window, within_s=6)
        if confidence < 0.5:
            misses += 1
            continue
        middle = (found + window / 2, float((at + window / 2) * tempo))
        assert abs(middle[0] - middle[1]) < 0.01 * RATE_HZ * max(1, float(tempo) / 2)
    assert misses <= 0.1 * len(found_at)


@pytest.mark.parametrize("tempo", TEMPI)
def test_pitch_is_kept(tempo: Fraction) -> None:
    times = np.arange(2 * RATE_HZ) / RATE_HZ
    voice = sum(np.sin(2 * np.pi * 150 * k * times) / k for k in range(1, 8)) * 0.2
    out = played(np.asarray(voice, np.float32)[:, None], tempo)[2400:-2400, 0].astype(np.float64)
    power = np.abs(np.fft.rfft(out * np.hanning(len(out)))) ** 2
    hz = np.fft.rfftfreq(len(out), 1 / RATE_HZ)
    harmonic = np.any([abs(hz - 150 * k) < 20 for k in range(1, 8)], axis=0)
    assert 10 * np.log10(power[harmonic].sum() / power[~harmonic].sum()) > 15


def test_the_level_is_kept() -> None:
    code = time_code(0, 4, channels=2)
    for tempo in TEMPI:
        out = played(code, tempo)
        assert np.sqrt(np.mean(out**2) / np.mean(code**2)) == pytest.approx(1, abs=0.06)


def test_the_same_speed_is_the_same_sound() -> None:
    code = time_code(0, 2, channels=2)
    assert np.allclose(played(code, Fraction(1)), code, atol=1e-6)


def test_a_stretch_from_the_middle_and_past_the_end() -> None:
    code = time_code(0, 3, channels=2)
    out = played(code, Fraction(2), first=RATE_HZ, count=2 * RATE_HZ)
    assert out.shape == (2 * RATE_HZ, 2)
    found, _ = locate_sound(out, 4800, 1024, within_s=4)
    assert found == pytest.approx(2 * (RATE_HZ + 4800), abs=480)
    assert not out[RATE_HZ // 2 + 960 :].any()


def test_silence_stays_silent() -> None:
    assert not played(np.zeros((RATE_HZ, 2), np.float32), Fraction(3, 2)).any()


def test_channels_stay_aligned() -> None:
    mono = time_code(0, 2)
    out = played(np.concatenate([mono, -mono * 0.5], axis=1), Fraction(7, 5))
    assert np.allclose(out[:, 1], -0.5 * out[:, 0], atol=1e-6)
