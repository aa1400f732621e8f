"""The verbs on clips: split, merge, reorder, delete, loop, speed, reverse, and the ranges of one clip."""

from fractions import Fraction

import pytest

from saycut.errors import Impossible, NeedsAnswer
from saycut.operations.add_music import AddMusic
from saycut.operations.base import NothingToDo, Operation, Outcome
from saycut.operations.clips import clip_named, clips_of, range_in
from saycut.operations.cutting import Cut, Trim
from saycut.operations.delete import Delete
from saycut.operations.level import Volume
from saycut.operations.loop import Loop
from saycut.operations.merge import Merge
from saycut.operations.mute import Mute, Unmute
from saycut.operations.reorder import Reorder
from saycut.operations.reverse import Reverse
from saycut.operations.speed import Speed
from saycut.operations.split import Split
from saycut.operations.sync_audio import SyncAudio
from saycut.operations.transition import Transition
from saycut.timeline.project import Blend, Project, Segment, Title, Track
from saycut.timeline.value import but
from tests.projects import SAME, GivenFacts, project, recording, video


def clips(*lengths_s: int) -> Project:
    """Clips called a.mp4, b.mp4, ... one after the other, numbered as files are when they are opened."""
    assets = [video(name, length) for name, length in zip("abcdefgh", lengths_s, strict=False)]
    timeline = project(*assets)
    segments = (but(s, clip=n) for n, s in enumerate(timeline.tracks[0].segments))
    return timeline.with_track(but(timeline.tracks[0], segments=tuple(segments)))


def after(operation: Operation, timeline: Project) -> Project:
    return outcome(operation, timeline).project


def outcome(operation: Operation, timeline: Project) -> Outcome:
    return operation.apply(timeline, GivenFacts(), "1.0")


def shown(timeline: Project) -> list[tuple[str, Fraction, Fraction]]:
    """(asset, first and last moment of its source) in the order of the timeline."""
    segments = timeline.tracks[0].segments
    at = Fraction(0)
    for s in segments:
        assert s.at_s == at
        at = s.end_s
    return [(s.asset_id, s.start_s, s.source_end_s) for s in segments]


def names(timeline: Project) -> str:
    return "".join(clip.name[0] for clip in clips_of(timeline))


@pytest.mark.parametrize(
    ("said", "place"),
    [
        (1, 1),
        (3, 3),
        (-1, 3),
        (-3, 1),
        ("current", 1),
        ("clip:2", 2),
        ("clip:-1", 3),
        ("b.mp4", 2),
        ("c", 3),
        ("2", 2),
        ("video2", 2),
        ("Clip 3", 3),
    ],
)
def test_clips_are_named_by_number_and_by_file(said: int | str, place: int) -> None:
    assert clip_named(clips(3, 4, 5), said).place == place


@pytest.mark.parametrize("said", [0, 4, -4, "clip:9", "nobody.mp4"])
def test_a_clip_that_is_not_there_is_refused_in_one_sentence(said: int | str) -> None:
    with pytest.raises(Impossible, match=r"There is no clip .*\."):
        clip_named(clips(3, 4, 5), said)


def test_a_clip_that_was_cut_is_still_one_clip() -> None:
    timeline = after(Cut(start=4, end=5), clips(3, 4, 5))
    assert [(c.place, c.start_s, c.end_s) for c in clips_of(timeline)] == [(1, 0, 3), (2, 3, 6), (3, 6, 11)]


def test_times_inside_a_clip_land_on_the_grid_of_the_timeline() -> None:
    first = but(video("a"), duration_s=Fraction(101, 100), frame_rate=Fraction(25))
    timeline = project(first, video("b"))
    segments = (but(s, clip=n) for n, s in enumerate(timeline.tracks[0].segments))
    timeline = timeline.with_track(but(timeline.tracks[0], segments=tuple(segments)))
    start, end = range_in(timeline, 2, 1, -2)
    assert (start, end) == (
        Fraction(2),
        Fraction(19),
    )  # 2.01 and 19.01 s, to the nearest of 25 frames a second
    assert range_in(timeline, 2, 0, "end") == (Fraction(101, 100), Fraction(2101, 100))


