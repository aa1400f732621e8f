import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saycut.audio.loudness import Intervals, KWeighting, LoudnessMeter, k_weighting, measure
from saycut.pcm import Pcm
from tests.audio.signals import decoded, ebur128, in_blocks, talk, tone
from tests.shared import shared_data

RATE = 48_000


def steps(*levels: tuple[float, float]) -> Pcm:
    """A stereo 1 kHz sine of (dBFS, seconds) after one another."""
    return np.concatenate([tone(1000.0, dbfs, seconds) for dbfs, seconds in levels])


def heard(sound: Pcm, rate_hz: int = RATE) -> LoudnessMeter:
    meter = LoudnessMeter(rate_hz, sound.shape[1])
    for block in in_blocks(sound, rate_hz):
        meter.push(block)
    return meter


@pytest.mark.parametrize(
    ("levels", "expected_lufs"),
    [
        ([(-23, 20)], -23.0),
        ([(-33, 20)], -33.0),
        ([(-36, 10), (-23, 60), (-36, 10)], -23.0),
        ([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23.0),
        ([(-26, 20), (-20, 20.1), (-26, 20)], -23.0),
    ],
)
def test_ebu_tech_3341_cases_1_to_5(levels: list[tuple[float, float]], expected_lufs: float) -> None:
    assert heard(steps(*levels)).integrated_lufs() == pytest.approx(expected_lufs, abs=0.1)


def test_ebu_tech_3341_case_6_weighs_five_channels() -> None:
    channels = [tone(1000.0, dbfs, 20.0, channels=1) for dbfs in (-28, -28, -24, -30, -30)]
    sound = np.concatenate(channels, axis=1)
    assert heard(sound).integrated_lufs() == pytest.approx(-23.0, abs=0.1)
    with_lfe = np.insert(sound, 3, tone(1000.0, 0.0, 20.0, channels=1)[:, 0], axis=1)
    assert heard(with_lfe).integrated_lufs() == pytest.approx(-23.0, abs=0.1)


@pytest.mark.parametrize(
    ("dbfs_of_20_s", "expected_lu"),
    [((-20, -30), 10.0), ((-20, -15), 5.0), ((-40, -20), 20.0), ((-50, -35, -20, -35, -50), 15.0)],
)
def test_ebu_tech_3342_cases_1_to_4(dbfs_of_20_s: tuple[float, ...], expected_lu: float) -> None:
    sound = steps(*((dbfs, 20.0) for dbfs in dbfs_of_20_s))
    assert heard(sound).loudness_range_lu() == pytest.approx(expected_lu, abs=1.0)


def test_the_filter_is_the_table_of_bs_1770_at_48_khz() -> None:
    table = [
        (1.53512485958697, -2.69169618940638, 1.19839281085285, 1.0, -1.69065929318241, 0.73248077421585),
        (1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621),
    ]
    assert k_weighting(RATE) == pytest.approx(np.array(table), abs=1e-8)


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 16_000, 22_050, 44_100, 96_000, 192_000])
def test_any_rate_reads_the_same_tone_the_same(rate_hz: int) -> None:
    sound = tone(997.0, 0.0, 3.0, rate_hz=rate_hz, channels=1)
    assert heard(sound, rate_hz).integrated_lufs() == pytest.approx(-3.01, abs=0.05)


def test_one_channel_reads_3_db_lower_than_the_same_on_two() -> None:
    one = heard(tone(440.0, -20.0, 2.0, channels=1)).integrated_lufs()
    two = heard(tone(440.0, -20.0, 2.0, channels=2)).integrated_lufs()
    assert one is not None and two is not None
    assert two - one == pytest.approx(10 * math.log10(2), abs=1e-6)


@pytest.mark.parametrize(
    "sound", [np.zeros((RATE, 2), np.float32), tone(1000, -75, 1.0), tone(1000, -10, 0.39), np.zeros((0, 2))]
)
def test_silence_and_scraps_have_no_loudness(sound: Pcm) -> None:
    level = measure(in_blocks(sound.astype(np.float32)), RATE, 2)
    assert level.integrated_lufs is None
    assert level.range_lu is None


