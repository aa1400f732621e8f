import numpy as np
import pytest

from saycut.audio.bed.moods import Room
from saycut.audio.bed.reverb import Reverb, impulse_response
from saycut.pcm import RATE_HZ

HALL = Room(rt60_s=2.0, predelay_ms=20, damping_hz=6000)


@pytest.mark.parametrize("rt60_s", [0.9, 2.0, 3.6])
def test_the_room_decays_as_asked(rt60_s: float) -> None:
    response = impulse_response(Room(rt60_s=rt60_s, predelay_ms=20, damping_hz=6000), 1)
    remaining = np.cumsum(np.square(response[0], dtype=np.float64)[::-1])[::-1]  # Schroeder 1965
    decay_db = 10 * np.log10(remaining / remaining[0] + 1e-12)
    from_5, from_25 = (int(np.argmax(decay_db < -db)) for db in (5, 25))
    measured_s = 3 * (from_25 - from_5) / RATE_HZ
    assert measured_s == pytest.approx(rt60_s, rel=0.2)


def test_the_room_has_unit_energy_and_waits_for_its_predelay() -> None:
    response = impulse_response(HALL, 1)
    assert float(np.square(response).sum()) == pytest.approx(2.0, rel=1e-3)
    assert not response[:, : round(0.019 * RATE_HZ)].any()
    assert float(np.abs(response[:, -10:]).max()) < 1e-4


def test_lows_are_shared_by_both_ears() -> None:
    left, right = (np.fft.rfft(channel) for channel in impulse_response(HALL, 1))
    frequency = np.fft.rfftfreq(2 * len(left) - 1, 1 / RATE_HZ)[: len(left)]

    def alike(low_hz: float, high_hz: float) -> float:
        band = (frequency > low_hz) & (frequency < high_hz)
        return float(
            np.real(np.vdot(left[band], right[band]))
            / np.linalg.norm(left[band])
            / np.linalg.norm(right[band])
        )

    assert alike(200, 400) > 0.8
    assert alike(200, 400) > alike(2500, 5000) + 0.2


def test_streaming_is_convolution() -> None:
    rng = np.random.Generator(np.random.PCG64(1))
    sound = rng.standard_normal((2, 12_000), dtype=np.float32)
    response = rng.standard_normal((2, 5000), dtype=np.float32)
    reverb = Reverb(response, 3000)
    streamed = np.concatenate(
        [reverb.process(sound[:, at : at + 3000]) for at in range(0, 12_000, 3000)], axis=1
    )
    for channel in range(2):
        direct = np.convolve(sound[channel].astype(np.float64), response[channel])[:12_000]
        assert np.abs(streamed[channel] - direct).max() < 1e-2  # of a sum of 5000 products


def test_a_room_is_different_for_another_seed() -> None:
    assert not np.array_equal(impulse_response(HALL, 1), impulse_response(HALL, 2))
