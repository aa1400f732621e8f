"""The accompanying players: pads that hold chords and figures that break or strum them."""

import math
from collections.abc import Iterator

import msgspec

from saycut.audio.bed.draw import Dice, pick
from saycut.audio.bed.harmony import Chord, nearest
from saycut.audio.bed.moods import PartPlan, grooves
from saycut.audio.bed.passage import Passage
from saycut.audio.bed.pulse import TRIPLET_STEPS, Step, slip_s, steps
from saycut.audio.bed.score import Note
from saycut.audio.bed.voicing import Register, Voicing, voiced

_LOUDNESS = {"X": 0.82, "x": 0.68, "o": 0.54, "u": 0.56, "B": 0.74, "F": 0.68, "P": 0.74}
_DIGIT_LOUDNESS = 0.62
_GUITAR_BASS = (40, 52)  # where B and F sound
_TURN = 0.35  # how often a bar inside a phrase turns two notes of its figure round
_CHORD_WEIGHT = 6.0  # a struck chord may stand out a little more than a held one
_SKIP = 0.03  # one broken note in thirty stays out
_ECHOES = ((3 / 16, 0.42), (6 / 16, 0.19))  # dotted eighths later, at these shares of the velocity
_STRUM_VOICES_UP = 3


class _Stroke(msgspec.Struct, frozen=True):
    """Notes that one sign of a pattern asks for, struck one after another."""

    pitches: tuple[int, ...]
    velocity: float
    gap_s: float


def held_chords(passage: Passage, part: int, before: Voicing | None) -> tuple[list[Note], Voicing | None]:
    """A pad: each chord held until the next; returns the notes and the last voicing."""
    plan, rng = passage.score.parts[part], passage.dice(part)
    patch, _ = passage.palette(part)
    register = Register(plan.low, plan.high, plan.voices)
    notes: list[Note] = []
    place = 0.0
    while place < len(passage.bars) - 1e-9:
        bar, fraction = int(place + 1e-9), place - int(place + 1e-9)
        until = passage.change_after(bar, fraction)
        until = min(until, place + 2.0)  # breathe at least every two bars
        before = voiced(passage.chord_at(bar, fraction), before, register)
        start = passage.pulse.sample(passage.section.first_bar, place, straight=True)
        end = passage.pulse.sample(passage.section.first_bar, until, straight=True)
        level = 0.62 * passage.dynamics(bar)
        notes += [
            Note(
                start,
                end - start,
                pitch,
                level * rng.uniform(0.92, 1.0),
                patch,
                part,
                pan_in_pad(voice),
                share_db(len(before)),
            )
            for voice, pitch in enumerate(before)
        ]
        place = until
    return notes, before


def share_db(voices: int, weight: float = 10.0) -> float:
    """What each of several voices gives up, so that a chord weighs about as much as one note."""
    return -weight * math.log10(voices)


def pan_in_pad(voice: int) -> float:
    """Pads fan out a little: low voices in the middle, high ones to alternate sides."""
    return (0.0, -0.25, 0.3, -0.4, 0.45)[voice % 5]


def figured_chords(passage: Passage, part: int, before: Voicing | None) -> tuple[list[Note], Voicing | None]:
    """Broken, strummed or struck chords after a pattern; returns the notes and the last voicing."""
    plan, rng = passage.score.parts[part], passage.dice(part)
    patch, figure = passage.palette(part)
    patterns = grooves().figure[figure]
    main, other = pick(rng, patterns), pick(rng, patterns)
    notes: list[Note] = []
    register = Register(plan.low, plan.high, plan.voices)
    for bar in range(len(passage.bars)):
        pattern = other if bar % 4 == 3 or (bar % 8 >= 4 and rng.random() < 0.3) else main
        if bar % 4 in (1, 2) and rng.random() < _TURN:
            pattern = _turned(pattern, rng)
        straight = len(pattern) == TRIPLET_STEPS
        for step in steps(pattern):
            sounding = passage.chord_at(bar, step.at)
            before = voiced(sounding, before, register)
            stroke = _stroke(step, sounding, before, plan, rng)
            if stroke is None:
                continue
            span = _span(passage, bar, step, plan, straight=straight)
            notes += _struck(passage, bar, stroke, span, part=part, patch=patch, rng=rng)
    notes = stopped_by_repeats(notes)
    return (with_echoes(passage, notes) if plan.echo else notes), before


