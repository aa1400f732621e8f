"""The motif: a few quiet notes that come back, with more rests than notes.

A bed must leave the attention to the voice, so there is no tune that goes on: a two-bar cell of
three to six notes, answered, repeated on the new harmony and closed by a long tone. Strong
beats take chord tones, the rest moves by small steps through the pentatonic scale.
"""

from collections.abc import Sequence

import msgspec

from saycut.audio.bed.draw import Dice, dice, pick
from saycut.audio.bed.harmony import Chord
from saycut.audio.bed.passage import Passage
from saycut.audio.bed.players import stopped_by_repeats, with_echoes
from saycut.audio.bed.pulse import slip_s
from saycut.audio.bed.score import Note

_CELL_PLACE = 5
_CELLS = (
    "x..x..x.x.......",
    "..x.x...x.......",
    "x...x.x.x...x...",
    "....x.x.x.......",
    "x..x....x..x....",
    "x.......x.x.x...",
    "..x.x.x.....x...",
    "x.x.x...x.......",
)
_CLOSES = ("x.......x.......", "..x.....x.......", "x...............", "........x.......")
_MOVES = (-2, -1, -1, 1, 1, 2, 0, 3)
_MAJOR_FIVE = (0, 2, 4, 7, 9)
_MINOR_FIVE = (0, 3, 5, 7, 10)
_LONGEST_BARS = 0.75


class Cell(msgspec.Struct, frozen=True):
    """A rhythm of 16 eighths and the steps from note to note."""

    rhythm: str
    moves: tuple[int, ...]


def motif_notes(passage: Passage, part: int) -> list[Note]:
    """The motif over a passage: cell, answer, cell on the new harmony, close."""
    rng = passage.dice(part)
    cell, answer = _cells(passage, part)
    plan = passage.score.parts[part]
    place = (plan.low + plan.high) / 2
    notes: list[Note] = []
    for half in range(0, len(passage.bars), 2):
        turn = (half // 2) % 4
        if turn == 1 and rng.random() < 0.45:
            continue  # let it breathe
        chosen = (cell, answer, cell, Cell(pick(rng, _CLOSES), answer.moves))[turn]
        written, place = _realised(passage, part, half, chosen, place=place, rng=rng)
        notes += written
    notes = stopped_by_repeats(notes)
    return with_echoes(passage, notes) if plan.echo else notes


def _cells(passage: Passage, part: int) -> tuple[Cell, Cell]:
    """The cell of this cycle and kind of section, and its answer: same rhythm or kin, mirrored moves."""
    kind = 1 if passage.section.kind == "b" else 0
    rng = dice(passage.score.spec.seed, _CELL_PLACE, passage.section.cycle, kind, part)
    rhythm = pick(rng, _CELLS)
    moves = tuple(pick(rng, _MOVES) for _ in range(rhythm.count("x")))
    reply = rhythm if rng.random() < 0.5 else pick(rng, _CELLS)
    mirrored = tuple(-move for move in reversed(moves)) or (0,)
    return Cell(rhythm, moves), Cell(reply, mirrored)


def _realised(
    passage: Passage, part: int, half: int, cell: Cell, *, place: float, rng: Dice
) -> tuple[list[Note], float]:
    plan = passage.score.parts[part]
    patch, _ = passage.palette(part)
    onsets = [index for index, sign in enumerate(cell.rhythm) if sign == "x"]
    notes: list[Note] = []
    for number, onset in enumerate(onsets):
        bar, fraction = half + onset // 8, (onset % 8) / 8
        if bar >= len(passage.bars):
            break
        sounding = passage.chord_at(bar, fraction)
        following = onsets[number + 1] if number + 1 < len(onsets) else 16
        length = min((following - onset) / 8, _LONGEST_BARS)
        strong = onset % 4 == 0 or length >= 0.5
        middle = (plan.low + plan.high) / 2
        aim = place + 2.2 * cell.moves[number % len(cell.moves)] + 0.2 * (middle - place)
        pitch = _tone(passage, sounding, aim, (plan.low, plan.high), strong=strong)
        place = float(pitch)
        late = slip_s(rng, passage.mood.loose_ms * 1.3)
        start = passage.pulse.sample(passage.section.first_bar + bar, fraction, late_s=late)
        end = passage.pulse.sample(passage.section.first_bar + bar, fraction + length)
        velocity = (0.66 if strong else 0.54) * passage.dynamics(bar) * float(rng.uniform(0.9, 1.05))
        notes.append(Note(start, max(end - start, 4800), pitch, min(1.0, velocity), patch, part))
    return notes, place


def _tone(passage: Passage, sounding: Chord, aim: float, register: tuple[int, int], *, strong: bool) -> int:
    five = _MINOR_FIVE if passage.mood.mode in ("aeolian", "dorian", "phrygian") else _MAJOR_FIVE
    allowed: Sequence[int] = sounding.tones
    if not strong:
        allowed = [(passage.score.tonic + step) % 12 for step in five]
        # no weak note a semitone from the chord's own tones unless it is one of them
        clear = [
            tone
            for tone in allowed
            if tone in sounding.tones or not {(tone + 1) % 12, (tone - 1) % 12} & set(sounding.tones)
        ]
        allowed = clear or sounding.tones
    choices = [pitch for pitch in range(register[0], register[1] + 1) if pitch % 12 in allowed]
    return min(choices, key=lambda pitch: (abs(pitch - aim), pitch))
