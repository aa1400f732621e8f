"""Sample-rate conversion: exact lengths, no shift in time, no dependence on how the stream is cut."""

import numpy as np
import pytest
import soxr
from hypothesis import given, settings
from hypothesis import strategies as st

from saycut.audio.resampling import resample
from saycut.pcm import Pcm, PcmArray, blocks_of

RATES_HZ = st.sampled_from([8_000, 16_000, 22_050, 44_100, 48_000, 96_000])


def resampled(sound: Pcm, from_hz: int, to_hz: int, block_samples: int = 4_800) -> Pcm:
    blocks = blocks_of(PcmArray(sound, from_hz), block_samples)
    parts = list(resample(blocks, from_hz, to_hz, sound.shape[1]))
    return np.concatenate([np.zeros((0, sound.shape[1]), np.float32), *parts])


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 3_000), RATES_HZ, RATES_HZ, st.integers(1, 1_500), st.integers(1, 3))
def test_length_is_the_rounded_ratio_however_the_stream_is_cut(
    samples: int, from_hz: int, to_hz: int, block_samples: int, channels: int
) -> None:
    sound = np.random.default_rng(samples).standard_normal((samples, channels)).astype(np.float32)
    out = resampled(sound, from_hz, to_hz, block_samples)
    assert out.shape == ((2 * samples * to_hz + from_hz) // (2 * from_hz), channels)
    assert out.dtype == np.float32


@pytest.mark.parametrize(("from_hz", "to_hz"), [(48_000, 16_000), (44_100, 48_000), (16_000, 48_000)])
def test_equals_the_conversion_of_the_whole(from_hz: int, to_hz: int) -> None:
    sound = np.random.default_rng(1).standard_normal((20_011, 2)).astype(np.float32)
    whole = soxr.resample(sound, from_hz, to_hz, "HQ")
    out = resampled(sound, from_hz, to_hz, 777)
    np.testing.assert_allclose(out[: len(whole)], whole[: len(out)], atol=1e-6)


def test_a_tone_keeps_its_place_in_time() -> None:
    at_s = np.arange(44_100) / 44_100
    tone = np.sin(2 * np.pi * 440 * at_s).astype(np.float32)[:, None]
    out = resampled(tone, 44_100, 48_000)
    expected = np.sin(2 * np.pi * 440 * np.arange(48_000) / 48_000)
    np.testing.assert_allclose(out[2_000:-2_000, 0], expected[2_000:-2_000], atol=1e-3)


def test_equal_rates_pass_the_very_blocks_through() -> None:
    blocks = [np.ones((3, 1), np.float32), np.zeros((5, 1), np.float32)]
    for out, block in zip(resample(iter(blocks), 48_000, 48_000, 1), blocks, strict=True):
        assert out is block
