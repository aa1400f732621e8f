from fractions import Fraction

import pytest

from saycut.timeline.project import Track
from saycut.timeline.summary import summary_line
from tests.projects import project, recording, segment, video


def test_the_pictures_length_wins() -> None:
    longer = Track(id="voiceover", role="voiceover", segments=(segment(recording(seconds=90)),))
    assert project(video(seconds=12), recording(seconds=90)).with_track(longer).duration_s == 12


def test_sound_brought_beside_a_picture_stays_off_the_timeline() -> None:
    both = project(video(), recording())
    assert [a.id for a in both.beside()] == ["lav"]
    assert both.on_timeline == {"clip"}
    assert project(recording()).beside() == ()


def test_the_grid_is_the_pictures_frames_or_samples() -> None:
    assert project(video()).grid_hz == Fraction(25)
    assert project(recording()).grid_hz == 48_000
    assert project(recording()).frame_rate is None


def test_unknown_ids_are_key_errors() -> None:
    with pytest.raises(KeyError):
        project(video()).asset("nope")
    with pytest.raises(KeyError):
        project(video()).track("nope")


def test_the_summary_line_is_that_of_the_contract() -> None:
    bed = recording("Lo-fi", 10)
    music = Track(id="music-1", role="music", segments=(segment(bed),), gain_db=-9.1)
    whole = project(video("city", 10), bed).with_track(music)
    assert (
        summary_line(whole)
        == "Timeline (2 tracks): 1. Video: city.mp4 (0-10s) 2. BGM: Lo-fi.wav (0-10s, 35%)"
    )
    assert summary_line(project(recording(seconds=3))) == "Timeline (1 track): 1. Audio: lav.wav (0-3s)"
