"""The drummer: a beat with variations, ghost notes, fills at the joints, less in thin sections."""

from saycut.audio.bed.draw import Dice, pick
from saycut.audio.bed.moods import KitPiece, grooves
from saycut.audio.bed.passage import Passage
from saycut.audio.bed.pulse import TRIPLET_STEPS, Step, slip_s, steps
from saycut.audio.bed.score import Note

_LOUDNESS = {"X": 0.9, "x": 0.72, "o": 0.52, "g": 0.3, "?": 0.28}
_GHOST_CHANCE = 0.35
_VARY_CHANCE = 0.25
_CRASH_FROM_INTENSITY = 0.85
_KEEPS_TIME = ("kick", "shaker", "ride", "taiko", "tick", "hat")  # what is left in a thin section
_THIN_BELOW = 0.55


def drum_notes(passage: Passage, part: int) -> list[Note]:
    """The drums of a passage."""
    rng = passage.dice(part)
    kit_name, family = passage.palette(part)
    kit, beats = grooves().kit[kit_name], grooves().beat[family]
    main, other = pick(rng, beats), pick(rng, beats)
    notes: list[Note] = []
    last = len(passage.bars) - 1
    for bar in range(len(passage.bars)):
        beat = other if bar % 4 == 3 or rng.random() < _VARY_CHANCE else main
        if bar == last and last >= 3:
            beat = pick(rng, grooves().fill[family])
        for piece, pattern in beat.items():
            if piece in kit and _heard(passage, piece, kit[piece]):
                notes += _line(passage, part, bar, pattern, piece=kit[piece], rng=rng)
    return notes + _joint(passage, part)


def _heard(passage: Passage, piece: str, place: KitPiece) -> bool:
    intensity = passage.section.intensity
    return intensity >= place.enter and (intensity >= _THIN_BELOW or piece in _KEEPS_TIME)


def _line(passage: Passage, part: int, bar: int, pattern: str, *, piece: KitPiece, rng: Dice) -> list[Note]:
    straight = len(pattern) == TRIPLET_STEPS
    notes: list[Note] = []
    for step in steps(pattern):
        if step.sign == "?" and rng.random() > _GHOST_CHANCE:
            continue
        notes.append(_hit(passage, part, bar, step, piece=piece, rng=rng, straight=straight))
    return notes


def _hit(
    passage: Passage, part: int, bar: int, step: Step, *, piece: KitPiece, rng: Dice, straight: bool
) -> Note:
    late = slip_s(rng, 0.5 * passage.mood.loose_ms) + piece.late_ms / 1000.0
    start = passage.pulse.sample(passage.section.first_bar + bar, step.at, straight=straight, late_s=late)
    velocity = _LOUDNESS[step.sign] * passage.dynamics(bar) * float(rng.uniform(0.88, 1.06))
    return Note(start, 2400, 0, min(1.0, velocity), piece.patch, part, piece.pan, piece.gain_db)


def _joint(passage: Passage, part: int) -> list[Note]:
    """A breath of cymbal into a fuller section that follows, and a soft one on its first beat."""
    section, sections = passage.section, passage.score.sections
    notes: list[Note] = []
    start = passage.pulse.sample(section.first_bar, 0.0)
    if section.intensity >= _CRASH_FROM_INTENSITY:
        notes.append(Note(start, 2400, 0, 0.6, "cymbal", part, 0.2, -13.0))
    following = section.index + 1
    if following < len(sections) and sections[following].intensity > section.intensity + 0.1:
        joint = passage.pulse.sample(section.first_bar + section.bars, 0.0)
        rise = max(0, joint - 96_000)
        if rise >= start:
            notes.append(Note(rise, 96_000, 0, 0.6, "swell", part, -0.1, -15.0))
    return notes
