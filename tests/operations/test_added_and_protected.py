"""add_audio: sounds on top; protect: what a turn leaves alone."""

from fractions import Fraction

import pytest

from saycut.errors import Impossible, NeedsAnswer
from saycut.operations.add_audio import AddAudio
from saycut.operations.add_music import AddMusic
from saycut.operations.base import NothingToDo
from saycut.operations.catalogue import in_working_order
from saycut.operations.delete import Delete
from saycut.operations.denoise import Denoise
from saycut.operations.level import Volume
from saycut.operations.mute import Mute
from saycut.operations.protect import Protect
from saycut.operations.replace_audio import ReplaceAudio
from saycut.timeline.project import Project
from tests.projects import GivenFacts, project, recording, video


def with_music() -> Project:
    return AddMusic().apply(project(video()), GivenFacts(), "1").project


def heard(timeline: Project) -> list[str]:
    return [track.role for track, _ in timeline.audible()]


def test_a_sound_is_laid_on_top_and_no_level_is_changed() -> None:
    before = project(video(), recording("ding", 2))
    added = AddAudio(role="sfx", start=3.5).apply(before, GivenFacts(), "1").project
    (segment,) = added.track("sound").segments
    assert (segment.at_s, segment.start_s, segment.duration_s) == (
        Fraction(88, 25),
        0,
        2,
    )  # the nearest frame
    assert heard(added) == ["main", "sound"]
    assert added.target is None
    assert added.track("main") == before.track("main")


def test_two_sounds_are_two_tracks_and_a_voiceover_is_a_voice() -> None:
    before = project(video(), recording("one", 2), recording("two", 2))
    both = AddAudio(source="one").apply(before, GivenFacts(), "1").project
    both = AddAudio(source="two", start=1).apply(both, GivenFacts(), "2").project
    both = AddAudio(source="two.wav", role="voiceover", start=-2).apply(both, GivenFacts(), "3").project
    assert [t.id for t in both.tracks] == ["main", "sound", "sound-2", "voiceover"]
    assert both.track("voiceover").segments[0].at_s == 18


def test_a_sound_that_does_not_fit_is_cut_and_said() -> None:
    added = AddAudio(start=15).apply(project(video(), recording("long", 30)), GivenFacts(), "1")
    assert added.project.duration_s == 20
    assert added.project.track("sound").segments[0].duration_s == 5
    assert "25 s of long.wav" in added.notes[0].en
    until = AddAudio(start=1, end=3).apply(project(video(), recording("long", 30)), GivenFacts(), "1")
    assert until.project.track("sound").segments[0].duration_s == 2


def test_a_sound_has_to_be_there() -> None:
    with pytest.raises(NeedsAnswer):
        AddAudio().apply(project(video()), GivenFacts(), "1")
    with pytest.raises(Impossible):
        AddAudio(source="nobody.wav").apply(project(video()), GivenFacts(), "1")


def test_what_is_protected_is_left_alone_and_said() -> None:
    kept = Protect(target="music").apply(with_music(), GivenFacts(), "1").project
    muted = Mute().apply(kept, GivenFacts(), "2")
    assert heard(muted.project) == ["music"]
    assert [note.en for note in muted.notes] == ["The music stays as it is."]
    louder = Volume(gain_db=6).apply(kept, GivenFacts(), "2").project
    assert louder.track("music-1") == kept.track("music-1")
    assert louder.track("main").segments[0].gain_db == 6


def test_what_names_only_the_protected_does_nothing() -> None:
    kept = Protect(target="music").apply(with_music(), GivenFacts(), "1").project
    for operation in (Mute(target="music"), Volume(target="music", gain_db=3), Delete(target="music")):
        with pytest.raises(NothingToDo, match="must stay"):
            operation.apply(kept, GivenFacts(), "2")
    original = Protect(target="original").apply(with_music(), GivenFacts(), "1").project
    with pytest.raises(NothingToDo, match="must stay"):
        Denoise().apply(original, GivenFacts(), "2")


def test_a_protected_original_is_heard_under_a_voiceover() -> None:
    kept = Protect(target="original").apply(project(video(), recording()), GivenFacts(), "1").project
    assert heard(ReplaceAudio().apply(kept, GivenFacts(), "2").project) == ["main", "voiceover"]


def test_protection_comes_first_wherever_it_was_said() -> None:
    said = [Mute(), Volume(gain_db=3), Protect(target="music")]
    assert [operation.name for operation in in_working_order(said)] == ["protect", "mute", "volume"]


def test_protecting_the_picture_and_what_is_not_there() -> None:
    timeline = project(video())
    assert Protect(target="video").apply(timeline, GivenFacts(), "1").project == timeline
    with pytest.raises(NothingToDo):
        Protect(target="music").apply(timeline, GivenFacts(), "1")
    with pytest.raises(Impossible):
        Protect(target="clip:2").apply(timeline, GivenFacts(), "1")