def test_trim_and_cut_of_one_clip_leave_the_others() -> None:
    trimmed = after(Trim(clip=2, start=1, end=3), clips(3, 4, 5))
    assert shown(trimmed) == [("a", 0, 3), ("b", 1, 3), ("c", 0, 5)]
    cut = after(Cut(clip=-1, start=1, end=-1), clips(3, 4, 5))
    assert shown(cut) == [("a", 0, 3), ("b", 0, 4), ("c", 0, 1), ("c", 4, 5)]
    with pytest.raises(Impossible, match="4 s"):
        outcome(Cut(clip=2, start=4, end=9), clips(3, 4, 5))


def test_mute_and_volume_of_one_clip_leave_the_music_over_it() -> None:
    timeline = after(AddMusic(), clips(3, 4, 5))
    muted = after(Mute(clip=2), timeline)
    assert [(s.asset_id, s.audible) for s in muted.tracks[0].segments] == [
        ("a", True),
        ("b", False),
        ("c", True),
    ]
    assert muted.track("music-1") == timeline.track("music-1")
    assert after(Unmute(clip=2), muted) == timeline
    louder = after(Volume(target="clip:3", gain_db=6), timeline)
    assert [s.gain_db for s in louder.tracks[0].segments] == [0, 0, 6]
    assert louder.track("music-1") == timeline.track("music-1")


@pytest.mark.parametrize(
    ("split", "spans"),
    [
        (Split(at=5), [(0, 3), (3, 5), (5, 7), (7, 12)]),
        (Split(at=[1, "50%"]), [(0, 1), (1, 3), (3, 6), (6, 7), (7, 12)]),
        (Split(at=2, clip=2), [(0, 3), (3, 5), (5, 7), (7, 12)]),
        (Split(every=5), [(0, 3), (3, 5), (5, 7), (7, 10), (10, 12)]),
        (Split(every=2, clip=-1), [(0, 3), (3, 7), (7, 9), (9, 11), (11, 12)]),
    ],
)
def test_a_split_makes_clips_that_lie_where_they_lay(split: Split, spans: list[tuple[int, int]]) -> None:
    before = clips(3, 4, 5)
    timeline = after(split, before)
    assert [c.span for c in clips_of(timeline)] == spans
    assert len({c.number for c in clips_of(timeline)}) == len(spans)
    # further edits keep the parts apart
    assert [c.span for c in clips_of(after(Unmute(), timeline))] == spans


def test_a_split_where_clips_meet_or_nowhere_is_nothing_to_do() -> None:
    for split in (Split(at=3), Split(at=0), Split(at="end"), Split(every=60)):
        with pytest.raises(NothingToDo):
            outcome(split, clips(3, 4))
    for bad in (Split(), Split(every=0), Split(every=0.0001)):
        with pytest.raises(Impossible):
            outcome(bad, clips(3, 4))


@pytest.mark.parametrize(
    ("reorder", "order"),
    [
        (Reorder(clip=3, position=1), "cabd"),
        (Reorder(clip="a", position=-1), "bcda"),
        (Reorder(clip=1, position=-2), "bcad"),
        (Reorder(clip=4, before=2), "adbc"),
        (Reorder(clip="a.mp4", after="c"), "bcad"),
        (Reorder(swap=(1, -1)), "dbca"),
        (Reorder(order="reversed"), "dcba"),
        (Merge(clips=["c", "a"]), "cabd"),
        (Merge(clips=[4, 3]), "abdc"),
    ],
)
def test_clips_in_another_order(reorder: Operation, order: str) -> None:
    timeline = after(reorder, clips(1, 2, 3, 4))
    assert names(timeline) == order
    assert shown(timeline) == [(name, 0, "abcd".index(name) + 1) for name in order]


def test_orders_that_cannot_be_or_are_there_already() -> None:
    for same in (Reorder(clip=2, position=2), Reorder(clip=1, before=1), Reorder(clip=2, after=1)):
        with pytest.raises(NothingToDo):
            outcome(same, clips(1, 2, 3))
    for bad in (Reorder(clip=1, position=9), Reorder(clip=1), Reorder(clip=7, position=1)):
        with pytest.raises(Impossible):
            outcome(bad, clips(1, 2, 3))
    for lonely in (Reorder(order="reversed"), Merge()):
        with pytest.raises(NothingToDo):
            outcome(lonely, clips(5))


def test_merging_everything_says_that_it_is_so_already() -> None:
    merged = outcome(Merge(), clips(1, 2))
    assert merged.project == clips(1, 2)
    assert "already follow" in merged.notes[0].en


