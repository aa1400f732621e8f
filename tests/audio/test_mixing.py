import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saycut.audio.mixing import amplify, fade, mix
from saycut.errors import Internal
from saycut.pcm import Pcm
from tests.audio.signals import in_blocks, joined

RATE = 48_000


def noise(samples: int, seed: int = 0) -> Pcm:
    return np.random.default_rng(seed).uniform(-1, 1, (samples, 2)).astype(np.float32)


@settings(max_examples=50, deadline=None)
@given(samples=st.integers(1, 3_000), sizes=st.lists(st.integers(1, 1_000), min_size=1, max_size=4))
def test_layers_are_added_sample_by_sample_whatever_their_blocks(samples: int, sizes: list[int]) -> None:
    layers = [noise(samples, seed) for seed in range(len(sizes))]
    mixed = joined(mix([in_blocks(layer, size) for layer, size in zip(layers, sizes, strict=True)]))
    assert np.allclose(mixed, np.sum(layers, axis=0), atol=1e-6)


def test_one_layer_is_itself_and_none_is_nothing() -> None:
    sound = noise(100)
    assert np.array_equal(joined(mix([in_blocks(sound, 7)])), sound)
    assert list(mix([])) == []


@pytest.mark.parametrize("samples", [99, 101])
def test_layers_of_other_lengths_are_refused(samples: int) -> None:
    with pytest.raises(Internal):
        joined(mix([in_blocks(noise(100), 30), in_blocks(noise(samples), 20)]))


def test_gain_in_decibels() -> None:
    sound = noise(100)
    assert np.allclose(joined(amplify(in_blocks(sound), 6.0)), sound * 1.9953, rtol=1e-4)
    assert np.array_equal(joined(amplify(in_blocks(sound), 0.0)), sound)


@settings(max_examples=30, deadline=None)
@given(block=st.integers(1, 5_000))
def test_fades_begin_and_end_at_nothing_and_leave_the_middle(block: int) -> None:
    sound = np.ones((4_000, 2), np.float32)
    faded = joined(fade(in_blocks(sound, block), 4_000, 0.02, 0.01))
    assert faded[0, 0] < 1e-3 and faded[-1, 0] < 1e-3
    assert (np.diff(faded[:960, 0]) > 0).all() and (np.diff(faded[-480:, 0]) < 0).all()
    assert (faded[960:-480] == 1.0).all()
    assert faded[480, 0] == pytest.approx(0.5, abs=0.01)


def test_no_fade_is_no_change() -> None:
    sound = noise(100)
    assert np.array_equal(joined(fade(in_blocks(sound), 100, 0.0, 0.0, RATE)), sound)


def test_fades_longer_than_the_sound_overlap() -> None:
    faded = joined(fade(in_blocks(np.ones((100, 2), np.float32)), 100, 1.0, 1.0))
    assert faded.max() < 1e-4
