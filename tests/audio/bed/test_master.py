import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import signal

from saycut.audio.bed.master import Compressor, Filter, ceiled, equaliser
from saycut.audio.bed.moods import moods
from saycut.pcm import RATE_HZ


@pytest.mark.parametrize("mood", list(moods()))
def test_the_equaliser_makes_room_for_a_voice_and_stops_rumble(mood: str) -> None:
    frequency = [5, 100, 1000, 2000, 4000, 14_000]
    _, response = signal.sosfreqz(equaliser(moods()[mood]), frequency, fs=RATE_HZ)
    rumble, low, one, middle, four, top = 20 * np.log10(np.abs(response))
    assert rumble < -25
    assert abs(low) < 1.0
    assert middle < -3.0
    assert max(one, four) < -1.5
    assert top == pytest.approx(moods()[mood].brightness_db, abs=1.2)


def test_filters_do_not_notice_blocks() -> None:
    rng = np.random.Generator(np.random.PCG64(1))
    sound = rng.standard_normal((2, 4800), dtype=np.float32)
    sections = equaliser(moods()["calm"])
    whole = Filter(sections).process(sound)
    streamed = Filter(sections)
    parts = [streamed.process(sound[:, :1000]), streamed.process(sound[:, 1000:])]
    assert np.allclose(np.concatenate(parts, axis=1), whole, atol=1e-6)


def test_the_compressor_eases_what_is_loud_and_leaves_what_is_soft() -> None:
    tone = np.sin(2 * np.pi * 220 * np.arange(96_000) / RATE_HZ).astype(np.float32)
    for level, least, most in ((0.9, 0.4, 0.6), (0.05, 0.999, 1.001)):
        out = Compressor(2.0).process(np.stack([tone, tone]) * np.float32(level))
        assert least < float(np.abs(out[:, -4800:]).max()) / level < most


def test_the_compressor_does_not_notice_blocks() -> None:
    rng = np.random.Generator(np.random.PCG64(2))
    sound = rng.standard_normal((2, 9600), dtype=np.float32)
    whole = Compressor(1.0).process(sound)
    streamed = Compressor(1.0)
    parts = [streamed.process(sound[:, :2400]), streamed.process(sound[:, 2400:])]
    assert np.allclose(np.concatenate(parts, axis=1), whole, atol=1e-6)


@given(st.floats(-20, 20, width=32))
def test_nothing_passes_the_ceiling_and_quiet_passes_untouched(value: float) -> None:
    out = float(ceiled(np.array([[value]], np.float32))[0, 0])
    assert abs(out) <= 0.8401
    assert out * value >= 0
    if abs(value) <= 0.5:
        assert out == pytest.approx(value, abs=1e-6)
