"""Fades inside the timeline: of single clips, and of two sounds that go over into each other."""

import math
from collections.abc import Sequence

import msgspec
import numpy as np

from saycut.pcm import Blocks, Pcm
from saycut.timeline.clock import to_samples
from saycut.timeline.project import Segment


class Ramp(msgspec.Struct, frozen=True):
    """A gain from 0 to 1 over output samples [first, last), or from 1 to 0; outside it is 1.

    `even_power`: a sine, so that two sounds that cross keep their power; else its square, as fades have.
    """

    first: int
    last: int
    rising: bool
    even_power: bool


def fades_of(segment: Segment) -> list[Ramp]:
    """The fades from and to silence of one segment, no longer than it."""
    start, end = to_samples(segment.at_s), to_samples(segment.end_s)
    into = to_samples(min(segment.fades.sound_in_s, segment.duration_s))
    out = to_samples(min(segment.fades.sound_out_s, segment.duration_s))
    ramps = [Ramp(start, start + into, True, False), Ramp(end - out, end, False, False)]
    return [ramp for ramp in ramps if ramp.first < ramp.last]


def crossing(segment: Segment, *, rising: bool) -> Ramp:
    """The gain of what comes in over the length of a transition, or of what goes out."""
    return Ramp(to_samples(segment.at_s), to_samples(segment.end_s), rising, True)


def enveloped(blocks: Blocks, ramps: Sequence[Ramp]) -> Blocks:
    """`blocks`, which begin at output sample 0, with the gains of `ramps`."""
    start = 0
    for block in blocks:
        stop = start + len(block)
        shaped = block
        for ramp in ramps:
            first, last = max(ramp.first, start), min(ramp.last, stop)
            if first < last:
                shaped = shaped.copy() if shaped is block else shaped
                shaped[first - start : last - start] *= _gain(ramp, first, last)
        yield shaped
        start = stop


def _gain(ramp: Ramp, first: int, last: int) -> Pcm:
    places = (np.arange(first, last) - ramp.first + 0.5) / (ramp.last - ramp.first)
    sine = np.sin((places if ramp.rising else 1 - places) * (math.pi / 2))
    return np.asarray(sine if ramp.even_power else sine**2, np.float32)[:, None]
