from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from saycut.timeline.project import Project, Segment, Track
from saycut.timeline.ripple import joined, mapped_within, part, without
from saycut.timeline.spans import Spans, complement, total_s, united
from saycut.timeline.value import but
from tests.projects import project, recording, segment, video

FRAME = Fraction(1, 25)
CUTS = st.lists(
    st.tuples(st.integers(0, 499), st.integers(1, 60)).map(lambda c: (c[0] * FRAME, (c[0] + c[1]) * FRAME)),
    max_size=30,
)


def source_at(track: Track, at_s: Fraction) -> Fraction | None:
    """The source time heard at a timeline time."""
    for s in track.segments:
        if s.at_s <= at_s < s.end_s:
            return s.start_s + at_s - s.at_s
    return None


def with_lav(offset: Fraction) -> Project:
    clip, lav = video(seconds=20), recording(seconds=30)
    laid = Segment(asset_id="lav", at_s=Fraction(0), start_s=offset, duration_s=Fraction(20))
    return project(clip, lav).with_track(Track(id="recording", role="recording", segments=(laid,)))


@given(CUTS)
def test_every_kept_frame_is_where_arithmetic_says(cuts: list[tuple[Fraction, Fraction]]) -> None:
    before = with_lav(Fraction(3))
    kept: Spans = complement(united(cuts), Fraction(0), Fraction(20))
    after = without(before, cuts)
    at = Fraction(0)
    for start, end in kept:
        for place in (start, end - FRAME):
            now = at + place - start
            assert source_at(after.tracks[0], now) == place
            assert source_at(after.tracks[1], now) == place + 3
        at += end - start
    assert after.duration_s == total_s(kept)


@given(CUTS, CUTS)
def test_cutting_twice_leaves_sound_and_picture_in_step(
    first: list[tuple[Fraction, Fraction]], second: list[tuple[Fraction, Fraction]]
) -> None:
    after = without(without(with_lav(Fraction(5)), first), second)
    at = Fraction(0)
    while at < after.duration_s:
        picture = source_at(after.tracks[0], at)
        assert picture is not None
        assert source_at(after.tracks[1], at) == picture + 5
        at += FRAME * 7


def test_music_is_shortened_and_never_cut_into_pieces() -> None:
    bed = recording("bed", 20)
    music = Track(id="music-1", role="music", segments=(segment(bed),))
    after = without(project(video(), bed).with_track(music), [(Fraction(5), Fraction(9))])
    (left,) = after.track("music-1").segments
    assert (left.start_s, left.duration_s) == (0, 16)


def test_cutting_nothing_changes_nothing() -> None:
    before = with_lav(Fraction(1))
    assert without(before, []) == before


def test_pieces_that_continue_each_other_become_one_again() -> None:
    whole = segment(video())
    halves = [part(whole, Fraction(0), Fraction(8)), part(whole, Fraction(8), Fraction(20))]
    assert joined(h for h in halves if h) == (whole,)


def test_a_change_within_a_range_splits_at_its_edges() -> None:
    track = Track(id="main", role="main", segments=(segment(video()),))
    changed = mapped_within(track, Fraction(4), Fraction(6), lambda s: but(s, audible=False))
    assert [(s.at_s, s.end_s, s.audible) for s in changed.segments] == [
        (0, 4, True),
        (4, 6, False),
        (6, 20, True),
    ]
    assert mapped_within(changed, Fraction(4), Fraction(6), lambda s: but(s, audible=True)) == track
