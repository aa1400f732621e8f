"""Music that makes room for the voice: down before the first word, back in the pauses.

The places of the voice are known before, so the bed is down when a word begins and nothing pumps.
The gain moves along a raised cosine in decibels: no edge at either end of a ramp, and no step in
what is heard, which follows decibels rather than amplitude.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from saycut.pcm import Blocks


def duck(
    bed: Blocks,
    voice_regions: Sequence[tuple[float, float]],
    rate_hz: int,
    *,
    depth_db: float = 12.0,
    attack_s: float = 0.3,
    release_s: float = 0.6,
    hold_s: float = 1.0,
) -> Blocks:
    """The bed, `depth_db` lower wherever a voice region (start_s, end_s; ascending) lies.

    It is fully down from the start of a region, having begun `attack_s` earlier, and fully back
    `release_s` after its end. In pauses shorter than `hold_s`, or too short for both ramps, it
    stays down. Away from the voice the samples are not touched.
    """
    times, depths = _envelope(_merged(voice_regions, max(hold_s, attack_s + release_s)), attack_s, release_s)
    start = 0
    for block in bed:
        seconds = np.arange(start, start + len(block)) / rate_hz
        linear = np.interp(seconds, times, depths) if len(times) else np.zeros(len(block))
        start += len(block)
        if not linear.any():
            yield block
            continue
        eased = (1.0 - np.cos(math.pi * linear)) / 2.0
        yield block * np.asarray(10 ** (-depth_db / 20 * eased), np.float32)[:, None]


def bed_gain_db(voice_lufs: float, bed_lufs: float, under_lu: float = 18.0) -> float:
    """The gain that puts a bed `under_lu` below the voice.

    With a few dB of ducking on top, the bed is then more than the 20 dB below speech that WCAG 2.2
    (1.4.7, low background audio) asks for.
    """
    return voice_lufs - under_lu - bed_lufs


def _merged(regions: Sequence[tuple[float, float]], shortest_pause_s: float) -> list[tuple[float, float]]:
    """Regions with the pauses between them closed that are too short for the bed to come back."""
    merged: list[tuple[float, float]] = []
    for start, end in regions:
        if merged and start - merged[-1][1] < shortest_pause_s:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _envelope(
    regions: list[tuple[float, float]], attack_s: float, release_s: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Corners of how far down the bed is (0..1), at ascending times in seconds."""
    corners = [
        corner
        for start, end in regions
        for corner in ((start - attack_s, 0.0), (start, 1.0), (end, 1.0), (end + release_s, 0.0))
    ]
    return np.array([time for time, _ in corners]), np.array([depth for _, depth in corners])
