"""Gains in time and frequency: aligned, as long as the sound, the same for every channel; and pauses."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import minimum_filter1d

from saycut.audio.pause_frames import pause_share
from saycut.audio.suppression import (
    BINS_HZ,
    FRAME_S,
    HOP,
    WINDOW,
    Engine,
    Frames,
    analysed,
    mean_square,
    synthesised,
)
from saycut.pcm import RATE_HZ, Blocks, Pcm
from tests.audio.signals import in_blocks, tone


def noise(samples: int, channels: int = 1, seed: int = 0) -> Pcm:
    return np.random.default_rng(seed).normal(0, 0.1, (samples, channels)).astype(np.float32)


def as_it_is(blocks: Blocks) -> Blocks:
    """An engine that hears nothing but speech."""
    return blocks


def quieter(gain: float) -> Engine:
    def engine(blocks: Blocks) -> Blocks:
        return (block * np.float32(gain) for block in blocks)

    return engine


def through(sound: Pcm, engine: Engine, gain: float | None = None, block_samples: int = RATE_HZ) -> Pcm:
    """Analysed and put together again, with every gain replaced by `gain` when it is given."""

    def frames() -> list[Frames]:
        found = list(analysed(in_blocks(sound, block_samples), engine))
        for batch in found:
            batch.gain = batch.gain if gain is None else np.full_like(batch.gain, gain)
        return found

    parts = list(synthesised(iter(frames()), sound.shape[1], len(sound)))
    return np.concatenate([np.zeros((0, sound.shape[1]), np.float32), *parts])


@settings(max_examples=25, deadline=None)
@given(samples=st.integers(0, 3 * RATE_HZ), block=st.integers(500, 2 * RATE_HZ), channels=st.integers(1, 3))
def test_a_gain_of_one_gives_every_sample_back(samples: int, block: int, channels: int) -> None:
    sound = noise(samples, channels)
    np.testing.assert_allclose(through(sound, as_it_is, 1.0, block), sound, atol=1e-6)


@pytest.mark.parametrize("samples", [1, HOP - 1, HOP, HOP + 1, WINDOW, RATE_HZ - 1, RATE_HZ, 2 * RATE_HZ + 7])
def test_edges_are_as_loud_as_the_middle(samples: int) -> None:
    sound = np.full((samples, 1), 0.5, np.float32)
    np.testing.assert_allclose(through(sound, as_it_is, 0.5), sound / 2, atol=1e-6)


def test_an_engine_that_keeps_everything_is_heard_as_such() -> None:
    sound = noise(2 * RATE_HZ)
    batches = list(analysed(in_blocks(sound), as_it_is))
    assert min(float(batch.engine_gain.min()) for batch in batches) > 0.999
    difference_db = 20 * np.log10(np.std(through(sound, as_it_is) - sound) / np.std(sound))
    assert difference_db < -10  # white noise through and through: the noise spectrum doubts half of it


def test_an_engine_that_keeps_nothing_leaves_next_to_nothing() -> None:
    sound = noise(2 * RATE_HZ)
    out = through(sound, quieter(0.001))
    assert 20 * np.log10(np.std(out) / np.std(sound)) < -30


def test_speech_stands_and_noise_beside_it_falls() -> None:
    """The engine keeps the first half of each second, and a third of the noise in it."""
    sound = noise(4 * RATE_HZ) * np.float32(0.1)
    speaks = (np.arange(len(sound)) // (RATE_HZ // 2)) % 2 == 0
    speech = tone(1_000.0, -12.0, 4.0, channels=1) * speaks[:, None]

    wet = speech + np.float32(0.3) * sound * speaks[:, None]

    def engine(blocks: Blocks) -> Blocks:
        at = 0
        for block in blocks:
            yield wet[at : at + len(block)]
            at += len(block)

    out = through(sound + speech, engine)
    inner = minimum_filter1d(speaks, 2 * WINDOW)
    outer = minimum_filter1d(~speaks, 2 * WINDOW)
    kept = float(out[inner, 0] @ speech[inner, 0]) / float(speech[inner, 0] @ speech[inner, 0])
    assert kept == pytest.approx(1.0, abs=0.02)
    before, after = (float(np.std((track - speech)[inner])) for track in (sound + speech, out))
    assert 20 * np.log10(after / before) < -6
    assert np.std(out[outer]) < 0.05 * np.std(sound[outer])


@pytest.mark.parametrize("block", [480, 777, 10_000, 100_000])
def test_blocks_of_any_size_give_the_same(block: int) -> None:
    sound = noise(3 * RATE_HZ, 2)
    np.testing.assert_array_equal(through(sound, quieter(0.3), None, block), through(sound, quieter(0.3)))


def test_every_channel_gets_the_same_gain() -> None:
    left = noise(2 * RATE_HZ)
    sound = np.concatenate((left, np.float32(-0.25) * left, 0 * left), axis=1)
    out = through(sound, quieter(0.4))
    assert np.std(out[:, 0]) > 0.001
    np.testing.assert_allclose(out[:, 1], -0.25 * out[:, 0], atol=1e-6)
    assert not out[:, 2].any()


@pytest.mark.parametrize("sides", [(1.0, 1.0), (1.0, -1.0), (1.0, 0.0), (0.0, 1.0)])
def test_the_engine_hears_something_of_any_stereo(sides: tuple[float, float]) -> None:
    """Opposite sides cancel in the middle signal: then the engine hears their difference."""
    heard: list[Pcm] = []

    def listening(blocks: Blocks) -> Blocks:
        for block in blocks:
            heard.append(block)
            yield block

    sound = noise(RATE_HZ) * np.array(sides, np.float32)
    through(np.concatenate((np.zeros((RATE_HZ, 2), np.float32), sound)), listening)
    assert np.std(np.concatenate(heard)[RATE_HZ:]) >= 0.49 * np.std(noise(RATE_HZ))


def test_mean_square_is_that_of_the_sound() -> None:
    batches = list(analysed(in_blocks(tone(1_000.0, -20.0, 2.0, channels=1)), as_it_is))
    levels = 10 * np.log10(mean_square(batches[1].power))
    assert levels == pytest.approx(np.full(len(levels), -23.01), abs=0.05)


# ---- pauses ----

NOISE = 1e-5


def drawn(text: str, first: int = 0) -> Frames:
    """A batch, ten frames a character: # speech, . noise, ! loud sound that the engine takes for noise."""
    marks = np.repeat(list(text), 10)
    level = {"#": 1e-2, ".": NOISE, "!": 1e-3}
    kept = {"#": 1.0, ".": 0.0, "!": 0.0}
    bins = int(np.sum((BINS_HZ > 100) & (BINS_HZ < 8000)))
    unit = 1 / float(mean_square(np.ones((1, bins), np.float32))[0])
    power = np.repeat([[level[mark] * unit] for mark in marks], len(BINS_HZ), axis=1).astype(np.float32)
    gain = np.repeat([[kept[mark]] for mark in marks], len(BINS_HZ), axis=1).astype(np.float32)
    return Frames(first, np.sqrt(power)[None].astype(np.complex64), power, gain, gain.copy())