def test_a_reordered_clip_takes_its_recording_and_its_title_along() -> None:
    title = Title(by="1", text="b", start_s=Fraction(4), end_s=Fraction(5))
    lav = recording("lav", 20)
    laid = Segment(asset_id="lav", at_s=Fraction(0), start_s=Fraction(6), duration_s=Fraction(7))
    timeline = (
        clips(3, 4).with_asset(lav).with_track(Track(id="recording", role="recording", segments=(laid,)))
    )
    swapped = after(Reorder(swap=(1, 2)), but(timeline, titles=(title,)))
    assert [(s.at_s, s.start_s) for s in swapped.track("recording").segments] == [(0, 9), (4, 6)]
    assert [(t.start_s, t.end_s) for t in swapped.titles] == [(1, 2)]


def test_a_transition_goes_with_a_note_when_its_clips_part() -> None:
    timeline = clips(3, 3, 3)
    first, second, third = timeline.tracks[0].segments
    before = Segment(asset_id="a", at_s=Fraction(2), start_s=Fraction(2), duration_s=Fraction(1))
    slot = but(second, at_s=Fraction(2), duration_s=Fraction(1), blend=Blend(kind="dissolve", before=before))
    rest = but(second, at_s=Fraction(3), start_s=Fraction(1), duration_s=Fraction(2))
    segments = (but(first, duration_s=Fraction(2)), slot, rest, but(third, at_s=Fraction(5)))
    blended = timeline.with_track(but(timeline.tracks[0], segments=segments))
    parted = outcome(Reorder(clip=3, position=2), blended)
    assert names(parted.project) == "acb"
    assert "transition" in parted.notes[0].en
    assert outcome(Reorder(clip=3, position=1), blended).notes == ()
    with pytest.raises(Impossible, match="transition"):
        outcome(Reverse(clip=1), blended)
    assert names(after(Reverse(), blended)) == "cba"


def test_a_recording_goes_over_with_its_clips() -> None:
    laid = Segment(asset_id="lav", at_s=Fraction(0), start_s=Fraction(6), duration_s=Fraction(7))
    timeline = clips(3, 4).with_asset(recording("lav", 20))
    timeline = timeline.with_track(Track(id="recording", role="recording", segments=(laid,)))
    blended = after(Transition(duration=1), timeline)
    assert blended.duration_s == 6
    parts = blended.track("recording").segments
    assert [(s.at_s, s.start_s, s.duration_s) for s in parts] == [(0, 6, 2), (2, 9, 1), (3, 10, 3)]
    assert parts[1].blend is not None
    assert (parts[1].blend.before.at_s, parts[1].blend.before.start_s) == (2, 8)


def test_a_recording_that_ends_beside_a_transition_loses_its_time() -> None:
    laid = Segment(asset_id="lav", at_s=Fraction(0), start_s=Fraction(0), duration_s=Fraction(3))
    timeline = clips(3, 4).with_asset(recording("lav", 20))
    timeline = timeline.with_track(Track(id="recording", role="recording", segments=(laid,)))
    parts = after(Transition(duration=1), timeline).track("recording").segments
    assert [(s.at_s, s.start_s, s.duration_s, s.blend) for s in parts] == [(0, 0, 2, None)]


def test_a_transition_asked_for_again_is_of_the_other_kind() -> None:
    blended = after(Transition(duration=1), clips(3, 4))
    wiped = after(Transition(type="wipe"), blended)
    assert wiped.duration_s == blended.duration_s == 6
    assert [s.blend.kind for s in wiped.tracks[0].segments if s.blend] == ["wipe_left"]


def test_deleting_clips_and_tracks() -> None:
    timeline = after(AddMusic(), clips(3, 4, 5))
    assert shown(after(Delete(target="clip:2"), timeline)) == [("a", 0, 3), ("c", 0, 5)]
    assert shown(after(Delete(target="b.mp4"), timeline)) == [("a", 0, 3), ("c", 0, 5)]
    assert [t.role for t in after(Delete(target="music"), timeline).tracks] == ["main"]
    assert [t.role for t in after(Delete(target="audio:2"), timeline).tracks] == ["main"]
    silent = after(Delete(target="audio:1"), timeline)
    assert [track.role for track, _ in silent.audible()] == ["music"]
    titled = but(timeline, titles=(Title(by="1", text="x", start_s=Fraction(0), end_s=Fraction(1)),))
    assert after(Delete(target="text"), titled).titles == ()


