"""The music that the product composes, as material."""

import numpy as np

from saycut.audio.bed.compose import compose
from saycut.audio.bed.moods import moods
from saycut.audio.bed.render import render
from saycut.audio.bed.spec import BedSpec
from saycut.pcm import RATE_HZ
from training.synthetic.sound import Sound, levelled, resampled


def bed(mood: str, seed: int, seconds: float, rate_hz: int) -> Sound:
    """A bed, stereo (n, 2), rms -20 dBFS or less; `mood` is a key of `moods()`. Errors as of `compose`."""
    spec = BedSpec(mood=mood, seed=seed, duration_s=seconds)
    return levelled(resampled(np.concatenate(list(render(compose(spec)))), RATE_HZ, rate_hz))


def any_bed(rng: np.random.Generator, seconds: float, rate_hz: int) -> tuple[Sound, str]:
    """A bed of a mood and a seed drawn from `rng`, and the mood."""
    mood = str(rng.choice(sorted(moods())))
    return bed(mood, int(rng.integers(1 << 31)), seconds, rate_hz), mood
