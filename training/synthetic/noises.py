"""Noises of all kinds, computed: what is neither speech nor music."""

from collections.abc import Callable

import numpy as np

from training.synthetic.sound import Sound, decibels
from training.synthetic.steady_noises import babble, done, fan, hiss, hum, rain, room_tone, traffic, wind
from training.synthetic.sudden_noises import alarms, clicks, crackle, creaks, keyboard, rustle, thumps

__all__ = ["KINDS", "babble", "noise"]

KINDS: dict[str, Callable[[np.random.Generator, float, int], Sound]] = {
    "fan": fan,
    "hum": hum,
    "hiss": hiss,
    "wind": wind,
    "traffic": traffic,
    "rain": rain,
    "room tone": room_tone,
    "clicks": clicks,
    "crackle": crackle,
    "keyboard": keyboard,
    "thumps": thumps,
    "rustle": rustle,
    "creaks": creaks,
    "alarms": alarms,
}
"""Each takes (rng, seconds, rate_hz) and gives mono (n,), rms -26 dBFS or less, peak under 0.9."""

_TOGETHER = 0.25  # how often two kinds sound at once


def noise(rng: np.random.Generator, seconds: float, rate_hz: int) -> Sound:
    """A noise of a random kind, sometimes of two: mono (n,), rms -26 dBFS or less, peak under 0.9."""
    names = list(KINDS)
    sound = KINDS[names[int(rng.integers(len(names)))]](rng, seconds, rate_hz)
    if rng.random() < _TOGETHER:
        other = KINDS[names[int(rng.integers(len(names)))]](rng, seconds, rate_hz)
        return done(sound + other.astype(np.float64) * decibels(rng.uniform(-15, 0)), rate_hz)
    return sound
