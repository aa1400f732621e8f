"""The dice of the composer: one generator per place in the piece, all from the one seed.

A place is a path of small integers (section, part, bar …). Because every place has its own
stream, writing one part differently never changes the notes of another.
"""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

T = TypeVar("T")
Dice = np.random.Generator

_SEED_SPAN = 1 << 64


def dice(seed: int, *place: int) -> Dice:
    """The random generator of `place` in the piece of `seed`; negative seeds wrap around 2**64."""
    sequence = np.random.SeedSequence(seed % _SEED_SPAN, spawn_key=place)
    return np.random.Generator(np.random.PCG64(sequence))


def pick(rng: Dice, options: Sequence[T]) -> T:
    """One of `options`, all equally likely."""
    return options[int(rng.integers(len(options)))]
