import pytest
from hypothesis import given
from hypothesis import strategies as st

from saycut.audio.bed.harmony import MODES, QUALITIES, chord, fitting_scale, nearest, progression, scale
from saycut.errors import Internal

C, G = 0, 7


def test_a_chord_has_the_tones_of_its_name() -> None:
    assert set(chord("Imaj9", C).tones) == {4, 11, 2, 7}
    assert set(chord("VIm7", C).tones) == {9, 0, 4, 7}
    assert set(chord("bVImaj7", C).tones) == {8, 0, 3, 7}
    assert set(chord("V7", G).tones) == {2, 6, 9, 0}


def test_a_slash_puts_a_step_of_the_major_scale_into_the_bass() -> None:
    inverted = chord("V/7", C)
    assert (inverted.root, inverted.bass) == (7, 11)
    assert chord("Im/b7", C).bass == 10
    assert chord("VIm7", C).bass == 9


@pytest.mark.parametrize("misspelt", ["VIIIm", "Ifoo", "", "i", "V/8"])
def test_a_misspelt_chord_is_refused(misspelt: str) -> None:
    with pytest.raises(Internal):
        chord(misspelt, C)


def test_third_fifth_and_seventh_are_found_in_every_colour() -> None:
    dominant = chord("V13", C)  # written without its fifth
    assert (dominant.third, dominant.fifth, dominant.seventh) == (11, 2, 5)
    assert chord("IIm7b5", C).fifth == 8
    suspended = chord("Vsus", C)
    assert suspended.third == suspended.root
    assert chord("I", C).seventh == chord("I", C).fifth


def test_a_progression_splits_bars_and_shared_bars() -> None:
    bars = progression("IVmaj9 V9sus.V13", C)
    assert [len(bar) for bar in bars] == [1, 2]
    assert [sounding.name for bar in bars for sounding in bar] == ["IVmaj9", "V9sus", "V13"]


@given(st.sampled_from(sorted(MODES)), st.integers(0, 11), st.sampled_from(sorted(QUALITIES)))
def test_the_bent_scale_holds_the_chord_and_no_neighbour_of_its_foreign_tones(
    mode: str, tonic: int, quality: str
) -> None:
    sounding = chord(f"V{quality}", tonic)
    bent = set(fitting_scale(mode, tonic, sounding))
    assert set(sounding.tones) <= bent
    for foreign in set(sounding.tones) - set(scale(mode, tonic)):
        for neighbour in {(foreign + 1) % 12, (foreign - 1) % 12}:
            assert neighbour not in bent or neighbour in sounding.tones


@given(st.integers(0, 11), st.floats(20, 100), st.integers(24, 60))
def test_nearest_stays_in_the_register(pitch_class: int, to: float, low: int) -> None:
    pitch = nearest(pitch_class, to, low, low + 12)
    assert pitch % 12 == pitch_class
    assert low <= pitch <= low + 12
    assert all(
        abs(pitch - to) <= abs(other - to) for other in (pitch - 12, pitch + 12) if low <= other <= low + 12
    )
