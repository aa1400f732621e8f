"""Mains hum: found only where it is, notched narrowly, every harmonic of it."""

import numpy as np
import pytest
from numpy.typing import NDArray

from saycut.audio.hum import Hum, dehummed, find_hum
from saycut.pcm import RATE_HZ, Pcm, PcmArray
from tests.audio.signals import in_blocks, joined, tone
from tests.audio.takes import decoded
from tests.audio.voices import voice
from tests.shared import shared_data

SECONDS = 8.0
HARMONICS = (1, 2, 3, 4, 5, 7)


def hum_at(mains_hz: float, dbfs: float = -40.0, seconds: float = SECONDS) -> Pcm:
    tones = [tone(mains_hz * order, dbfs, seconds, phase_deg=70.0 * order) for order in HARMONICS]
    return np.asarray(np.sum(tones, axis=0), np.float32)


def background(seconds: float = SECONDS) -> Pcm:
    """A voice and hiss, in stereo."""
    hiss = np.random.default_rng(3).normal(0, 1e-3, (round(seconds * RATE_HZ), 2))
    return np.asarray(voice(seconds) + hiss, np.float32)


def amplitude_db(sound: Pcm, hz: float, from_s: float = 2.0) -> float:
    """The level of one tone in the first channel, dBFS peak."""
    late: NDArray[np.float64] = sound[round(from_s * RATE_HZ) :, 0].astype(np.float64)
    taper = np.hanning(len(late))
    wave = np.exp(-2j * np.pi * hz * np.arange(len(late)) / RATE_HZ) * taper
    return float(20 * np.log10(2 * abs(wave @ late) / taper.sum() + 1e-12))


@pytest.mark.parametrize("mains_hz", [50.0, 49.88, 60.0, 60.1])
def test_the_mains_frequency_is_found_under_a_voice(mains_hz: float) -> None:
    hum = find_hum(PcmArray(background() + hum_at(mains_hz)))
    assert hum is not None
    assert hum.mains_hz == pytest.approx(mains_hz, abs=0.06)
    assert set(HARMONICS) <= set(hum.harmonics)


def test_nothing_is_found_where_nothing_hums() -> None:
    assert find_hum(PcmArray(background())) is None
    assert find_hum(PcmArray(np.zeros((4 * RATE_HZ, 2), np.float32))) is None
    assert find_hum(PcmArray(hum_at(50.0, seconds=1.9))) is None  # too short to tell
    assert find_hum(PcmArray(background() + tone(50.0, -30.0, SECONDS))) is None  # a bass note is no comb
    assert find_hum(PcmArray(background() + hum_at(55.0))) is None  # nor is a scale on A


def test_real_speech_and_music_do_not_hum_and_an_old_tape_does() -> None:
    for name in ("media/talk_143s.mp3", "media/speech_60s.wav", "separation_eval/00_music.flac"):
        assert find_hum(PcmArray(decoded(shared_data(name))[: 12 * RATE_HZ])) is None, name
    tape = find_hum(PcmArray(decoded(shared_data("media/jfk.wav"))))  # Washington, 1961
    assert tape is not None and tape.mains_hz == pytest.approx(60.0, abs=0.15)


@pytest.mark.parametrize("mains_hz", [50.0, 60.0])
def test_every_harmonic_goes_and_a_tone_beside_it_stays(mains_hz: float) -> None:
    sound = hum_at(mains_hz)
    hum = Hum(mains_hz=mains_hz, harmonics=HARMONICS)
    out = joined(dehummed(in_blocks(sound), hum, RATE_HZ))
    for order in HARMONICS:
        fall_db = amplitude_db(sound, order * mains_hz) - amplitude_db(out, order * mains_hz)
        assert fall_db > 30, order
    for hz in (mains_hz - 8, mains_hz + 8, 2.5 * mains_hz, 440.0, 3_000.0):
        beside = tone(hz, -20.0, SECONDS)
        kept = joined(dehummed(in_blocks(beside), hum, RATE_HZ))
        assert amplitude_db(kept, hz) == pytest.approx(amplitude_db(beside, hz), abs=0.5), hz


def test_found_and_notched_together_leave_the_voice() -> None:
    sound = background()
    mixed = sound + hum_at(49.93)
    hum = find_hum(PcmArray(mixed))
    assert hum is not None
    out = joined(dehummed(in_blocks(mixed), hum, RATE_HZ))
    # the voice itself lies on the higher ones
    assert amplitude_db(mixed, 49.93) - amplitude_db(out, 49.93) > 20
    late = slice(2 * RATE_HZ, None)
    lost_db = 20 * np.log10(np.std((out - sound)[late]) / np.std(sound[late]))
    assert lost_db < -10


@pytest.mark.parametrize("block", [1, 333, 50_000])
def test_blocks_of_any_size_give_the_same(block: int) -> None:
    sound = hum_at(50.0, seconds=0.2 if block == 1 else 3.0)
    hum = Hum(mains_hz=50.0, harmonics=HARMONICS)
    out = joined(dehummed(in_blocks(sound, block), hum, RATE_HZ))
    assert out.shape == sound.shape and out.dtype == np.float32
    np.testing.assert_allclose(out, joined(dehummed(in_blocks(sound), hum, RATE_HZ)), atol=1e-7)


def test_silence_stays_silence_and_sides_stay_apart() -> None:
    sound = tone(440.0, -20.0, 1.0)
    sound[:, 1] = 0.0
    out = joined(dehummed(in_blocks(sound), Hum(mains_hz=50.0, harmonics=(1, 2, 3)), RATE_HZ))
    assert not out[:, 1].any() and out[:, 0].any()
