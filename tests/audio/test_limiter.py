import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saycut.audio.limiter import Limiter, ReductionCurve, limit
from saycut.audio.true_peak import true_peak_dbtp
from saycut.pcm import Pcm
from tests.audio.signals import in_blocks, joined, talk, tone

RATE = 48_000


def nasty(kind: str, samples: int, seed: int) -> Pcm:
    """Sounds made to get past a limiter, mono, peak around full scale."""
    rng = np.random.default_rng(seed)
    times = np.arange(samples)
    wave = {
        "clicks": lambda: np.where(rng.random(samples) < 0.01, rng.choice([-1.0, 1.0], samples), 0.0),
        "square": lambda: np.sign(np.sin(times * rng.uniform(0.01, 3.0)) + 1e-9),
        "between": lambda: np.sin(times * np.pi / 2 + np.pi / 4),
        "near nyquist": lambda: np.sin(times * rng.uniform(2.6, np.pi)),
        "alternating": lambda: (-1.0) ** times,
        "noise": lambda: rng.uniform(-1.0, 1.0, samples),
        "signs": lambda: rng.choice([-1.0, 1.0], samples),
        "bursts": lambda: rng.standard_normal(samples) * (np.sin(times / 700) > 0.6),
        "edges": lambda: np.where((times < 3) | (times >= samples - 3), 1.0, 0.0),
    }[kind]()
    return wave.astype(np.float32)[:, None]


KINDS = ("clicks", "square", "between", "near nyquist", "alternating", "noise", "signs", "bursts", "edges")


@settings(max_examples=120, deadline=None)
@given(
    kind=st.sampled_from(KINDS),
    seed=st.integers(0, 2**32 - 1),
    samples=st.integers(1, 9000),
    gain_db=st.floats(-3.0, 40.0),
    swing=st.sampled_from([0.0, 0.01, 0.1]),
    ceiling=st.floats(-12.0, 0.0),
    rate_hz=st.sampled_from([RATE, 44_100, 16_000, 8_000, 96_000]),
    block=st.integers(50, 10_000),
)
def test_nothing_gets_past_the_ceiling(  # hypothesis names them
    kind: str,
    seed: int,
    samples: int,
    gain_db: float,
    swing: float,
    ceiling: float,
    rate_hz: int,
    block: int,
) -> None:
    steps = np.random.default_rng(seed).standard_normal((samples, 1)) * swing
    swelling = np.exp(np.cumsum(steps, axis=0))
    sound = (nasty(kind, samples, seed) * swelling / swelling.max()).astype(np.float32)
    limited = joined(limit(in_blocks(sound, block), rate_hz, ceiling, gain_db))
    assert limited.shape == sound.shape
    assert true_peak_dbtp(in_blocks(limited), rate_hz, 1) <= ceiling + 0.05


def test_what_needs_no_limiting_is_not_touched() -> None:
    sound = talk(3.0)
    limiter = Limiter(RATE, 0.0)
    assert np.array_equal(joined(limiter.limit(in_blocks(sound))), sound)
    assert limiter.max_reduction_db == 0.0


def test_gain_alone_is_gain_alone() -> None:
    sound = talk(3.0)
    quieter = joined(limit(in_blocks(sound), RATE, -1.0, -12.0))
    assert np.array_equal(quieter, sound * np.float32(10 ** (-12 / 20)))


def test_away_from_a_peak_the_sound_is_not_touched_and_nothing_moves() -> None:
    sound = tone(440.0, -20.0, 3.0)
    sound[RATE : RATE + 3] = 1.0
    limiter = Limiter(RATE, -6.0)
    limited = joined(limiter.limit(in_blocks(sound)))
    touched = np.flatnonzero((limited != sound).any(axis=1))
    assert RATE - 0.006 * RATE <= touched[0] < RATE  # the look-ahead
    assert RATE < touched[-1] < RATE + 1.2 * RATE  # 80 ms to fall to 1/e, a second to 0.0001 dB
    assert limiter.max_reduction_db == pytest.approx(6.0 + 1.0, abs=1.3)  # three samples ring higher


def test_the_gain_is_smooth_and_back_within_a_quarter_second() -> None:
    sound = np.full((RATE, 1), 0.25, np.float32)
    sound[RATE // 2] = 1.0
    limited = joined(limit(in_blocks(sound), RATE, -6.0))
    gain_db = 20 * np.log10(np.delete(limited / sound, RATE // 2))
    assert gain_db.min() == pytest.approx(-6.0, abs=0.5)
    assert np.abs(np.diff(gain_db)).max() < 0.1  # dB a sample, on a way down of 6 dB
    assert gain_db[RATE // 2 + RATE // 4] > -0.4


def test_channels_share_one_gain() -> None:
    loud, soft = tone(300.0, 6.0, 1.0, channels=1), tone(500.0, -20.0, 1.0, channels=1)
    limited = joined(limit(in_blocks(np.concatenate((loud, soft), axis=1)), RATE, -1.0))
    middle = slice(RATE // 3, RATE // 2)
    gains = limited[middle] / np.concatenate((loud, soft), axis=1)[middle]
    heard = np.abs(soft[middle, 0]) > 1e-3
    loud_heard = heard & (np.abs(loud[middle, 0]) > 1e-2)
    assert np.allclose(gains[loud_heard, 0], gains[loud_heard, 1], rtol=1e-5)


@settings(max_examples=25, deadline=None)
@given(cuts=st.lists(st.integers(0, RATE), max_size=8))
def test_how_the_sound_is_cut_into_blocks_changes_nothing(cuts: list[int]) -> None:
    sound = talk(1.0)
    whole = joined(limit(iter([sound]), RATE, -6.0, 12.0))
    cut = joined(limit(iter(np.split(sound, sorted(cuts))), RATE, -6.0, 12.0))
    assert np.allclose(cut, whole, atol=1e-6)


def test_an_empty_sound_stays_empty() -> None:
    assert list(limit(iter(()), RATE, -1.0)) == []


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1), rate_hz=st.sampled_from([500, 8_000, 48_000]), block=st.integers(1, 900)
)
def test_the_reduction_is_never_less_than_what_is_needed(seed: int, rate_hz: int, block: int) -> None:
    rng = np.random.default_rng(seed)
    needed = np.where(rng.random(3000) < 0.01, rng.uniform(0.0, 30.0, 3000), 0.0)
    curve = ReductionCurve(rate_hz)
    parts = [curve.push(needed[start : start + block]) for start in range(0, 3000, block)]
    applied = np.concatenate([*parts, curve.push(np.zeros(curve.look_ahead))])[curve.look_ahead :]
    assert (applied >= needed - 1e-9).all()
    assert applied.max() <= needed.max() + 1e-9
