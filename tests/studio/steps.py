"""Doing edits in tests, and checking that sound and picture of a result are in step."""

from pathlib import Path

import numpy as np

from saycut.language.understand import Step
from saycut.studio.edit import Edited, Wish, edit
from saycut.watch import Watch
from tests.factory import CLIPS, Clip, read_frame_indices, read_sound
from tests.factory.sound import time_code


def done(paths: list[Path], *steps: Step, out: Path, say: str = "") -> Edited:
    """Carry out `steps` (or the words) on `paths`."""
    return edit(paths, Wish(say=say, steps=steps, out=out), Watch())


def step(op: str, **args: object) -> Step:
    return Step(op=op, args=args)


def clip_named(name: str) -> Clip:
    clip = CLIPS[name]
    assert isinstance(clip, Clip)
    return clip


def shown_indices(path: Path) -> list[int]:
    indices = [frame.index for frame in read_frame_indices(path)]
    assert None not in indices
    return [index for index in indices if index is not None]


SEARCHED_S = 0.02


def skew_ms(
    pcm: np.ndarray, at: int, moment_s: float, *, source: int = 0, window: int = 2400
) -> float | None:
    """How much later than `moment_s` of the time code the sound at sample `at` is, in ms.

    None when it is not there within 20 ms: a join lies in the window, or the sound is elsewhere.
    """
    length_s = window / 48_000 + 2 * SEARCHED_S
    code = time_code(moment_s - SEARCHED_S, length_s, source=source)[:, 0].astype(np.float64)
    piece = pcm[at : at + window, 0].astype(np.float64)
    scores = np.correlate(code, piece, mode="valid")
    best = int(np.argmax(scores))
    found = code[best : best + window]
    if scores[best] / (np.linalg.norm(found) * np.linalg.norm(piece) + 1e-12) < 0.8:
        return None
    return (best / 48_000 - SEARCHED_S) * 1000


def worst_step_ms(path: Path, clip: Clip, *, every: int = 7, source: int = 0) -> float:
    """How far apart, at worst, the moment a frame names and the moment the sound under it names are.

    Looks at every `every`-th frame, at the sound that is heard from then on; frames before a join are
    passed over, but most of them must be found.
    """
    frames, pcm = read_frame_indices(path), read_sound(path)
    zero = frames[0].pts_s
    skews: list[float | None] = []
    for frame in frames[::every]:
        at = round(float(frame.pts_s - zero) * 48_000)
        if frame.index is not None and at + 2400 <= len(pcm):
            skews.append(skew_ms(pcm, at, float(clip.time_of(frame.index)), source=source))
    found = [abs(skew) for skew in skews if skew is not None]
    assert len(found) >= 0.5 * len(skews), f"only {len(found)} of {len(skews)} frames have their sound"
    assert len(found) >= 3
    return max(found)


def rms_dbfs(pcm: np.ndarray) -> float:
    return float(20 * np.log10(np.sqrt(np.mean(np.square(pcm, dtype=np.float64))) + 1e-12))