def test_short_term_loudness_follows_the_sound() -> None:
    series = heard(steps((-30, 5), (-20, 5))).short_term_lufs()
    assert len(series) == 71  # windows of 3 s in 10 s, 100 ms apart
    assert series[0] == pytest.approx(-30.0, abs=0.1)
    assert series[-1] == pytest.approx(-20.0, abs=0.1)


@settings(max_examples=30, deadline=None)
@given(cuts=st.lists(st.integers(0, 4 * RATE), max_size=8), rate_hz=st.sampled_from([RATE, 44_100, 11_025]))
def test_how_the_sound_is_cut_into_blocks_changes_nothing(cuts: list[int], rate_hz: int) -> None:
    sound = talk(4.0)
    whole, cut = LoudnessMeter(rate_hz, 2), LoudnessMeter(rate_hz, 2)
    whole.push(sound)
    for block in np.split(sound, sorted(cuts)):
        cut.push(block)
    assert cut.integrated_lufs() == pytest.approx(whole.integrated_lufs(), abs=1e-5)
    assert np.allclose(cut.short_term_lufs(), whole.short_term_lufs(), atol=1e-4)


@settings(max_examples=60, deadline=None)
@given(
    rate_hz=st.integers(20, 3000),
    hz=st.integers(1, 20),
    samples=st.integers(0, 5000),
    cuts=st.lists(st.integers(0, 5000), max_size=6),
    reduce=st.sampled_from([np.add, np.maximum]),
)
def test_intervals_never_drift(
    rate_hz: int, hz: int, samples: int, cuts: list[int], reduce: np.ufunc
) -> None:
    values = np.random.default_rng(samples).random(samples)
    intervals = Intervals(rate_hz, hz, reduce)
    for part in np.split(values, sorted(min(cut, samples) for cut in cuts)):
        intervals.push(part)
    edges = [k * rate_hz // hz for k in range(samples * hz // rate_hz + 2)]
    expected = [reduce.reduce(values[a:b]) for a, b in itertools.pairwise(edges) if b <= samples]
    assert intervals.values() == pytest.approx(np.array(expected, np.float32), rel=1e-5)


def test_digital_silence_does_not_slow_the_filter_into_denormal_numbers() -> None:
    weighting = KWeighting(RATE, 1)
    weighting.push(tone(100.0, 0.0, 0.5, channels=1))
    for _ in range(10):
        weighting.push(np.zeros((RATE, 1), np.float32))
    assert np.abs(weighting._state).max() < 1e-15
    assert np.abs(weighting._state).min() > 1e-300


@pytest.mark.parametrize(
    ("name", "channels", "rate_hz"),
    [
        ("media/speech_60s.wav", 2, 48_000),
        ("media/rain_60s.mp3", 2, 44_100),
        ("media/guitar.mp3", 1, 48_000),
        ("media/librivox_sonnet.mp3", 1, 44_100),
        ("media/greenscreen_voice_pauses.mp4", 2, 48_000),
        ("media/jfk.wav", 1, 16_000),
    ],
)
def test_ffmpeg_agrees_on_real_sound(name: str, channels: int, rate_hz: int) -> None:
    sound = decoded(shared_data(name), channels, rate_hz)
    ours, theirs = measure(in_blocks(sound), rate_hz, channels), ebur128(sound, rate_hz)
    assert ours.integrated_lufs == pytest.approx(theirs["I"], abs=0.06)
    assert ours.true_peak_dbtp == pytest.approx(theirs["Peak"], abs=0.1)
    assert ours.range_lu == pytest.approx(theirs["LRA"], abs=1.0)
    assert ours.sample_peak_dbfs == pytest.approx(20 * math.log10(np.abs(sound).max()), abs=1e-4)
