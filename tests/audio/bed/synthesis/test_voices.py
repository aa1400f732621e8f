import numpy as np
import pytest

from saycut.audio.bed.score import Note
from saycut.audio.bed.synthesis.loudness import weighted
from saycut.audio.bed.synthesis.voices import Voices
from saycut.pcm import RATE_HZ


def test_a_note_is_the_same_whether_it_was_kept_or_not() -> None:
    note = Note(480, 24_000, 60, 0.7, "felt_piano", 0, 0.2)
    roomy, cramped = Voices(3), Voices(3, room_bytes=1)
    first = roomy.sound(note)
    assert np.array_equal(first, roomy.sound(note))
    for pitch in (61, 62):
        cramped.sound(Note(0, 24_000, pitch, 0.7, "felt_piano", 0))
    assert np.array_equal(first, cramped.sound(note))


def test_a_note_let_go_is_damped_and_one_that_rings_is_not() -> None:
    voices = Voices(1)
    short = voices.sound(Note(0, 12_000, 55, 0.7, "nylon", 0))
    long = voices.sound(Note(0, 480_000, 55, 0.7, "nylon", 0))
    assert short.shape[1] <= 12_000 + round(0.25 * RATE_HZ)
    assert long.shape[1] > 2 * RATE_HZ
    assert np.array_equal(short[:, :12_000], long[:, :12_000])
    assert float(np.abs(short[:, -1]).max()) < 1e-4


@pytest.mark.parametrize(
    "patch", ["felt_piano", "steel", "epiano", "marimba", "synth_pluck", "pad_warm", "strings"]
)
def test_all_pitches_of_a_sound_are_about_equally_loud(patch: str) -> None:
    voices = Voices(1)
    levels = []
    for pitch in (50, 57, 64, 71):
        heard = weighted(voices.sound(Note(0, RATE_HZ, pitch, 0.65, patch, 0)))[:, :RATE_HZ].astype(
            np.float64
        )
        power = np.convolve(np.square(heard).sum(axis=0), np.full(9600, 1 / 9600), "valid").max()
        levels.append(10 * np.log10(power))
    assert max(levels) - min(levels) < 4.0


def test_velocity_pan_and_gain_are_heard() -> None:
    voices = Voices(1)

    def peak(note: Note) -> float:
        return float(np.abs(voices.sound(note)).max())

    plain = Note(0, 9600, 60, 0.6, "celesta", 0)
    assert peak(Note(0, 9600, 60, 0.65, "celesta", 0)) > 1.1 * peak(plain)
    assert peak(Note(0, 9600, 60, 0.6, "celesta", 0, 0.0, -6.02)) == pytest.approx(
        0.5 * peak(plain), rel=1e-3
    )
    left, right = np.abs(voices.sound(Note(0, 9600, 60, 0.6, "celesta", 0, -1.0))).max(axis=1)
    assert right < 1e-6 < left


def test_what_is_kept_is_bounded() -> None:
    room = 4 << 20
    voices = Voices(1, room_bytes=room)
    for pitch in range(40, 80):
        voices.sound(Note(0, 9600, pitch, 0.6, "piano", 0))
    assert voices.kept_bytes <= room
