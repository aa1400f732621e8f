"""Spans in any order, speed and reverse: every track shows what arithmetic says, at every frame."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from saycut.timeline.backwards import turned_round
from saycut.timeline.project import Blend, Project, Segment, Title, Track
from saycut.timeline.ripple import at_speed, joined, mapped_within, part, rearranged, with_before, without
from saycut.timeline.value import but
from saycut.timeline.voice import voice_on_timeline
from tests.projects import project, recording, segment, video

FRAME = Fraction(1, 25)
LENGTH = 200  # frames: 8 s
OFFSET_S = Fraction(3)

Frames = tuple[int, int]
SPAN = st.tuples(st.integers(0, LENGTH - 1), st.integers(1, 60)).map(
    lambda s: (s[0], min(s[0] + s[1], LENGTH))
)
SPANS = st.lists(SPAN, min_size=1, max_size=6)
FACTORS = st.sampled_from([Fraction(2), Fraction(1, 2), Fraction(5, 4), Fraction(7, 3), Fraction(1, 10)])


def source_at(track: Track, at_s: Fraction) -> Fraction | None:
    """The source time that a track shows at a moment of the timeline (of a frame: its middle)."""
    for s in track.segments:
        if s.at_s <= at_s < s.end_s:
            inside_s = (at_s - s.at_s) * s.speed
            return s.source_end_s - inside_s if s.reverse else s.start_s + inside_s
    return None


def beside_a_recording() -> Project:
    clip, lav = video(seconds=8), recording(seconds=30)
    laid = Segment(asset_id="lav", at_s=Fraction(0), start_s=OFFSET_S, duration_s=Fraction(8))
    title = Title(by="1", text="hello", start_s=Fraction(2), end_s=Fraction(3))
    with_lav = project(clip, lav).with_track(Track(id="recording", role="recording", segments=(laid,)))
    return but(with_lav, titles=(title,))


def middles(count: int) -> list[Fraction]:
    return [n * FRAME + FRAME / 2 for n in range(count)]


def in_seconds(spans: list[Frames]) -> tuple[tuple[Fraction, Fraction], ...]:
    return tuple((a * FRAME, b * FRAME) for a, b in spans)


def assert_tiled(timeline: Project) -> None:
    """The main track lies end to end from 0."""
    at = Fraction(0)
    for s in timeline.tracks[0].segments:
        assert s.at_s == at
        assert s.duration_s > 0
        at = s.end_s
    assert at == timeline.duration_s


@given(SPANS)
def test_any_order_shows_every_frame_on_every_track(order: list[Frames]) -> None:
    after = rearranged(beside_a_recording(), in_seconds(order))
    shown = [n for a, b in order for n in range(a, b)]
    assert after.duration_s == len(shown) * FRAME
    assert_tiled(after)
    for at_s, frame in zip(middles(len(shown)), shown, strict=True):
        wanted = frame * FRAME + FRAME / 2
        assert source_at(after.tracks[0], at_s) == wanted
        assert source_at(after.tracks[1], at_s) == wanted + OFFSET_S


@given(SPANS)
def test_titles_go_where_their_time_goes(order: list[Frames]) -> None:
    before = beside_a_recording()
    after = rearranged(before, in_seconds(order))
    for at_s in middles(int(after.duration_s / FRAME)):
        was_s = source_at(after.tracks[0], at_s)
        assert was_s is not None
        titled = any(t.start_s <= at_s < t.end_s for t in after.titles)
        assert titled == any(t.start_s <= was_s < t.end_s for t in before.titles)


@settings(max_examples=40)
@given(SPAN, FACTORS, SPAN)
def test_speed_keeps_every_track_in_step(span: Frames, factor: Fraction, cut: Frames) -> None:
    first, last = span[0] * FRAME, span[1] * FRAME
    after = at_speed(beside_a_recording(), first, last, factor)
    grown_s = after.duration_s - 8
    length_s = last - first + grown_s
    assert length_s / FRAME == max(1, round((last - first) / factor / FRAME))
    assert_tiled(after)
    for at_s in middles(int(after.duration_s / FRAME)):
        if at_s < first:
            wanted = at_s
        elif at_s < first + length_s:
            wanted = first + (at_s - first) * (last - first) / length_s
        else:
            wanted = at_s - grown_s
        assert source_at(after.tracks[0], at_s) == wanted
        assert source_at(after.tracks[1], at_s) == wanted + OFFSET_S
    if cut[1] * FRAME <= after.duration_s and after.duration_s > (cut[1] - cut[0]) * FRAME:
        shorter = without(after, in_seconds([cut]))
        for at_s in middles(int(shorter.duration_s / FRAME))[::3]:
            picture = source_at(shorter.tracks[0], at_s)
            assert picture is not None
            assert source_at(shorter.tracks[1], at_s) == picture + OFFSET_S


@settings(max_examples=20)
@given(SPAN, SPAN, FACTORS)
def test_backwards_keeps_every_track_in_step_and_twice_is_nothing(
    span: Frames, other: Frames, factor: Fraction
) -> None:
    first, last = span[0] * FRAME, span[1] * FRAME
    plain = beside_a_recording()
    for before in (plain, at_speed(plain, other[0] * FRAME, other[1] * FRAME, factor)):
        last = min(last, before.duration_s)
        if first >= last:
            continue
        after = turned_round(before, first, last)
        assert_tiled(after)
        for at_s in middles(int(before.duration_s / FRAME)):
            was_s = first + last - at_s if first <= at_s < last else at_s
            for now, then in zip(after.tracks, before.tracks, strict=True):
                assert source_at(now, at_s) == source_at(then, was_s)
        assert turned_round(after, first, last) == before


@given(FACTORS, st.booleans(), SPAN)
def test_a_part_shows_what_the_whole_showed_there(factor: Fraction, reverse: bool, span: Frames) -> None:
    whole = Segment(
        asset_id="clip",
        at_s=Fraction(1),
        start_s=Fraction(2),
        duration_s=Fraction(6),
        speed=factor,
        reverse=reverse,
    )
    piece = part(whole, span[0] * FRAME, span[1] * FRAME)
    if piece is None:
        assert span[1] * FRAME <= whole.at_s or span[0] * FRAME >= whole.end_s
        return
    inside = Track(id="main", role="main", segments=(piece,))
    entire = Track(id="main", role="main", segments=(whole,))
    assert (piece.at_s, piece.end_s) == (max(whole.at_s, span[0] * FRAME), min(whole.end_s, span[1] * FRAME))
    for at_s in middles(LENGTH):
        if piece.at_s <= at_s < piece.end_s:
            assert source_at(inside, at_s) == source_at(entire, at_s)
    others = (part(whole, Fraction(0), piece.at_s), piece, part(whole, piece.end_s, whole.end_s))
    assert joined(s for s in others if s is not None) == (whole,)


def dissolving() -> Project:
    first, second = video("one", 4), video("two", 4)
    before = Segment(asset_id="one", at_s=Fraction(3), start_s=Fraction(3), duration_s=Fraction(1))
    into = but(
        segment(second, 3), duration_s=Fraction(1), clip=1, blend=Blend(kind="wipe_left", before=before)
    )
    rest = but(segment(second, 4), start_s=Fraction(1), duration_s=Fraction(3), clip=1)
    main = Track(id="main", role="main", segments=(but(segment(first), duration_s=Fraction(3)), into, rest))
    return Project(assets=(first, second), tracks=(main,))


def test_a_transition_backwards_goes_over_the_other_way() -> None:
    turned = turned_round(dissolving(), Fraction(0), Fraction(7))
    blended = [s for s in turned.tracks[0].segments if s.blend is not None]
    assert [(s.asset_id, s.at_s, s.end_s, s.reverse, s.clip) for s in blended] == [("one", 3, 4, True, 0)]
    blend = blended[0].blend
    assert blend is not None
    assert (blend.kind, blend.before.asset_id, blend.before.at_s) == ("wipe_right", "two", 3)
    assert turned_round(turned, Fraction(0), Fraction(7)) == dissolving()


def test_a_transition_goes_when_its_clips_part_and_stays_when_they_do_not() -> None:
    first, second = (Fraction(0), Fraction(3)), (Fraction(3), Fraction(7))
    assert any(s.blend for s in rearranged(dissolving(), (first, second)).tracks[0].segments)
    for order in ((second, first), (second,), (second, second)):
        apart = rearranged(dissolving(), order)
        assert not any(s.blend for s in apart.tracks[0].segments)
        assert_tiled(apart)


def test_a_change_is_made_to_a_whole_transition_or_not_at_all() -> None:
    main = dissolving().tracks[0]
    silence = with_before(lambda s: but(s, audible=False))
    for start, changed in ((Fraction(33, 10), True), (Fraction(37, 10), False)):
        after = mapped_within(main, start, Fraction(7), silence)
        slot = after.segments[1]
        assert slot.blend is not None
        assert (slot.audible, slot.blend.before.audible) == (not changed, not changed)
        assert (slot.at_s, slot.end_s) == (3, 4)


def test_music_goes_on_to_the_end_of_a_longer_timeline() -> None:
    bed, song = recording("bed", 8), recording("song", 10)
    plain = project(video(seconds=8), bed, song)
    for asset, pieces in ((bed, [(0, 0, 8), (8, 0, 8)]), (song, [(0, 0, 10), (10, 0, 6)])):
        track = Track(id="music-1", role="music", segments=(but(segment(asset), duration_s=Fraction(8)),))
        longer = at_speed(plain.with_track(track), Fraction(0), Fraction(8), Fraction(1, 2))
        music = longer.track("music-1").segments
        assert [(s.at_s, s.start_s, s.duration_s) for s in music] == pieces
        short = but(track, segments=(but(segment(asset), duration_s=Fraction(5)),))
        kept = at_speed(plain.with_track(short), Fraction(0), Fraction(8), Fraction(1, 2))
        assert kept.track("music-1") == short


def test_a_voice_is_heard_where_it_is_played() -> None:
    spoken = ((Fraction(2), Fraction(4)),)
    fast = at_speed(project(video(seconds=8)), Fraction(0), Fraction(8), Fraction(2))
    assert voice_on_timeline(fast, lambda _: spoken) == ((1, 2),)
    turned = turned_round(fast, Fraction(0), Fraction(4))
    assert voice_on_timeline(turned, lambda _: spoken) == ((2, 3),)
    late = ((Fraction(7, 2), Fraction(4)),)
    assert voice_on_timeline(dissolving(), lambda a: late if a.id == "one" else ()) == ((Fraction(7, 2), 4),)
    assert voice_on_timeline(dissolving(), lambda _: spoken) == ((2, 4), (5, 7))
