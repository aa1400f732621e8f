"""The end: the final chord, rolled and left ringing, and the tag that very short pieces are."""

from saycut.audio.bed.draw import dice, pick
from saycut.audio.bed.harmony import Chord, chord, nearest
from saycut.audio.bed.moods import grooves
from saycut.audio.bed.passage import Passage
from saycut.audio.bed.players import pan_in_pad, share_db
from saycut.audio.bed.score import Note, Score
from saycut.audio.bed.voicing import Register, Voicing, voiced
from saycut.pcm import RATE_HZ

_FINAL_PLACE = 6
_ROLL_S, _ROLL_SHARE = 0.035, 0.04  # from note to note: seconds, and at most this share of the chord
_CHORD_VELOCITY = 0.6
_TAG_ROLES = ("pad", "figure", "bass", "motif")
_TAG_FIGURES = 2  # a tag is a small gesture: two players and the pad are enough


def final_chord(score: Score) -> Chord:
    """The chord on the tonic that the piece ends with."""
    return chord(pick(dice(score.spec.seed, _FINAL_PLACE), score.mood.final), score.tonic)


def final_notes(passage: Passage, voicings: dict[int, Voicing | None]) -> list[Note]:
    """Everybody who plays at the end, and the pads in any case, strike the final chord and let it ring."""
    score = passage.score
    sounding = final_chord(score)
    start = score.final_sample
    ring = score.samples - start
    playing = tag_parts(score) if passage.section.kind == "tag" else range(len(score.parts))
    notes: list[Note] = []
    for part in playing:
        plan = score.parts[part]
        if not (
            passage.plays(part) or plan.enter == 0.0 or plan.role == "pad" or passage.section.kind == "tag"
        ):
            continue
        notes += _final_of(passage, part, sounding, voicings.get(part), (start, ring))
    return notes


def _final_of(
    passage: Passage, part: int, sounding: Chord, before: Voicing | None, span: tuple[int, int]
) -> list[Note]:
    score = passage.score
    plan = score.parts[part]
    patch, _ = passage.palette(part)
    start, ring = span
    length = round(0.8 * ring)
    if plan.role == "drums":
        return _final_beat(passage, part, start)
    if plan.role == "bass":
        pitch = nearest(sounding.bass, (plan.low + plan.high) / 2 - 2, plan.low, plan.high)
        return [Note(start, length, pitch, 0.66, patch, part)]
    if plan.role == "motif":
        late = start + round(min(0.5 * score.clock.bar_s * RATE_HZ, 0.25 * ring))
        pitch = nearest(sounding.fifth, (plan.low + plan.high) / 2, plan.low, plan.high)
        return [Note(late, round(0.6 * ring), pitch, 0.46, patch, part)]
    pitches = voiced(sounding, before, Register(plan.low, plan.high, plan.voices))
    return _rolled(score, part, patch, pitches, (start, length))


def _rolled(score: Score, part: int, patch: str, pitches: Voicing, span: tuple[int, int]) -> list[Note]:
    """A chord over `span` (start, length), its notes one after another from below; a pad's all at once."""
    plan = score.parts[part]
    start, length = span
    gap = (
        0.0
        if plan.role == "pad"
        else min(max(_ROLL_S, plan.strum_ms / 1000.0) * RATE_HZ, _ROLL_SHARE * length)
    )
    given_db = share_db(len(pitches), 10.0 if plan.role == "pad" else 5.0)
    notes: list[Note] = []
    for index, pitch in enumerate(pitches):
        late = round(index * gap)
        notes.append(
            Note(
                start + late, length - late, pitch, _CHORD_VELOCITY, patch, part, pan_in_pad(index), given_db
            )
        )
    return notes


def _final_beat(passage: Passage, part: int, start: int) -> list[Note]:
    kit = grooves().kit[passage.palette(part)[0]]
    notes = [Note(start, 2400, 0, 0.5, "cymbal", part, 0.2, -14.0)]
    if "kick" in kit:
        notes.append(Note(start, 2400, 0, 0.6, kit["kick"].patch, part, 0.0, kit["kick"].gain_db))
    return notes


def tag_parts(score: Score) -> list[int]:
    """Who plays in a tag: pads, which carry the sound to the end, the bass, at most two figures; no drums."""
    chosen: list[int] = []
    figures = 0
    for part, plan in enumerate(score.parts):
        if plan.role not in _TAG_ROLES or (plan.enter > 0.5 and plan.role != "pad"):
            continue
        if plan.role == "figure":
            figures += 1
            if figures > _TAG_FIGURES:
                continue
        chosen.append(part)
    return chosen


def tag_notes(passage: Passage) -> tuple[list[Note], dict[int, Voicing | None]]:
    """The chords before the resolution, rolled gently; the motif waits for the end."""
    score = passage.score
    notes: list[Note] = []
    voicings: dict[int, Voicing | None] = {}
    for part in tag_parts(score):
        plan = score.parts[part]
        patch, _ = passage.palette(part)
        if plan.role == "motif":
            continue
        before: Voicing | None = None
        chords = passage.bars[0]
        for index, sounding in enumerate(chords):
            start = passage.pulse.sample(0, index / len(chords), straight=True)
            end = passage.pulse.sample(0, (index + 1) / len(chords), straight=True)
            if plan.role == "bass":
                pitches: Voicing = (nearest(sounding.bass, plan.low + 6, plan.low, plan.high),)
            else:
                pitches = before = voiced(sounding, before, Register(plan.low, plan.high, plan.voices))
            notes += _rolled(score, part, patch, pitches, (start, end - start))
        voicings[part] = before
    return notes, voicings
