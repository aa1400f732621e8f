"""All the notes of a score, section by section."""

from collections.abc import Iterator

from saycut.audio.bed.bassline import bass_notes
from saycut.audio.bed.drumming import drum_notes
from saycut.audio.bed.ending import final_notes, tag_notes
from saycut.audio.bed.melody import motif_notes
from saycut.audio.bed.passage import Passage, passage
from saycut.audio.bed.players import figured_chords, held_chords
from saycut.audio.bed.score import Note, Score, Section
from saycut.audio.bed.voicing import Voicing


def notes(score: Score) -> Iterator[Note]:
    """Every note in order of sections, sorted by start within each.

    A note may start up to 30 ms before its section (human looseness) and an echo may start after it.
    """
    voicings: dict[int, Voicing | None] = {}
    for section in score.sections:
        yield from section_notes(score, section, voicings)


def section_notes(score: Score, section: Section, voicings: dict[int, Voicing | None]) -> list[Note]:
    """The notes of one section; `voicings` (part → last voicing) is carried on so that joints are smooth."""
    here = passage(score, section)
    if section.kind == "tag":
        found, led = tag_notes(here)
        voicings.update(led)
    else:
        found = []
        for part in range(len(score.parts)):
            if here.plays(part):
                found += _part_notes(here, part, voicings)
        found = [note for note in found if note.start < score.final_sample - 480]
    if section.index == len(score.sections) - 1:
        found += final_notes(here, voicings)
    return sorted(found, key=lambda note: (note.start, note.part, note.pitch))


def _part_notes(here: Passage, part: int, voicings: dict[int, Voicing | None]) -> list[Note]:
    role = here.score.parts[part].role
    if role == "bass":
        return bass_notes(here, part)
    if role == "drums":
        return drum_notes(here, part)
    if role == "motif":
        return motif_notes(here, part)
    player = held_chords if role == "pad" else figured_chords
    written, voicings[part] = player(here, part, voicings.get(part))
    return written
