"""replace_audio, sync_audio, mute: whose sound is heard."""

from fractions import Fraction

import pytest

from saycut.errors import Impossible, NeedsAnswer
from saycut.operations.base import NothingToDo
from saycut.operations.mute import Mute, Unmute
from saycut.operations.replace_audio import ReplaceAudio
from saycut.operations.sync_audio import SyncAudio
from saycut.operations.trim_silence import TrimSilence
from saycut.timeline.project import LoudnessTarget, Project
from saycut.timeline.value import but
from tests.projects import OTHER, SAME, GivenFacts, project, recording, video


def heard(result: Project) -> list[tuple[str, str]]:
    return [(track.role, segment.asset_id) for track, segment in result.audible()]


def test_mute_leaves_nothing_to_hear_and_loses_nothing() -> None:
    muted = Mute().apply(project(video()), GivenFacts(), "1").project
    assert heard(muted) == []
    assert Unmute().apply(muted, GivenFacts(), "2").project == project(video())


def test_mute_of_a_range_keeps_the_rest() -> None:
    muted = Mute(start=4, end=6).apply(project(video()), GivenFacts(), "1").project
    assert [(s.at_s, s.end_s) for _, s in muted.audible()] == [(0, 4), (6, 20)]


def test_mute_of_a_silent_clip_is_nothing_to_do() -> None:
    with pytest.raises(NothingToDo):
        Mute().apply(project(video(sound=False)), GivenFacts(), "1")


def test_mute_of_sound_alone_is_refused() -> None:
    with pytest.raises(Impossible):
        Mute().apply(project(recording()), GivenFacts(), "1")


def test_replace_places_another_performance_at_the_start_and_says_so() -> None:
    outcome = ReplaceAudio().apply(project(video(), recording(seconds=30)), GivenFacts(match=OTHER), "1")
    assert heard(outcome.project) == [("voiceover", "lav")]
    (voice,) = outcome.project.track("voiceover").segments
    assert (voice.at_s, voice.start_s, voice.duration_s) == (0, 0, 20)
    assert outcome.measured["aligned"] is False
    said = " ".join(note.en for note in outcome.notes)
    assert "other words" in said
    assert "10 s longer" in said


def test_replace_aligns_the_same_performance() -> None:
    match = but(SAME, offset_s=Fraction(-13, 10), drift_ppm=40.0)
    outcome = ReplaceAudio(source="lav").apply(project(video(), recording()), GivenFacts(match=match), "1")
    (voice,) = outcome.project.track("voiceover").segments
    assert (voice.at_s, voice.start_s, voice.duration_s) == (0, Fraction(13, 10), 20)
    assert voice.drift_ppm == 40.0
    assert outcome.measured == {"offset_s": -1.3, "drift_ppm": 40.0, "confidence": 0.9, "aligned": True}
    assert outcome.project.target == LoudnessTarget(lufs=-14.0, ceiling_dbtp=-1.0)


def test_replace_pads_a_short_voiceover_with_silence_and_says_so() -> None:
    outcome = ReplaceAudio().apply(project(video(), recording(seconds=12)), GivenFacts(), "1")
    assert outcome.project.duration_s == 20
    assert any("8 s shorter" in note.en for note in outcome.notes)


def test_replace_without_a_recording_asks() -> None:
    with pytest.raises(NeedsAnswer):
        ReplaceAudio().apply(project(video()), GivenFacts(), "1")


def test_replace_by_a_name_that_is_not_there_is_refused() -> None:
    with pytest.raises(Impossible, match=r"nobody\.wav"):
        ReplaceAudio(source="nobody.wav").apply(project(video(), recording()), GivenFacts(), "1")


def test_sync_delays_the_recording_and_silences_the_camera() -> None:
    match = but(SAME, offset_s=Fraction(2))
    lav = recording(seconds=30)
    outcome = SyncAudio().apply(project(video(), lav), GivenFacts(match=match), "1")
    (laid,) = outcome.project.track("recording").segments
    assert (laid.at_s, laid.start_s, laid.duration_s) == (2, 0, 18)
    # the first two seconds of the lav do not exist: the camera is heard there
    assert [(t.role, s.at_s, s.end_s) for t, s in outcome.project.audible()] == [
        ("main", 0, 2),
        ("recording", 2, 20),
    ]
    assert len(outcome.notes) == 1
    assert outcome.measured["offset_s"] == 2.0


def test_sync_after_cuts_gives_what_cuts_after_sync_give() -> None:
    before = project(video(), recording(seconds=40))
    facts = GivenFacts(
        match=but(SAME, offset_s=Fraction(-3)),
        voice={"clip": ((Fraction(0), Fraction(1)),), "lav": ((Fraction(0), Fraction(1)),)},
        cuts=((Fraction(4), Fraction(6)), (Fraction(10), Fraction(15))),
    )
    one = TrimSilence().apply(SyncAudio().apply(before, facts, "1").project, facts, "2").project
    other = SyncAudio().apply(TrimSilence().apply(before, facts, "1").project, facts, "2").project
    assert one == other


def test_sync_without_a_recording_is_a_warning_only() -> None:
    with pytest.raises(NothingToDo):
        SyncAudio().apply(project(video()), GivenFacts(), "1")
    with pytest.raises(NothingToDo):
        SyncAudio().apply(project(recording()), GivenFacts(), "1")


def test_sync_of_another_performance_is_refused_with_the_reason() -> None:
    with pytest.raises(Impossible, match="other words"):
        SyncAudio().apply(project(video(), recording()), GivenFacts(match=OTHER), "1")


def test_sync_by_a_said_offset_asks_no_analysis() -> None:
    facts = GivenFacts()
    outcome = SyncAudio(offset=1.5).apply(project(video(), recording()), facts, "1")
    assert outcome.project.track("recording").segments[0].at_s == Fraction(3, 2)
    assert facts.asked == []
