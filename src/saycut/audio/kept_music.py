"""Noise reduction that leaves music alone: where music plays, its share of every bin is kept beside the
speech's."""

from collections import deque
from collections.abc import Iterator

import numpy as np
from scipy.ndimage import uniform_filter1d

from saycut.audio.sound_map import Real as Levels
from saycut.audio.sound_map import levels
from saycut.audio.suppression import FRAME_S, Frames, Real

_SMOOTH_FRAMES = round(2.8 / FRAME_S)
_BESIDE = 2  # batches before and after that are listened to: more than half of the smoothing
# Of music over the rest: below nothing of it is kept, above all. On the evaluation sets music reads 24 to 70
# dB (mostly 50), noise below -20 dB but for two recordings at 17 and 33 dB.
_FROM_DB, _TO_DB = 34.0, 44.0
_TINY = 1e-14


def with_music(batches: Iterator[Frames]) -> Iterator[Frames]:
    """The batches with gains for speech and music together; as they are where the engine knows no music."""
    held: deque[tuple[Frames, Levels]] = deque()
    past: deque[Levels] = deque(maxlen=_BESIDE)
    more = True
    while more or held:
        batch = next(batches, None) if more else None
        more = batch is not None
        if batch is not None:
            held.append((batch, levels(batch)))
        if held and (not more or len(held) > _BESIDE):
            given, here = held.popleft()
            _keep(given, np.concatenate([*past, here, *(later for _, later in held)], axis=1), past)
            past.append(here)
            yield given


def _keep(batch: Frames, around: Levels, past: deque[Levels]) -> None:
    if batch.music is None:
        return
    first = sum(before.shape[1] for before in past)
    share = playing(around)[first : first + len(batch.gain)]
    kept = np.minimum(batch.gain + share[:, None] * batch.music, 1)
    batch.gain = batch.engine_gain = np.asarray(kept, np.float32)


def playing(around: Levels) -> Real:
    """(frames,) 0..1 of (3, frames): how surely music plays, rather than the rest being taken for some."""
    _, music, rest = uniform_filter1d(around, _SMOOTH_FRAMES, axis=1, mode="nearest")
    over_db = 10 * np.log10((music + _TINY) / (rest + _TINY))
    share: Real = np.clip((over_db - _FROM_DB) / (_TO_DB - _FROM_DB), 0, 1).astype(np.float32)
    return share
