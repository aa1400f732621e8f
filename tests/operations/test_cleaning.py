"""denoise, remove_music, trim_silence, trim, cut: what is done to what is heard."""

from fractions import Fraction

import pytest

from saycut.errors import Impossible
from saycut.operations.base import NothingToDo, PauseRule
from saycut.operations.cutting import Cut, Trim
from saycut.operations.denoise import Denoise
from saycut.operations.mute import Mute
from saycut.operations.remove_music import IsolateMusic, RemoveMusic
from saycut.operations.trim_silence import TrimSilence
from saycut.timeline import project as timeline
from saycut.timeline.value import but
from tests.projects import OTHER, SAME, GivenFacts, project, recording, video


def test_denoise_adds_one_effect_a_kind() -> None:
    once = Denoise().apply(project(video()), GivenFacts(), "1").project
    twice = Denoise(strength="strong").apply(once, GivenFacts(), "2").project
    hum = Denoise(type="hum").apply(twice, GivenFacts(), "3").project
    (segment,) = hum.tracks[0].segments
    assert segment.cleanups == (
        timeline.Denoise(by="2", kind="noise", strength="strong"),
        timeline.Denoise(by="3", kind="hum", strength="medium"),
    )


def test_denoise_of_a_range_splits_the_clip() -> None:
    cleaned = Denoise(start=5, end=-5).apply(project(video()), GivenFacts(), "1").project
    assert [(s.at_s, s.end_s, bool(s.cleanups)) for s in cleaned.tracks[0].segments] == [
        (0, 5, False),
        (5, 15, True),
        (15, 20, False),
    ]


def test_denoise_of_a_silent_clip_is_nothing_to_do() -> None:
    muted = Mute().apply(project(video()), GivenFacts(), "1").project
    with pytest.raises(NothingToDo):
        Denoise().apply(muted, GivenFacts(), "2")


def test_a_range_outside_the_clip_is_refused_in_words() -> None:
    with pytest.raises(Impossible, match="lasts 20 s"):
        Denoise(start=30, end=40).apply(project(video()), GivenFacts(), "1")


def test_remove_music_with_the_song_needs_a_match() -> None:
    both = project(video(), recording("song"))
    with pytest.raises(Impossible, match="other words"):
        RemoveMusic(source="song.wav").apply(both, GivenFacts(music=OTHER), "1")
    outcome = RemoveMusic(source="song.wav").apply(both, GivenFacts(music=SAME), "1")
    assert outcome.project.tracks[0].segments[0].cleanups == (timeline.RemoveMusic(by="1", track="song"),)


def test_remove_music_without_the_song_asks_nothing() -> None:
    facts = GivenFacts()
    outcome = RemoveMusic().apply(project(video(), recording("song")), facts, "1")
    assert outcome.project.tracks[0].segments[0].cleanups == (timeline.RemoveMusic(by="1"),)
    assert facts.asked == []
    assert IsolateMusic().apply(project(video()), facts, "1").project.audible()


def test_trim_silence_takes_out_what_the_rule_says_and_lists_it() -> None:
    cuts = ((Fraction(2), Fraction(4)), (Fraction(10), Fraction(21, 2)))
    facts = GivenFacts(voice={"clip": ((Fraction(1), Fraction(2)),)}, cuts=cuts)
    outcome = TrimSilence(min_silence=1.0, keep=0.1).apply(project(video()), facts, "1")
    assert outcome.project.duration_s == Fraction(35, 2)
    assert outcome.measured == {"removed_s": 2.5, "segments_removed": 2, "cuts": [[2.0, 4.0], [10.0, 10.5]]}
    _, voice, duration_s, grid_hz, rule = facts.asked[-1]
    assert (voice, duration_s, grid_hz) == (((1, 2),), 20, 25)
    assert rule == PauseRule(min_silence_s=1.0, keep_before_s=0.1, keep_after_s=0.1)


def test_trim_silence_listens_to_the_heard_recording_on_its_own_clock() -> None:
    clip, lav = video(), recording()
    laid = timeline.Segment(
        asset_id="lav", at_s=Fraction(0), start_s=Fraction(5), duration_s=Fraction(20), drift_ppm=1e6 / 10
    )
    track = timeline.Track(id="recording", role="recording", segments=(laid,))
    silent = Mute(target="original").apply(project(clip, lav), GivenFacts(), "1").project.with_track(track)
    facts = GivenFacts(
        voice={"lav": ((Fraction(10), Fraction(20)),), "clip": ((Fraction(0), Fraction(20)),)},
        cuts=((Fraction(1), Fraction(2)),),
    )
    TrimSilence().apply(silent, facts, "1")
    assert ("voice", "clip", None) not in facts.asked
    assert facts.asked[-1][1] == ((6, 17),)  # 10..20 s stretched by a tenth, less the 5 s before the picture


def test_trim_silence_with_no_pause_is_nothing_to_do() -> None:
    with pytest.raises(NothingToDo, match=r"0\.75 s"):
        TrimSilence().apply(project(video()), GivenFacts(), "1")


def test_trim_keeps_and_cut_removes() -> None:
    assert Trim(start=5, end=-5).apply(project(video()), GivenFacts(), "1").project.duration_s == 10
    assert Cut(start="50%").apply(project(video()), GivenFacts(), "1").project.duration_s == 10
    with pytest.raises(Impossible):
        Cut().apply(project(video()), GivenFacts(), "1")


def test_cuts_lie_on_frame_boundaries() -> None:
    cut = Cut(start=1.013, end=2.027).apply(project(video()), GivenFacts(), "1").project
    assert all(s.duration_s * 25 % 1 == 0 for s in cut.tracks[0].segments)


def test_effects_come_back_when_the_same_request_is_made_of_equal_projects() -> None:
    one, other = (Denoise().apply(project(video()), GivenFacts(), "1").project for _ in range(2))
    assert one == other
    assert but(one, cover_id="x") != other