def _turned(pattern: str, rng: Dice) -> str:
    """The pattern with two of its broken notes exchanged."""
    places = [index for index, sign in enumerate(pattern) if sign.isdigit()]
    if len(places) < 3:
        return pattern
    first = int(rng.integers(1, len(places) - 1))
    signs = list(pattern)
    here, there = places[first], places[first + 1]
    signs[here], signs[there] = signs[there], signs[here]
    return "".join(signs)


def _stroke(step: Step, sounding: Chord, pitches: Voicing, plan: PartPlan, rng: Dice) -> _Stroke | None:
    gap_s = plan.strum_ms / 1000.0
    sign = step.sign
    if sign.isdigit():
        if rng.random() < _SKIP and step.at > 0:
            return None
        octave, voice = divmod(int(sign), len(pitches))
        accent = 1.08 if step.at in (0.0, 0.5) else 1.0
        return _Stroke((pitches[voice] + 12 * octave,), _DIGIT_LOUDNESS * accent, 0.0)
    velocity = _LOUDNESS[sign]
    if sign in "Xxo":
        return _Stroke(pitches, velocity, gap_s)
    if sign == "u":
        return _Stroke(tuple(reversed(pitches[-_STRUM_VOICES_UP:])), velocity, gap_s * 0.7)
    bass = nearest(sounding.fifth if sign == "F" else sounding.bass, 45, *_GUITAR_BASS)
    if bass >= pitches[0]:
        bass -= 12
    return _Stroke((bass, pitches[-1]) if sign == "P" else (bass,), velocity, 0.0)


def _span(passage: Passage, bar: int, step: Step, plan: PartPlan, *, straight: bool) -> tuple[int, int]:
    """First and last sample of a step's notes; under the pedal they sound until the chord changes."""
    first = passage.section.first_bar
    start = passage.pulse.sample(first + bar, step.at, straight=straight)
    if plan.ring:
        change = min(passage.change_after(bar, step.at), bar + step.at + 1.5)
        return start, passage.pulse.sample(first, change, straight=True)
    return start, passage.pulse.sample(first + bar, step.at + step.length, straight=straight)


def _struck(
    passage: Passage, bar: int, stroke: _Stroke, span: tuple[int, int], *, part: int, patch: str, rng: Dice
) -> Iterator[Note]:
    plan = passage.score.parts[part]
    slip = slip_s(rng, passage.mood.loose_ms)
    level = stroke.velocity * passage.dynamics(bar) * float(rng.uniform(0.88, 1.06))
    given_db = share_db(len(stroke.pitches), _CHORD_WEIGHT)
    for index, pitch in enumerate(stroke.pitches):
        late = slip + index * stroke.gap_s * float(rng.uniform(0.8, 1.2))
        start = max(0, span[0] + round(late * 48_000))
        velocity = min(1.0, level * float(rng.uniform(0.94, 1.04)))
        length = max(span[1] - span[0], 2400)
        yield Note(start, length, pitch, velocity, patch, part, _by_pitch(pitch, plan), given_db)


def _by_pitch(pitch: int, plan: PartPlan) -> float:
    """As at a keyboard: low notes a little to the left of the player's place, high ones to the right."""
    return 0.3 * ((pitch - plan.low) / max(1, plan.high - plan.low) - 0.5)


def stopped_by_repeats(notes: list[Note]) -> list[Note]:
    """Each note ends where its own pitch is struck again: a string or a bar has only one motion."""
    following: dict[int, int] = {}
    stopped: list[Note] = []
    for note in sorted(notes, key=lambda note: note.start, reverse=True):
        again = following.get(note.pitch)
        following[note.pitch] = note.start
        if again is not None and note.start < again < note.start + note.length:
            stopped.append(msgspec.structs.replace(note, length=again - note.start))
        else:
            stopped.append(note)
    return stopped[::-1]


def with_echoes(passage: Passage, notes: list[Note]) -> list[Note]:
    """The notes and their dotted-eighth repeats, softer, to alternate sides, as long as the piece goes on."""
    bar_samples = passage.score.clock.bar_s * 48_000
    final = passage.score.final_sample
    repeats: list[Note] = []
    for note in notes:
        for number, (after, share) in enumerate(_ECHOES):
            start = note.start + round(after * bar_samples)
            side = note.pan + (0.45 if number % 2 else -0.45)
            if start < final:
                repeats.append(
                    msgspec.structs.replace(note, start=start, velocity=note.velocity * share, pan=side)
                )
    return notes + repeats
