from fractions import Fraction

import pytest

from saycut.timeline.project import Title, Track
from saycut.timeline.summary import summary_line
from saycut.timeline.value import but
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
    city = but(video("city", 10), name="city timelapse")
    bed = but(recording("bed", 10), name="Lo-fi")
    music = Track(id="music-1", role="music", segments=(segment(bed),), gain_db=-9.1)
    title = Title(by="1", text="Urban Dreams", start_s=Fraction(0), end_s=Fraction(3))
    whole = but(project(city, bed).with_track(music), titles=(title,))
    assert (
        summary_line(whole)
        == "Timeline (3 tracks): 1. Video: city timelapse (0-10s) 2. BGM: Lo-fi (0-10s, 35%)"
        ' 3. Title: "Urban Dreams" (0-3s)'
    )
    two = but(whole, titles=(title, but(title, text="The\nend", start_s=Fraction(7), end_s=Fraction(19, 2))))
    assert summary_line(two).endswith('3. Title: "Urban Dreams", "The end" (0-9.5s)')
    assert summary_line(project(recording(seconds=3))) == "Timeline (1 track): 1. Audio: lav.wav (0-3s)"
