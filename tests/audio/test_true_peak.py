import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saycut.audio.true_peak import PeakEnvelope, TruePeakMeter, true_peak_dbtp
from tests.audio.signals import in_blocks, tone

RATE = 48_000


@pytest.mark.parametrize(
    ("divisor", "phase_deg", "amplitude", "expected_dbtp"),
    [
        (4, 0.0, 0.5, -6.0),
        (4, 45.0, 0.5, -6.0),
        (6, 60.0, 0.5, -6.0),
        (8, 67.5, 0.5, -6.0),
        (4, 45.0, 1.41, 3.0),
    ],
)
def test_ebu_tech_3341_cases_15_to_19(
    divisor: int, phase_deg: float, amplitude: float, expected_dbtp: float
) -> None:
    sound = tone(RATE / divisor, 20 * math.log10(amplitude), 1.0, phase_deg=phase_deg)
    ramp = np.minimum(np.arange(len(sound)) / 2400, 1.0)
    faded = (sound * (ramp * ramp[::-1])[:, None]).astype(np.float32)
    measured = true_peak_dbtp(in_blocks(faded), RATE, 2)
    assert expected_dbtp - 0.4 <= measured <= expected_dbtp + 0.2


@settings(max_examples=40, deadline=None)
@given(hz=st.floats(20.0, 20_000.0), phase_deg=st.floats(0.0, 360.0), dbfs=st.floats(-60.0, 6.0))
def test_a_tone_reads_its_amplitude_within_what_four_points_a_sample_can_miss(
    hz: float, phase_deg: float, dbfs: float
) -> None:
    sound = tone(hz, dbfs, 0.2, channels=1, phase_deg=phase_deg)
    ramp = np.minimum(np.arange(len(sound)) / 2400, 1.0)
    faded = (sound * (ramp * ramp[::-1])[:, None]).astype(np.float32)
    measured = true_peak_dbtp(in_blocks(faded), RATE, 1)
    missed_db = -20 * math.log10(math.cos(math.pi * hz / (4 * RATE)))
    assert dbfs - missed_db - 0.03 <= measured <= dbfs + 0.03


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    samples=st.integers(1, 4000),
    cuts=st.lists(st.integers(0, 4000), max_size=6),
    spread=st.floats(0.0, 3.0),
)
def test_what_is_skipped_and_how_it_is_cut_into_blocks_changes_nothing(
    seed: int, samples: int, cuts: list[int], spread: float
) -> None:
    rng = np.random.default_rng(seed)
    loudness = 10 ** (spread * rng.standard_normal(samples // 100 + 1)).repeat(100)[:samples]
    sound = (rng.standard_normal((samples, 2)) * loudness[:, None]).astype(np.float32)
    everything = PeakEnvelope(RATE, 2, floor=0.0)
    around = np.concatenate((everything.push(sound), everything.push(np.zeros((40, 2), np.float32))))
    meter = TruePeakMeter(RATE, 2)
    for block in np.split(sound, sorted(min(cut, samples) for cut in cuts)):
        meter.push(block)
    assert meter.dbtp() == pytest.approx(max(20 * math.log10(around.max()), -120.0), abs=1e-3)
    assert meter.sample_peak_dbfs() <= meter.dbtp()


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), floor=st.floats(0.1, 4.0), block=st.integers(1, 700))
def test_an_envelope_is_exact_wherever_it_exceeds_its_floor(seed: int, floor: float, block: int) -> None:
    sound = np.random.default_rng(seed).standard_normal((2000, 2)).astype(np.float32)
    exact = PeakEnvelope(RATE, 2, floor=0.0).push(sound)
    lazy = PeakEnvelope(RATE, 2, floor=floor)
    streamed = np.concatenate([lazy.push(part) for part in in_blocks(sound, block)])
    assert np.allclose(np.maximum(streamed, floor), np.maximum(exact, floor), atol=1e-5)


def test_an_envelope_stands_around_the_samples_that_make_the_peak() -> None:
    sound = np.zeros((200, 1), np.float32)
    sound[100:102] = 1.0  # the wave between two equal samples rises to about 4 / pi
    envelope = PeakEnvelope(RATE, 1, floor=0.1).push(sound)
    late = PeakEnvelope.DELAY
    assert envelope.argmax() - late in (100, 101)
    assert envelope[100 + late] == envelope[101 + late] == pytest.approx(4 / math.pi, rel=0.03)


def test_high_rates_are_oversampled_less() -> None:
    between = tone(24_000, 0.0, 0.1, rate_hz=96_000, phase_deg=45.0)
    assert true_peak_dbtp(in_blocks(between), 96_000, 2) == pytest.approx(0.0, abs=0.5)
    at_192 = tone(48_000, 0.0, 0.1, rate_hz=192_000, phase_deg=45.0)
    assert true_peak_dbtp(in_blocks(at_192), 192_000, 2) == pytest.approx(-3.01, abs=0.01)


def test_silence_is_minus_120() -> None:
    assert true_peak_dbtp(in_blocks(np.zeros((1000, 2), np.float32)), RATE, 2) == -120.0
    assert true_peak_dbtp(iter(()), RATE, 2) == -120.0
