import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saycut.audio.noise_floor import NoiseFloorMeter
from saycut.pcm import Pcm
from tests.audio.signals import decoded, in_blocks, tone
from tests.shared import shared_data

RATE = 48_000


def noise(dbfs: float, seconds: float, seed: int = 0, channels: int = 2) -> Pcm:
    """White noise of an RMS level, independent on its channels."""
    rng = np.random.default_rng(seed)
    return (10 ** (dbfs / 20) * rng.standard_normal((round(seconds * RATE), channels))).astype(np.float32)


def floor_of(sound: Pcm, regions: list[tuple[float, float]] | None = None, block: int = RATE) -> float | None:
    meter = NoiseFloorMeter(RATE, regions)
    for part in in_blocks(sound, block):
        meter.push(part)
    return meter.dbfs()


@pytest.mark.parametrize("dbfs", [-20.0, -50.0, -90.0])
def test_steady_noise_reads_its_level(dbfs: float) -> None:
    assert floor_of(noise(dbfs, 10.0)) == pytest.approx(dbfs, abs=0.2)
    assert floor_of(noise(dbfs, 10.0, channels=1)) == pytest.approx(dbfs, abs=0.3)


def test_speech_over_noise_reads_the_noise() -> None:
    sound = noise(-55.0, 20.0)
    speech = tone(220.0, -15.0, 20.0)
    speech[(np.arange(len(speech)) % (2 * RATE)) > 1.6 * RATE] = 0.0  # pauses of 0.4 s
    assert floor_of(sound + speech) == pytest.approx(-55.0, abs=0.3)


def test_a_short_dip_is_no_floor() -> None:
    sound = noise(-30.0, 10.0)
    dips = (np.arange(len(sound)) % (RATE // 2)) < 0.08 * RATE
    sound[dips] *= 0.001
    assert floor_of(sound) == pytest.approx(-30.0, abs=2.5)  # the dips themselves lie at -90


def test_digital_silence_counts_only_when_there_is_nothing_else() -> None:
    padded = np.concatenate((np.zeros((30 * RATE, 2), np.float32), noise(-60.0, 5.0)))
    assert floor_of(padded) == pytest.approx(-60.0, abs=0.3)
    assert floor_of(np.zeros((RATE, 2), np.float32)) == -120.0
    assert floor_of(noise(-150.0, 1.0)) == -120.0


def test_regions_compare_the_same_places() -> None:
    sound = noise(-20.0, 10.0)
    pauses = [(2.0, 3.0), (6.1, 6.9)]
    for start, end in pauses:
        sound[round(start * RATE) : round(end * RATE)] *= 0.01
    sound[round(2.5 * RATE)] = 1.0  # a click
    assert floor_of(sound, pauses) == pytest.approx(-60.0, abs=0.3)
    gated = sound.copy()
    gated[2 * RATE : 3 * RATE] = 0.0
    assert floor_of(gated, [(2.0, 3.0)]) == -120.0
    assert floor_of(sound, [(2.01, 2.04)]) is None  # no whole frame
    assert floor_of(sound, []) is None


@settings(max_examples=25, deadline=None)
@given(block=st.integers(1, 3 * RATE), with_regions=st.booleans())
def test_the_size_of_blocks_changes_nothing(block: int, with_regions: bool) -> None:
    block = max(block, 200)
    sound = noise(-40.0, 2.0) * np.linspace(0.1, 1.0, 2 * RATE, dtype=np.float32)[:, None]
    regions = [(0.15, 0.4), (1.0, 1.5)] if with_regions else None
    assert floor_of(sound, regions, block) == floor_of(sound, regions)


def test_nothing_heard_has_no_floor() -> None:
    assert NoiseFloorMeter(RATE).dbfs() is None
    assert floor_of(noise(-30.0, 0.1)) is None


def test_cleaner_real_speech_has_a_lower_floor() -> None:
    clean = decoded(shared_data("media/speech_60s.wav"))
    quiet = floor_of(clean)
    assert quiet is not None
    noisy = floor_of(clean + noise(quiet + 20.0, 60.0)[: len(clean)])
    assert noisy == pytest.approx(quiet + 20.0 + 10 * math.log10(1.01), abs=0.7)
