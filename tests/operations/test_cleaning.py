"""denoise, remove_music, trim_silence, trim, cut: what is done to what is heard."""

from fractions import Fraction

import pytest

from saycut.errors import Impossible, SaycutError
from saycut.operations.base import NothingToDo, PauseRule
from saycut.operations.catalogue import build
from saycut.operations.cutting import Cut, Trim
from saycut.operations.denoise import Denoise
from saycut.operations.level import Volume
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


def quieter(*steps: Volume | RemoveMusic) -> list[tuple[float | None, str]]:
    """What is done to music in the recording after the steps: by how much it goes down, what is kept."""
    result = project(video())
    for number, step in enumerate(steps, 1):
        result = step.apply(result, GivenFacts(), str(number)).project
    done = [each for s in result.tracks[0].segments for each in s.cleanups]
    return [(each.down_db, each.keep) for each in done if isinstance(each, timeline.RemoveMusic)]


def test_music_without_a_track_of_its_own_goes_down_in_the_recording() -> None:
    assert quieter(Volume(target="music", gain_db=-10)) == [(10, "ambience")]
    assert quieter(Volume(target="music", direction="down")) == [(3, "ambience")]
    assert quieter(Volume(target="music", gain_db=-10), Volume(target="music", gain_db=-4)) == [
        (14, "ambience")
    ]
    assert quieter(Volume(target="music", percent=0)) == [(60, "ambience")]
    assert quieter(Volume(target="music", gain_db=-10, end=5)) == [(10, "ambience")]
    assert quieter(RemoveMusic(down_db=12)) == [(12, "voice")]


def test_music_that_is_out_already_cannot_go_down() -> None:
    with pytest.raises(NothingToDo, match="out of the recording already"):
        quieter(RemoveMusic(), Volume(target="music", gain_db=-3))


def test_music_in_a_recording_cannot_go_up() -> None:
    with pytest.raises(Impossible, match="no music track"):
        quieter(Volume(target="music", gain_db=3))


@pytest.mark.parametrize("down_db", [0, -3, 61])
def test_by_how_much_music_may_go_down(down_db: float) -> None:
    with pytest.raises(SaycutError):
        build("remove_music", {"down_db": down_db})


def cleanups_after(*steps: RemoveMusic) -> list[tuple[str, str | None, str]]:
    """What is done to the clip's sound after the steps "1", "2", …: step, song, what is kept."""
    result = project(video(), recording("one"), recording("two"))
    for number, step in enumerate(steps, 1):
        result = step.apply(result, GivenFacts(music=SAME), str(number)).project
    (segment,) = result.tracks[0].segments
    done = [each for each in segment.cleanups if isinstance(each, timeline.RemoveMusic)]
    assert len(done) == len(segment.cleanups)
    return [(each.by, each.track, each.keep) for each in done]


def test_each_named_song_is_cancelled() -> None:
    steps = RemoveMusic(source="one.wav"), RemoveMusic(source="two.wav")
    assert cleanups_after(*steps) == [("1", "one", "voice"), ("2", "two", "voice")]


def test_the_same_song_is_cancelled_once() -> None:
    steps = RemoveMusic(source="one.wav"), RemoveMusic(source="two.wav"), RemoveMusic(source="one.wav")
    assert cleanups_after(*steps) == [("2", "two", "voice"), ("3", "one", "voice")]


def test_known_songs_are_cancelled_before_the_music_that_is_left() -> None:
    song, rest = RemoveMusic(source="one.wav"), RemoveMusic(keep="ambience")
    assert cleanups_after(song, rest) == [("1", "one", "voice"), ("2", None, "ambience")]
    assert cleanups_after(rest, song) == [("2", "one", "voice"), ("1", None, "ambience")]


def test_what_remove_music_keeps_is_the_last_thing_said() -> None:
    assert cleanups_after(RemoveMusic(), RemoveMusic(keep="ambience")) == [("2", None, "ambience")]
    assert cleanups_after(RemoveMusic(keep="ambience"), RemoveMusic()) == [("2", None, "voice")]


def test_a_cancelled_song_keeps_everything_else_whatever_is_said() -> None:
    assert cleanups_after(RemoveMusic(source="one.wav", keep="ambience")) == [("1", "one", "voice")]


def test_remove_music_says_what_it_keeps() -> None:
    said = RemoveMusic(keep="ambience").describe()
    assert (said.en, said.zh) == (
        "Take the music out and keep voice and ambience",
        "去掉背景音乐，保留人声和环境音",
    )
    assert "ambience" not in RemoveMusic().describe().en
    assert "one.wav" in RemoveMusic(source="one.wav", keep="ambience").describe().en


def test_remove_music_keeps_the_voice_or_the_ambience_and_nothing_else() -> None:
    assert build("remove_music", {"keep": "ambience"}) == RemoveMusic(keep="ambience")
    with pytest.raises(Impossible, match="keep"):
        build("remove_music", {"keep": "drums"})


def test_trim_silence_takes_out_what_the_rule_says_and_lists_it() -> None:
    cuts = ((Fraction(2), Fraction(4)), (Fraction(10), Fraction(21, 2)))
    facts = GivenFacts(voice={"clip": ((Fraction(1), Fraction(2)),)}, cuts=cuts)
    outcome = TrimSilence(min_silence=1.0, keep=0.1).apply(project(video()), facts, "1")
    assert outcome.project.duration_s == Fraction(35, 2)
    assert outcome.measured == {"removed_s": 2.5, "segments_removed": 2, "cuts": [[2.0, 4.0], [10.0, 10.5]]}
    _, voice, duration_s, grid_hz, rule = facts.asked[-1]
    assert (voice, duration_s, grid_hz) == (((1, 2),), 20, 25)
    assert rule == PauseRule(min_silence_s=1.0, keep_before_s=0.1, keep_after_s=0.1)


def test_pauses_that_are_to_stay_stay() -> None:
    facts = GivenFacts(cuts=((Fraction(2), Fraction(4)), (Fraction(8), Fraction(9))))
    operation = build("trim_silence", {"spare": [[3.9, 5.0]]})
    outcome = operation.apply(project(video()), facts, "1")
    assert outcome.measured["cuts"] == [[8, 9]]
    assert "1 of them left alone" in operation.describe().en
    with pytest.raises(NothingToDo, match="is to stay"):
        TrimSilence(spare=((0.0, 10.0),)).apply(project(video()), facts, "1")
    touching = TrimSilence(spare=((4.0, 8.0),)).apply(project(video()), facts, "1")
    assert len(touching.measured["cuts"]) == 2


@pytest.mark.parametrize("spare", [[[1]], [[-1, 2]], ["1-2"], 3])
def test_what_is_to_stay_is_spans(spare: object) -> None:
    with pytest.raises(SaycutError):
        build("trim_silence", {"spare": spare})


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