def test_deleting_what_is_not_there_or_everything() -> None:
    for missing in ("music", "voice", "text", "captions"):
        with pytest.raises(NothingToDo):
            outcome(Delete(target=missing), clips(3, 4))
    for gone in (
        Delete(target="clip:7"),
        Delete(target="audio:3"),
        Delete(target="video"),
        Delete(target="x.mp4"),
    ):
        with pytest.raises(Impossible):
            outcome(gone, clips(3, 4))
    with pytest.raises(Impossible, match="nothing would be left"):
        outcome(Delete(target="clip:1"), clips(3))
    with pytest.raises(NeedsAnswer):
        outcome(Delete(), clips(3))


def test_a_loop_plays_everything_again_and_the_rounds_can_be_named() -> None:
    timeline = after(AddMusic(), clips(3, 4))
    looped = after(Loop(count=3), timeline)
    assert shown(looped) == [("a", 0, 3), ("b", 0, 4)] * 3
    assert len({c.number for c in clips_of(looped)}) == 6
    assert looped.track("music-1").segments[-1].end_s == 21
    once = after(Loop(count=2, clip=1), clips(3, 4))
    assert shown(once) == [("a", 0, 3), ("a", 0, 3), ("b", 0, 4)]
    assert shown(after(Delete(target="clip:2"), once)) == shown(clips(3, 4))
    for bad in (Loop(count=0), Loop(count=101), Loop(count=-2)):
        with pytest.raises(Impossible):
            outcome(bad, clips(3))
    with pytest.raises(NothingToDo):
        outcome(Loop(count=1), clips(3))


@pytest.mark.parametrize(
    ("speed", "lengths_s"),
    [
        (Speed(factor=2), [Fraction(38, 25), Fraction(2)]),  # 75 frames at twice the speed are 38 frames
        (Speed(), [6, 8]),
        (Speed(direction="up", clip=2), [3, Fraction(16, 5)]),
        (Speed(direction="down", clip=2), [3, 5]),
        (Speed(factor=4, start=2, end=5), [Fraction(9, 4), Fraction(5, 2)]),
        (Speed(factor=0.5, clip=1, start=1, end=2), [4, 4]),
    ],
)
def test_speed_of_everything_a_clip_and_a_range(speed: Speed, lengths_s: list[Fraction]) -> None:
    timeline = after(speed, clips(3, 4))
    found = [float(c.duration_s) for c in clips_of(timeline)]
    assert found == pytest.approx([float(length) for length in lengths_s], abs=0.021)  # half a frame of 25
    assert all((c.start_s * 25).denominator == 1 for c in clips_of(timeline))
    assert {s.asset_id: s.source_end_s for s in timeline.tracks[0].segments} == {"a": 3, "b": 4}


def test_speeds_that_are_refused() -> None:
    for bad in (
        Speed(factor=0),
        Speed(factor=-1),
        Speed(factor=17),
        Speed(factor=0.05),
        Speed(factor=2, clip=5),
    ):
        with pytest.raises(Impossible):
            outcome(bad, clips(3, 4))
    fast = after(Speed(factor=8), clips(3, 4))
    with pytest.raises(Impossible, match=r"0\.1x to 16x"):
        outcome(Speed(factor=4), fast)
    with pytest.raises(NothingToDo):
        outcome(Speed(factor=1), clips(3))


def test_what_is_refused_can_still_be_said() -> None:
    for refused in (Speed(factor=17), Reorder(clip=1), Split(), Loop(count=0), Delete()):
        assert refused.describe().en


def test_reverse_of_everything_and_of_one_clip() -> None:
    everything = after(Reverse(), clips(3, 4)).tracks[0].segments
    assert [(s.asset_id, s.reverse, s.at_s) for s in everything] == [("b", True, 0), ("a", True, 4)]
    clip = after(Reverse(clip=2), clips(3, 4)).tracks[0].segments
    assert [(s.asset_id, s.reverse) for s in clip] == [("a", False), ("b", True)]
    assert after(Reverse(), after(Reverse(), clips(3, 4))) == clips(3, 4)


def test_a_recording_synced_after_speed_and_reverse_follows_them() -> None:
    lav = recording("lav", 30)
    facts = GivenFacts(match=but(SAME, offset_s=Fraction(-2)))
    for change in (Speed(factor=2, start=1, end=3), Reverse(), Speed(factor=0.5)):
        both = clips(8).with_asset(lav)
        one = SyncAudio().apply(after(change, both), facts, "2").project
        other = after(change, SyncAudio().apply(both, facts, "2").project)
        assert one.track("recording") == other.track("recording")
