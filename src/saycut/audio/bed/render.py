"""From a score to sound, block by block."""

from collections.abc import Iterator

import numpy as np

from saycut.audio.bed.arrangement import section_notes
from saycut.audio.bed.desk import Desk
from saycut.audio.bed.level import Level, probed_level
from saycut.audio.bed.master import Compressor, Filter, ceiled, equaliser
from saycut.audio.bed.score import Note, Score
from saycut.audio.bed.synthesis.tone import Wave
from saycut.audio.bed.synthesis.voices import Voices
from saycut.audio.bed.voicing import Voicing
from saycut.pcm import RATE_HZ, Blocks

BLOCK_SAMPLES = 65_520  # 1.365 s: a multiple of the compressor's step, near a fast transform size
_EARLY_SAMPLES = 4800  # no note is this much earlier than its section
_RING_DOWN_DB = 24.0
_SILENT_LAST_S = 0.05


def render(score: Score) -> Blocks:
    """The sound of `score`: blocks of float32 (n, 2) at 48 kHz, together exactly `score.samples` long.

    The same score gives the same samples on the same machine. Memory does not grow with the length.
    The level is about -20 LUFS, the peak below -1.5 dBFS.
    """
    voices = Voices(score.spec.seed)
    level = probed_level(score, voices, BLOCK_SAMPLES)
    position = 0
    for block in _mastered(score, voices, level):
        count = min(block.shape[1], score.samples - position)
        closed = _closed(score, position, block[:, :count])
        position += count
        yield np.ascontiguousarray(closed.T, np.float32)


def _mastered(score: Score, voices: Voices, level: Level) -> Iterator[Wave]:
    tone, glue = Filter(equaliser(score.mood)), Compressor(score.mood.drive_db)
    desk, upcoming = Desk(score, voices, BLOCK_SAMPLES), Upcoming(score)
    while desk.position < score.samples:
        for note in upcoming.before(desk.position + BLOCK_SAMPLES):
            desk.add(note)
        yield ceiled(glue.process(tone.process(desk.mix()) * level.before) * level.after)


class Upcoming:
    """Notes handed out in time; a section is written only when its time comes."""

    def __init__(self, score: Score) -> None:
        self._score = score
        self._starts = [round(score.clock.at(section.first_bar) * RATE_HZ) for section in score.sections]
        self._voicings: dict[int, Voicing | None] = {}
        self._written = 0
        self._waiting: list[Note] = []

    def before(self, sample: int) -> list[Note]:
        """The notes that start before `sample` and have not been handed out."""
        sections = self._score.sections
        while self._written < len(sections) and self._starts[self._written] - _EARLY_SAMPLES < sample:
            self._waiting += section_notes(self._score, sections[self._written], self._voicings)
            self._written += 1
        due = [note for note in self._waiting if note.start < sample]
        self._waiting = [note for note in self._waiting if note.start >= sample]
        return due


def _closed(score: Score, position: int, block: Wave) -> Wave:
    """The last chord dies away: it loses 24 dB while it rings, and the room is gone 50 ms before the end."""
    if position + block.shape[1] <= score.final_sample:
        return block
    ring = score.samples - score.final_sample
    place = np.arange(position, position + block.shape[1], dtype=np.float64)
    through = np.clip((place - score.final_sample) / ring, 0.0, 1.0)
    dying = 10.0 ** (-_RING_DOWN_DB / 20.0 * np.clip((through - 0.3) / 0.7, 0.0, 1.0) ** 1.2)
    silent = score.samples - _SILENT_LAST_S * RATE_HZ
    last = min(1.2 * RATE_HZ, 0.35 * ring)
    shut = np.cos(np.clip((place - (silent - last)) / last, 0.0, 1.0) * np.pi / 2) ** 2
    closed: Wave = block * (dying * shut).astype(np.float32)
    return closed
