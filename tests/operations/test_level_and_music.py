"""add_music, duck, volume, normalize, enhance_audio, export."""

from fractions import Fraction

import pytest

from saycut.errors import Impossible
from saycut.operations.add_music import DUCK_DB, UNDER_VOICE_LU, AddMusic, Duck
from saycut.operations.base import NothingToDo
from saycut.operations.exporting import Export, ExtractAudio
from saycut.operations.level import EnhanceAudio, Normalize, Volume
from saycut.operations.replace_audio import ReplaceAudio
from saycut.timeline.project import LoudnessTarget, Output
from tests.projects import GivenFacts, project, recording, video


def test_a_bed_is_composed_for_the_clip_and_the_same_one_each_time() -> None:
    one, other = (
        AddMusic(mood="calm").apply(project(video()), GivenFacts(), "1.0").project for _ in range(2)
    )
    assert one == other
    track = one.track("music-1")
    bed = one.asset(track.segments[0].asset_id).bed
    assert bed is not None
    assert bed.mood == "calm"
    assert track.segments[0].duration_s == 20
    assert (track.under_voice_lu, track.duck_db) == (UNDER_VOICE_LU, DUCK_DB)
    assert one.target == LoudnessTarget()


def test_another_turn_composes_another_bed() -> None:
    one = AddMusic().apply(project(video()), GivenFacts(), "1.0").project
    other = AddMusic().apply(project(video()), GivenFacts(), "2.0").project
    assert one.track("music-1").segments[0].asset_id != other.track("music-1").segments[0].asset_id


def test_a_short_song_is_repeated_to_the_end() -> None:
    song = recording("song", 8)
    added = AddMusic(source="song.wav").apply(project(video(), song), GivenFacts(), "1").project
    assert [(s.at_s, s.duration_s) for s in added.track("music-1").segments] == [(0, 8), (8, 8), (16, 4)]
    once = AddMusic(source="song.wav", loop=False).apply(project(video(), song), GivenFacts(), "1").project
    assert len(once.track("music-1").segments) == 1


def test_the_users_own_folder_comes_before_the_composer() -> None:
    mine = recording("mine", 60)
    added = AddMusic().apply(project(video()), GivenFacts(library=mine), "1").project
    assert added.track("music-1").segments[0].asset_id == "mine"


def test_volume_in_percent_is_measured_against_the_voice() -> None:
    track = (
        AddMusic(volume=50, duck=False).apply(project(video()), GivenFacts(), "1").project.track("music-1")
    )
    assert track.under_voice_lu == pytest.approx(6.02, abs=0.01)
    assert track.duck_db == 0


def test_a_range_of_music_and_a_second_track() -> None:
    first = AddMusic(start=0, end=5).apply(project(video()), GivenFacts(), "1").project
    both = AddMusic(start=10).apply(first, GivenFacts(), "2").project
    assert [(t.segments[0].at_s, t.segments[-1].end_s) for t in both.tracks if t.role == "music"] == [
        (0, 5),
        (10, 20),
    ]


def test_replacing_by_a_mood_means_music_instead_of_the_sound() -> None:
    result = ReplaceAudio(mood="happy").apply(project(video()), GivenFacts(), "1").project
    assert [track.role for track, _ in result.audible()] == ["music"]


def test_duck_needs_music() -> None:
    with pytest.raises(NothingToDo):
        Duck().apply(project(video()), GivenFacts(), "1")
    added = AddMusic(duck=False).apply(project(video()), GivenFacts(), "1").project
    assert Duck().apply(added, GivenFacts(), "2").project.track("music-1").duck_db == DUCK_DB


@pytest.mark.parametrize(
    ("volume", "gain_db"),
    [
        (Volume(gain_db=-4.5), -4.5),
        (Volume(percent=50), -6.02),
        (Volume(direction="up"), 3.0),
        (Volume(direction="down"), -3.0),
    ],
)
def test_volume_says_how_much(volume: Volume, gain_db: float) -> None:
    outcome = volume.apply(project(video()), GivenFacts(), "1")
    assert outcome.project.tracks[0].segments[0].gain_db == pytest.approx(gain_db, abs=0.01)


def test_volume_over_a_range_and_on_a_track_that_is_not_there() -> None:
    changed = Volume(gain_db=6, start=5, end=10).apply(project(video()), GivenFacts(), "1").project
    assert [s.gain_db for s in changed.tracks[0].segments] == [0, 6, 0]
    with pytest.raises(Impossible):
        Volume(target="music", gain_db=1).apply(project(video()), GivenFacts(), "1")


@pytest.mark.parametrize(
    ("operation", "lufs"),
    [
        (Normalize(), -14),
        (Normalize(lufs=-20), -20),
        (Normalize(platform="podcast"), -16),
        (EnhanceAudio(), -14),
    ],
)
def test_targets(operation: Normalize | EnhanceAudio, lufs: float) -> None:
    target = operation.apply(project(video()), GivenFacts(), "1").project.target
    assert target == LoudnessTarget(lufs=lufs)


def test_impossible_targets_are_refused() -> None:
    for operation in (Normalize(lufs=3), Normalize(platform="gramophone")):
        with pytest.raises(Impossible):
            operation.apply(project(video()), GivenFacts(), "1")


def test_export_says_what_file_and_extract_audio_which_sound() -> None:
    exported = Export(format="webm", resolution="720p", platform="podcast").apply(
        project(video()), GivenFacts(), "1"
    )
    assert exported.project.output == Output(format="webm", short_side=720)
    assert exported.project.target == LoudnessTarget(lufs=-16)
    sound = ExtractAudio(format="wav").apply(project(video()), GivenFacts(), "1").project.output
    assert sound == Output(format="wav", sound_only=True)
    for bad in (Export(format="exe"), Export(resolution="9000p")):
        with pytest.raises(Impossible):
            bad.apply(project(video()), GivenFacts(), "1")
    with pytest.raises(Impossible):
        ExtractAudio().apply(project(video(sound=False)), GivenFacts(), "1")


def test_the_target_of_a_request_is_not_taken_back_by_adding_music() -> None:
    quiet = Normalize(lufs=-16).apply(project(video()), GivenFacts(), "1").project
    assert AddMusic().apply(quiet, GivenFacts(), "2").project.target == LoudnessTarget(lufs=-16)
    assert Fraction(20) == quiet.duration_s


def test_a_level_that_will_be_refused_can_still_be_said() -> None:
    for refused in (Normalize(lufs=-3), Normalize(platform="the moon")):
        assert "LUFS" in refused.describe().en
        with pytest.raises(Impossible):
            refused.target_lufs()
