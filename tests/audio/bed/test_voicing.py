import pytest
from hypothesis import given
from hypothesis import strategies as st

from saycut.audio.bed.harmony import QUALITIES, chord
from saycut.audio.bed.moods import moods
from saycut.audio.bed.voicing import Register, voiced
from saycut.errors import Internal

MIDDLE = Register(52, 74, 4)
NUMERALS = st.sampled_from(["I", "II", "III", "IV", "V", "VI", "bVI", "bVII"])


@given(NUMERALS, st.sampled_from(sorted(QUALITIES)), st.integers(0, 11), st.integers(3, 5))
def test_a_voicing_is_the_chord_in_its_register(numeral: str, quality: str, tonic: int, voices: int) -> None:
    register = Register(50, 72, voices)
    sounding = chord(numeral + quality, tonic)
    pitches = voiced(sounding, None, register)
    assert min(voices, len(sounding.tones)) <= len(pitches) <= voices
    assert list(pitches) == sorted(set(pitches))
    assert all(register.low <= pitch <= register.high for pitch in pitches)
    allowed = {*sounding.tones, sounding.root, sounding.fifth, sounding.third}
    assert {pitch % 12 for pitch in pitches} <= allowed
    assert {pitch % 12 for pitch in pitches} >= set(sounding.tones[: min(3, voices)])


def test_common_tones_stay() -> None:
    first = voiced(chord("I", 0), None, MIDDLE)
    second = voiced(chord("VIm", 0), first, MIDDLE)
    assert len(set(first) & set(second)) >= 2


@pytest.mark.parametrize("mood", list(moods()))
def test_voices_move_little_from_chord_to_chord(mood: str) -> None:
    """Rules of part writing in numbers: about two semitones a voice, and the top voice hardly leaps."""
    table = moods()[mood]
    moved: list[float] = []
    top: list[int] = []
    for written in (*table.a, *table.b):
        chords = [chord(symbol, 0) for bar in written.split() for symbol in bar.split(".")]
        before = voiced(chords[0], None, MIDDLE)
        for sounding in [*chords[1:], chords[0]]:
            now = voiced(sounding, before, MIDDLE)
            moved += [abs(new - old) for new, old in zip(now, before, strict=True)]
            top.append(abs(now[-1] - before[-1]))
            before = now
    assert sum(moved) / len(moved) <= 2.4
    assert max(top) <= 5


def test_a_register_too_narrow_for_the_chord_is_a_mistake_in_the_table() -> None:
    with pytest.raises(Internal):
        voiced(chord("Imaj7", 0), None, Register(60, 63, 4))
