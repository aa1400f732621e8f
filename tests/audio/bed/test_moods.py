import re
import tomllib
from importlib.resources import files
from itertools import chain

import pytest

from saycut.audio.bed.harmony import MODES, progression
from saycut.audio.bed.moods import Mood, grooves, mood_named, moods
from saycut.audio.bed.synthesis.patches import PATCHES, Held, Hit
from saycut.errors import NotFound

ASKED = {"calm", "upbeat", "lofi", "cinematic", "acoustic", "corporate"}
ASKED |= {"tense", "happy", "sad", "ambient", "electronic", "funky"}
FIGURE_SIGNS = re.compile(r"[0-9XxouBFP.\-]+")
BASS_SIGNS = re.compile(r"[Rrga3578.\-]+")
BEAT_SIGNS = re.compile(r"[Xxog?.]+")


def every_mood() -> list[tuple[str, Mood]]:
    return list(moods().items())


def test_the_asked_moods_are_there() -> None:
    assert set(moods()) >= ASKED


def test_an_unknown_mood_is_not_found() -> None:
    with pytest.raises(NotFound, match="polka"):
        mood_named("polka")


@pytest.mark.parametrize(("name", "mood"), every_mood())
def test_every_chord_can_be_read_and_progressions_have_four_bars(name: str, mood: Mood) -> None:
    assert mood.mode in MODES
    for written in (*mood.a, *mood.b):
        assert len(progression(written, 0)) == 4, written
    for written in (*mood.cadence, *mood.final):
        assert progression(written, 0)
    assert all(progression(final, 0)[0][0].bass == 0 for final in mood.final)  # it ends on the tonic


@pytest.mark.parametrize(("name", "mood"), every_mood())
def test_every_part_names_sounds_and_patterns_that_exist(name: str, mood: Mood) -> None:
    tables = {
        "figure": set(grooves().figure),
        "bass": set(grooves().bassline),
        "drums": set(grooves().beat) & set(grooves().fill),
    }
    for part in mood.parts:
        if part.role in tables:
            assert set(part.figures) <= tables[part.role]
        if part.role == "drums":
            assert set(part.patches) <= set(grooves().kit)
        else:
            assert all(not isinstance(PATCHES[patch], Hit) for patch in part.patches)
            assert part.high - part.low >= 11
        if part.role == "pad":
            assert all(isinstance(PATCHES[patch], Held) for patch in part.patches)


@pytest.mark.parametrize(("name", "mood"), every_mood())
def test_something_plays_at_any_intensity_and_something_holds_the_end(name: str, mood: Mood) -> None:
    assert any(part.enter == 0.0 and part.chance == 1.0 and part.role != "drums" for part in mood.parts)
    assert any(part.role == "pad" for part in mood.parts)
    assert any(part.role == "bass" for part in mood.parts)


def test_every_drum_of_a_kit_exists() -> None:
    for kit in grooves().kit.values():
        assert all(isinstance(PATCHES[piece.patch], Hit) for piece in kit.values())


def test_patterns_use_only_signs_that_mean_something_and_divide_the_bar() -> None:
    for pattern in chain.from_iterable(grooves().figure.values()):
        assert FIGURE_SIGNS.fullmatch(pattern)
        assert len(pattern) in (12, 16)
    for pattern in chain.from_iterable(grooves().bassline.values()):
        assert BASS_SIGNS.fullmatch(pattern)
        assert len(pattern) == 16
    for beat in chain.from_iterable((*grooves().beat.values(), *grooves().fill.values())):
        assert all(BEAT_SIGNS.fullmatch(pattern) and len(pattern) in (12, 16) for pattern in beat.values())


@pytest.mark.parametrize("table", ["mood_words.toml", "titles.toml"])
def test_every_table_knows_every_mood(table: str) -> None:
    written = tomllib.loads(files("saycut.audio.bed").joinpath(table).read_text("utf-8"))
    assert set(written) == set(moods())
