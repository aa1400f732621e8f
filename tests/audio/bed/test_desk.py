import msgspec
import numpy as np

from saycut.audio.bed.compose import compose
from saycut.audio.bed.desk import Desk, Strip
from saycut.audio.bed.score import Note, Score
from saycut.audio.bed.spec import BedSpec
from saycut.audio.bed.synthesis.voices import Voices

BLOCK = 48_000


def score_with(**changes: object) -> Score:
    score = compose(BedSpec("electronic", 1, 20.0))
    parts = tuple(msgspec.structs.replace(part, **changes) for part in score.parts)
    return msgspec.structs.replace(score, mood=msgspec.structs.replace(score.mood, parts=parts))


def test_a_strip_hands_out_what_was_added_where_it_was_added() -> None:
    strip = Strip()
    strip.add(np.ones((2, 10), np.float32), 5)
    strip.add(np.full((2, 4), 2.0, np.float32), 8)
    taken = np.concatenate([strip.take(7), strip.take(7), strip.take(7)], axis=1)
    expected = np.zeros(21)
    expected[5:15] += 1
    expected[8:12] += 2
    assert np.array_equal(taken[0], expected)
    assert np.array_equal(taken[1], expected)


def test_a_note_sounds_from_its_start_and_on_its_side() -> None:
    score = score_with(send_db=-200.0, gain_db=0.0, pan=0.0, duck_db=0.0)
    desk = Desk(score, Voices(1), BLOCK, position=BLOCK)
    desk.add(Note(BLOCK + 12_000, 12_000, 72, 0.7, "kalimba", 1, pan=0.8))
    out = desk.mix()
    assert desk.position == 2 * BLOCK
    assert not np.abs(out[:, :11_990]).max() > 1e-6
    assert float(np.abs(out[1]).max()) > 3 * float(np.abs(out[0]).max()) > 0


def test_the_kick_pushes_ducked_parts_down() -> None:
    def with_kick(duck_db: float) -> float:
        desk = Desk(score_with(send_db=-200.0, duck_db=duck_db), Voices(1), BLOCK)
        desk.add(Note(0, BLOCK, 60, 0.7, "pad_saw", 0))
        desk.add(Note(24_000, 2400, 0, 0.9, "kick_deep", 5, gain_db=-120.0))
        out = desk.mix()
        return float(np.abs(out[:, 24_500:28_000]).mean() / np.abs(out[:, 16_000:23_500]).mean())

    assert with_kick(12.0) < 0.6 * with_kick(0.001)
