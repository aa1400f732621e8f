"""The bass player: roots, fifths and steps that lead into the next chord."""

from collections.abc import Iterator
from itertools import pairwise

from saycut.audio.bed.draw import Dice, pick
from saycut.audio.bed.harmony import Chord, fitting_scale, nearest
from saycut.audio.bed.moods import PartPlan, grooves
from saycut.audio.bed.passage import Passage
from saycut.audio.bed.pulse import Step, slip_s, steps
from saycut.audio.bed.score import Note

_LOUDNESS = {"R": 0.76, "r": 0.62, "g": 0.3, "a": 0.6}
_CHORD_TONE_LOUDNESS = 0.64
_GHOST_S = 0.09


def bass_notes(passage: Passage, part: int) -> list[Note]:
    """The bass line of a passage."""
    plan, rng = passage.score.parts[part], passage.dice(part)
    patch, figure = passage.palette(part)
    patterns = grooves().bassline[figure]
    main, other = pick(rng, patterns), pick(rng, patterns)
    notes: list[Note] = []
    place = (plan.low + plan.high) / 2 - 2.0
    for bar in range(len(passage.bars)):
        pattern = other if bar % 4 == 3 else main
        for step in _with_changes(passage, bar, pattern):
            sounding = passage.chord_at(bar, step.at)
            root = nearest(sounding.bass, place, plan.low, plan.high)
            place += 0.25 * (root - place)  # drift with the line, but come home to the middle
            place += 0.15 * ((plan.low + plan.high) / 2 - 2.0 - place)
            pitch = _pitch(passage, bar, step, root, plan=plan, rng=rng)
            notes.append(_note(passage, bar, step, pitch, part=part, patch=patch, rng=rng))
    return notes


def _with_changes(passage: Passage, bar: int, pattern: str) -> Iterator[Step]:
    """The steps of the pattern, and a root wherever a chord changes while the pattern holds a note."""
    found = list(steps(pattern))
    count = len(passage.bars[bar])
    changes = [index / count for index in range(1, count)]
    for step in found:
        inside = [at for at in changes if step.at + 1e-9 < at < step.at + step.length - 1e-9]
        edges = [step.at, *inside, step.at + step.length]
        for number, (start, end) in enumerate(pairwise(edges)):
            yield Step(step.sign if number == 0 else "R", start, end - start)


def _pitch(passage: Passage, bar: int, step: Step, root: int, *, plan: PartPlan, rng: Dice) -> int:
    sounding = passage.chord_at(bar, step.at)
    sign = step.sign
    if sign in "Rrg":
        return root
    if sign == "8":
        return root + 12 if root + 12 <= plan.high + 7 else root
    if sign == "a":
        following = (
            passage.chord_at(bar, step.at) if bar + 1 >= len(passage.bars) else passage.bars[bar + 1][0]
        )
        return _approach(passage, following, root, plan, rng)
    tone = {"3": sounding.third, "5": sounding.fifth, "7": sounding.seventh}[sign]
    return nearest(tone, root + (4 if sign == "3" else 0), plan.low, plan.high + 5)


def _approach(passage: Passage, following: Chord, root: int, plan: PartPlan, rng: Dice) -> int:
    """A scale step above or below the next root, on the side that the line comes from when it can."""
    target = nearest(following.bass, root, plan.low, plan.high)
    allowed = fitting_scale(passage.mood.mode, passage.score.tonic, following)
    below = next(target - step for step in (1, 2, 3) if (target - step) % 12 in allowed)
    above = next(target + step for step in (1, 2, 3) if (target + step) % 12 in allowed)
    if target == root:
        return pick(rng, (below, above))
    return below if target > root else above


def _note(passage: Passage, bar: int, step: Step, pitch: int, *, part: int, patch: str, rng: Dice) -> Note:
    first = passage.section.first_bar + bar
    late = slip_s(rng, passage.mood.loose_ms * 0.6)
    start = passage.pulse.sample(first, step.at, late_s=late)
    end = passage.pulse.sample(first, step.at + step.length)
    if step.sign == "g":
        end = start + round(_GHOST_S * 48_000)
    velocity = _LOUDNESS.get(step.sign, _CHORD_TONE_LOUDNESS) * passage.dynamics(bar)
    velocity = min(1.0, velocity * float(rng.uniform(0.92, 1.06)))
    return Note(start, max(end - start, 2400), pitch, velocity, patch, part)
