import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saycut.audio.ducking import bed_gain_db, duck
from saycut.pcm import Pcm
from tests.audio.signals import in_blocks, joined

RATE = 1_000  # samples a second: enough for an envelope


def gain_db(regions: list[tuple[float, float]], seconds: float = 10.0, block: int = 700, **how: float) -> Pcm:
    bed = np.ones((round(seconds * RATE), 2), np.float32)
    ducked = joined(duck(in_blocks(bed, block), regions, RATE, **how))
    assert ducked.shape == bed.shape
    assert np.array_equal(ducked[:, 0], ducked[:, 1])
    return 20 * np.log10(ducked[:, 0])


def test_the_bed_is_down_before_the_first_word_and_back_after_the_last() -> None:
    gain = gain_db([(4.0, 6.0)], depth_db=12.0, attack_s=0.3, release_s=0.6)
    assert (gain[:3_700] == 0.0).all()
    assert gain[4_000:6_000] == pytest.approx(-12.0, abs=1e-3)
    assert (gain[6_601:] == 0.0).all()
    assert (np.diff(gain[3_701:4_000]) < 0).all()
    assert (np.diff(gain[6_001:6_600]) > 0).all()
    assert gain[3_850] == pytest.approx(-6.0, abs=0.1)


def test_the_gain_has_no_edges() -> None:
    gain = gain_db([(4.0, 6.0)], depth_db=12.0, attack_s=0.3, release_s=0.6)
    assert np.abs(np.diff(gain)).max() < 12.0 / 300 * np.pi / 2 + 1e-3
    assert np.abs(np.diff(gain, 2)).max() < 0.001


def test_short_pauses_stay_down_and_long_ones_come_back() -> None:
    gain = gain_db([(1.0, 2.0), (2.8, 4.0), (6.0, 7.0)], depth_db=9.0, hold_s=1.0)
    assert gain[1_000:4_000] == pytest.approx(-9.0, abs=1e-3)
    assert gain[5_000] == 0.0


def test_a_pause_too_short_for_both_ramps_stays_down() -> None:
    gain = gain_db([(1.0, 2.0), (3.0, 4.0)], attack_s=0.6, release_s=0.6, hold_s=0.0)
    assert gain[1_000:4_000] == pytest.approx(-12.0, abs=1e-3)


def test_a_voice_at_the_very_start_and_end_is_met_ducked() -> None:
    gain = gain_db([(0.0, 1.0), (9.0, 10.0)])
    assert gain[0] == pytest.approx(-12.0, abs=1e-3)
    assert gain[-1] == pytest.approx(-12.0, abs=1e-3)


def test_without_a_voice_the_bed_is_untouched() -> None:
    assert (gain_db([]) == 0.0).all()


@settings(max_examples=60, deadline=None)
@given(
    bounds=st.lists(st.floats(0.0, 10.0), min_size=2, max_size=10),
    attack_s=st.floats(0.0, 1.0),
    release_s=st.floats(0.0, 1.0),
    block=st.integers(1, 4_000),
)
def test_the_voice_always_has_its_room(
    bounds: list[float], attack_s: float, release_s: float, block: int
) -> None:
    ordered = sorted(bounds)[: len(bounds) // 2 * 2]
    regions = list(zip(ordered[::2], ordered[1::2], strict=True))
    gain = gain_db(regions, block=block, attack_s=attack_s, release_s=release_s)
    for start, end in regions:
        inside = gain[int(np.ceil(start * RATE)) : int(end * RATE)]
        assert inside == pytest.approx(-12.0, abs=1e-3)
    assert (gain <= 0.0).all()
    assert (gain >= -12.001).all()
    assert np.allclose(
        gain, gain_db(regions, block=10_000, attack_s=attack_s, release_s=release_s), atol=1e-4
    )


def test_the_bed_lies_below_the_voice() -> None:
    assert bed_gain_db(-16.0, -9.0) == pytest.approx(-25.0)
    assert bed_gain_db(-16.0, -40.0, under_lu=20.0) == pytest.approx(4.0)