def test_a_pause_is_whole_inside_and_begins_softly() -> None:
    share = pause_share(None, drawn("####......####"), None, NOISE)
    assert not share[:40].any() and not share[100:].any()
    assert (share[62:78] == 1.0).all()
    assert (np.diff(share[40:62]) >= 0).all() and (np.diff(share[78:100]) <= 0).all()
    assert np.diff(share).max() <= 1.0 / round(0.1 / FRAME_S) + 1e-6  # a tenth of a second from none to all


def test_words_keep_a_seventh_of_a_second_on_either_side() -> None:
    share = pause_share(None, drawn("####......####"), None, NOISE)
    guard = round(0.15 / FRAME_S) - round(0.1 / FRAME_S) // 2
    assert not share[40 : 40 + guard].any() and not share[100 - guard : 100].any()


@pytest.mark.parametrize("text", ["####", "##.##", "##!!!!##", "!!!!"])
def test_speech_dips_and_loud_syllables_are_no_pause(text: str) -> None:
    assert not pause_share(None, drawn(text), None, NOISE).any()


def test_loud_is_what_stands_over_the_noise() -> None:
    loud = drawn("!!!!")
    assert (pause_share(None, loud, None, 1e-3) == 1.0).all()


@pytest.mark.parametrize("cut", [3, 4, 5, 8, 9, 10])
def test_a_pause_is_the_same_across_the_seams_of_batches(cut: int) -> None:
    text = "####......####"
    whole = pause_share(None, drawn(text), None, NOISE)
    first, second = drawn(text[:cut]), drawn(text[cut:], 10 * cut)
    apart = np.concatenate((pause_share(None, first, second, NOISE), pause_share(first, second, None, NOISE)))
    np.testing.assert_allclose(apart, whole, atol=1e-6)
