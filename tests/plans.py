"""Random plans over the clip verbs, and what arithmetic says every frame of the result must show.

The model is a list: one (clip, source, frame) for each frame of the timeline. It knows nothing of
projects, segments or seconds, so that it and the product can only agree by both being right.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import groupby

import numpy as np

from saycut.language.understand import Step

Shown = tuple[tuple[int, ...], int, int]  # clip, source, frame


@dataclass
class Model:
    """The frames of the timeline; `rate` is how many there are in a second.

    Of a clip at another speed that is then turned round the neighbour may be shown: `near` has, for
    each of its (source, frame), what stood before and after it in the clip, a cut between them or not.
    """

    frames: list[Shown]
    rate: Fraction
    sped: bool = False
    near: dict[tuple[int, int], set[tuple[int, int]]] = field(default_factory=dict)
    clips_made: int = 1000

    @classmethod
    def of(cls, lengths: tuple[int, ...], rate: Fraction) -> "Model":
        return cls([((s,), s, k) for s, length in enumerate(lengths) for k in range(length)], rate)

    def clips(self) -> list[list[Shown]]:
        return [list(run) for _, run in groupby(self.frames, key=lambda frame: frame[0])]

    def seconds(self, frame: int) -> float:
        return float(frame / self.rate)

    def allowed(self, frame: int) -> set[tuple[int, int]]:
        """The (source, frame)s that frame `frame` of the timeline may show."""
        _, source, index = self.frames[frame]
        return self.near.get((source, index), set()) | {(source, index)}

    def fresh(self) -> int:
        self.clips_made += 1
        return self.clips_made


def random_plan(model: Model, rng: np.random.Generator, most: int = 8) -> list[Step]:
    """Up to `most` operations that can all be carried out; `model` shows their result afterwards."""
    verbs = (cut, trim, split, delete, swap, to_the_end, loop, reverse, faster, rotate, quieter)
    plan: list[Step] = []
    for _ in range(int(rng.integers(1, most + 1))):
        step = verbs[int(rng.integers(len(verbs)))](model, rng)
        if step is not None:
            plan.append(step)
    return plan


def some_range(model: Model, rng: np.random.Generator) -> tuple[int, int] | None:
    if len(model.frames) < 12:
        return None
    first, last = sorted(rng.choice(len(model.frames) + 1, 2, replace=False).tolist())
    return (first, last) if 4 <= last - first <= len(model.frames) - 4 else None


def cut(model: Model, rng: np.random.Generator) -> Step | None:
    span = some_range(model, rng)
    if span is None:
        return None
    del model.frames[span[0] : span[1]]
    return Step(op="cut", args={"start": model.seconds(span[0]), "end": model.seconds(span[1])})


def trim(model: Model, rng: np.random.Generator) -> Step | None:
    span = some_range(model, rng)
    if span is None:
        return None
    model.frames = model.frames[span[0] : span[1]]
    return Step(op="trim", args={"start": model.seconds(span[0]), "end": model.seconds(span[1])})


def split(model: Model, rng: np.random.Generator) -> Step | None:
    at = int(rng.integers(1, max(len(model.frames), 2)))
    if at >= len(model.frames) or model.frames[at - 1][0] != model.frames[at][0]:
        return None
    old, new = model.frames[at][0], model.fresh()
    place = at
    while place < len(model.frames) and model.frames[place][0] == old:
        model.frames[place] = ((new,), *model.frames[place][1:])
        place += 1
    return Step(op="split", args={"at": model.seconds(at)})


def delete(model: Model, rng: np.random.Generator) -> Step | None:
    clips = model.clips()
    if len(clips) < 2:
        return None
    place = int(rng.integers(len(clips)))
    del clips[place]
    if sum(map(len, clips)) < 8:
        return None
    model.frames = [frame for clip in clips for frame in clip]
    return Step(op="delete", args={"target": f"clip:{place + 1}"})


def swap(model: Model, rng: np.random.Generator) -> Step | None:
    clips = model.clips()
    if len(clips) < 2:
        return None
    one, other = rng.choice(len(clips), 2, replace=False).tolist()
    clips[one], clips[other] = clips[other], clips[one]
    model.frames = [frame for clip in clips for frame in clip]
    return Step(op="reorder", args={"swap": [one + 1, other + 1]})


def to_the_end(model: Model, rng: np.random.Generator) -> Step | None:
    clips = model.clips()
    if len(clips) < 2:
        return None
    place = int(rng.integers(len(clips) - 1))
    clips.append(clips.pop(place))
    model.frames = [frame for clip in clips for frame in clip]
    return Step(op="reorder", args={"clip": place + 1, "position": -1})


def loop(model: Model, rng: np.random.Generator) -> Step | None:
    if len(model.frames) > 150:
        return None
    again = [((model.fresh(), *key), source, frame) for key, source, frame in model.frames]
    first = again[0][0][0]
    again = [((first, *key[1:]), source, frame) for key, source, frame in again]
    model.frames = model.frames + again
    return Step(op="loop", args={"count": 2})


def reverse(model: Model, rng: np.random.Generator) -> Step | None:
    model.frames.reverse()
    return Step(op="reverse", args={})


def faster(model: Model, rng: np.random.Generator) -> Step | None:
    """Twice as fast, once in a plan: clip by clip, each a whole number of frames long."""
    if model.sped or len(model.frames) < 24:
        return None
    model.sped = True
    faster_frames: list[Shown] = []
    for clip in model.clips():
        count = max(1, round(Fraction(len(clip), 2)))
        factor = Fraction(len(clip), count)
        places = [int((place + Fraction(1, 4)) * factor) for place in range(count)]
        faster_frames += [clip[place] for place in places]
        for place in places:
            beside = {(s, k) for _, s, k in clip[max(place - 1, 0) : place + 2]}
            model.near.setdefault(clip[place][1:], set()).update(beside)
    model.frames = faster_frames
    return Step(op="speed", args={"factor": 2})


def rotate(model: Model, rng: np.random.Generator) -> Step | None:
    return Step(op="rotate", args={"degrees": int(rng.choice([90, 180, 270]))})


def quieter(model: Model, rng: np.random.Generator) -> Step | None:
    return Step(op="volume", args={"gain_db": -1})
