from itertools import islice

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saycut.audio.bed.arrangement import notes
from saycut.audio.bed.compose import compose
from saycut.audio.bed.harmony import scale
from saycut.audio.bed.moods import moods
from saycut.audio.bed.passage import passage
from saycut.audio.bed.score import Note, Score
from saycut.audio.bed.spec import BedSpec
from saycut.errors import Impossible, LimitExceeded, NotFound

MOODS = st.sampled_from(list(moods()))


def written(mood: str, seed: int, duration_s: float) -> tuple[Score, list[Note]]:
    score = compose(BedSpec(mood, seed, duration_s))
    return score, list(notes(score))


@settings(max_examples=60, deadline=None)
@given(MOODS, st.integers(-5, 2**70), st.floats(0.1, 200))
def test_every_note_lies_in_the_piece_and_can_be_played(mood: str, seed: int, duration_s: float) -> None:
    score, found = written(mood, seed, duration_s)
    assert score.samples == round(duration_s * 48_000)
    assert found
    for note in found:
        assert 0 <= note.start < score.samples
        assert note.length > 0
        assert 0 < note.velocity <= 1
        assert 0 <= note.pitch <= 108
        assert 0 <= note.part < len(score.parts)
        assert note.start + note.length <= score.samples or score.parts[note.part].role == "drums"


@settings(max_examples=40, deadline=None)
@given(MOODS, st.integers(0, 10_000), st.floats(8, 120))
def test_every_note_belongs_to_the_scale_or_to_its_chord(mood: str, seed: int, duration_s: float) -> None:
    """Colour tones (of borrowed and altered chords) are heard only while a chord of the piece holds them."""
    score, found = written(mood, seed, duration_s)
    allowed = set(scale(score.mood.mode, score.tonic))
    for section in score.sections:
        for bar in passage(score, section).bars:
            for sounding in bar:
                allowed |= set(sounding.tones) | {sounding.bass}
    for note in found:
        if note.pitch:
            assert note.pitch % 12 in allowed


@pytest.mark.parametrize("mood", list(moods()))
def test_chord_players_sound_chord_tones_only(mood: str) -> None:
    score = compose(BedSpec(mood, 5, 60.0))
    for section in score.sections:
        here = passage(score, section)
        tones = {tone for bar in here.bars for sounding in bar for tone in (*sounding.tones, sounding.bass)}
        tones |= {sounding.fifth for bar in here.bars for sounding in bar}
        start, end = (
            round(score.clock.at(bar) * 48_000)
            for bar in (section.first_bar, section.first_bar + section.bars)
        )
        inside = [n for n in notes(score) if start <= n.start < end - 4800]
        for note in inside:
            if score.parts[note.part].role in ("pad", "figure") and not score.parts[note.part].echo:
                assert note.pitch % 12 in tones


@given(MOODS, st.integers(0, 100), st.floats(1, 90))
@settings(max_examples=15, deadline=None)
def test_the_same_spec_gives_the_same_notes(mood: str, seed: int, duration_s: float) -> None:
    assert written(mood, seed, duration_s)[1] == written(mood, seed, duration_s)[1]


@pytest.mark.parametrize("mood", list(moods()))
def test_different_seeds_give_different_music(mood: str) -> None:
    pieces = [written(mood, seed, 40.0) for seed in range(6)]
    assert len({tuple((n.pitch, n.start) for n in found) for _, found in pieces}) == 6
    assert len({score.tonic for score, _ in pieces}) >= 3
    assert len({frozenset(n.patch for n in found) for _, found in pieces}) >= 2


@pytest.mark.parametrize("mood", list(moods()))
def test_the_tempo_is_the_moods_or_the_asked_one(mood: str) -> None:
    slow, fast = moods()[mood].tempo_bpm
    for seed in range(5):
        assert 0.96 * slow <= compose(BedSpec(mood, seed, 45.0)).tempo_bpm <= 1.04 * fast
    asked = compose(BedSpec(mood, 1, 45.0, 99.0)).tempo_bpm
    assert abs(asked / 99.0 - 1) <= 0.04 + 1e-9


def test_a_bed_is_no_loop() -> None:
    """No two of its eight-bar sections have the same notes at the same places with the same force."""
    score, found = written("corporate", 3, 300.0)
    seen = set()
    full = [section for section in score.sections if section.bars == 8]
    for section in full:
        start = round(score.clock.at(section.first_bar) * 48_000)
        end = round(score.clock.at(section.first_bar + 8) * 48_000)
        seen.add(tuple((n.pitch, round((n.start - start) / 2400)) for n in found if start <= n.start < end))
    assert len(seen) == len(full) >= 8


@pytest.mark.parametrize("mood", list(moods()))
def test_the_piece_ends_on_the_tonic(mood: str) -> None:
    score, found = written(mood, 9, 30.0)
    final = [n for n in found if n.start >= score.final_sample - 480 and n.pitch]
    bass = [n for n in final if score.parts[n.part].role in ("bass", "pad", "figure")]
    assert min(bass, key=lambda n: n.pitch).pitch % 12 in {score.tonic, *scale(score.mood.mode, score.tonic)}
    low = [n for n in final if score.parts[n.part].role == "bass"]
    assert all(n.pitch % 12 == score.tonic for n in low)
    assert len({n.pitch for n in final}) >= 4


def test_a_piece_of_hours_is_written_as_it_is_needed() -> None:
    score = compose(BedSpec("lofi", 1, 12 * 3600.0))
    assert len(list(islice(notes(score), 500))) == 500
    assert len(msgspec.json.encode(score.sections)) < 1_000_000


def test_repeated_notes_do_not_overlap_on_one_string() -> None:
    score, found = written("acoustic", 2, 60.0)
    playing: dict[tuple[int, int], int] = {}
    for note in sorted(found, key=lambda n: n.start):
        plan = score.parts[note.part]
        if plan.role == "figure" and not plan.echo and note.start < score.final_sample - 4800:
            assert playing.get((note.part, note.pitch), 0) <= note.start + 4800
            playing[note.part, note.pitch] = note.start + note.length


@pytest.mark.parametrize(
    ("spec", "error"),
    [
        (BedSpec("polka", 1, 30.0), NotFound),
        (BedSpec("calm", 1, 0.0), Impossible),
        (BedSpec("calm", 1, -3.0), Impossible),
        (BedSpec("calm", 1, float("nan")), Impossible),
        (BedSpec("calm", 1, 13 * 3600.0), LimitExceeded),
        (BedSpec("calm", 1, 30.0, 5.0), Impossible),
        (BedSpec("calm", 1, 30.0, 1000.0), Impossible),
    ],
)
def test_what_cannot_be_is_refused(spec: BedSpec, error: type[Exception]) -> None:
    with pytest.raises(error):
        compose(spec)
