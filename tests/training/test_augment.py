"""What is done to recordings does what its name says, and keeps time."""

import numpy as np
import pytest
from training.augment import coded, coloured, in_room, narrowed, overdriven, speed
from training.material import RATE_HZ, Pcm


def hiss(seconds: float = 2.0, channels: int = 1) -> Pcm:
    return np.random.default_rng(3).normal(0, 0.05, (channels, round(seconds * RATE_HZ))).astype(np.float32)


def lag(first: Pcm, second: Pcm) -> int:
    size = 2 * first.shape[1]
    together = np.fft.irfft(np.fft.rfft(second[0], size) * np.conj(np.fft.rfft(first[0], size)), size)
    at = int(np.abs(together).argmax())
    return at if at < size // 2 else at - size


def test_speed_is_within_eleven_percent() -> None:
    lengths = {speed(hiss(), np.random.default_rng(seed)).shape[1] / (2 * RATE_HZ) for seed in range(40)}
    assert len(lengths) == 6
    assert 0.89 < min(lengths) < max(lengths) < 1.12


def test_an_equaliser_colours_and_keeps_time() -> None:
    sound = hiss()
    out = coloured(sound, np.random.default_rng(1))
    assert out.shape == sound.shape
    assert lag(sound, out) == 0
    assert np.std(out - sound) > 0.1 * np.std(sound)


def test_narrowed_has_nothing_above_and_below() -> None:
    spectrum = np.abs(np.fft.rfft(narrowed(hiss(), 4000, 250)[0])) ** 2
    hz = np.fft.rfftfreq(2 * RATE_HZ, 1 / RATE_HZ)
    inside = spectrum[(hz > 400) & (hz < 3000)].mean()
    assert spectrum[hz > 5000].mean() < 1e-3 * inside
    assert spectrum[hz < 100].mean() < 1e-3 * inside


def test_a_room_adds_a_tail_and_no_delay() -> None:
    response = np.zeros((1, 4000), np.float32)
    response[0, 30] = 1.0
    response[0, 900:] = 0.05 * np.random.default_rng(2).normal(0, 1, 3100)
    click = np.zeros((1, RATE_HZ), np.float32)
    click[0, 1000] = 1.0
    out = in_room(click, response, np.random.default_rng(4))
    assert int(np.abs(out[0]).argmax()) == 1000
    assert not out[0, :1000].any() or np.abs(out[0, :1000]).max() < 1e-6
    assert np.std(out[0, 1900:4500]) > 0


def test_overdriven_loses_its_peaks() -> None:
    sound = hiss()
    out = overdriven(sound, np.random.default_rng(5))
    crest = [np.abs(s).max() / np.std(s) for s in (sound, out)]
    assert crest[1] < 0.8 * crest[0]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("channels", [1, 2])
def test_codecs_come_back_in_time(seed: int, channels: int) -> None:
    at_s = np.arange(2 * RATE_HZ) / RATE_HZ
    glide = 0.2 * np.sin(2 * np.pi * (200 * at_s + 300 * at_s**2)).astype(np.float32)
    sound = np.repeat(glide[None], channels, axis=0)
    out = coded(sound, np.random.default_rng(seed))
    assert out.shape == sound.shape
    assert lag(sound, out) == 0
    middle = slice(RATE_HZ // 2, 3 * RATE_HZ // 2)
    assert np.std(out[:, middle] - sound[:, middle]) < 0.3 * np.std(sound)
