"""Segments as runs of frames: few decoders, exact frames, and copies wherever nothing touches the picture."""

from fractions import Fraction

import pytest

from saycut.media.info import Source
from saycut.media.picture import BlendRun, PictureRun
from saycut.operations.catalogue import build
from saycut.render.picture import Copied, Encoded, planned
from saycut.timeline.project import Fades, Look, Output, Project, Title
from saycut.timeline.ripple import without
from saycut.timeline.value import but
from tests.factory import Clip, Picture, make
from tests.projects import GivenFacts
from tests.render.test_picture import opened

SECOND = Clip(picture=Picture(first_index=500, source=1), sounds=())


def after(project: Project, op: str, **args: object) -> Project:
    return build(op, args).apply(project, GivenFacts(), "1.0").project


def runs(project: Project, sources: dict[str, Source]) -> tuple[object, ...]:
    plan = planned(project, sources, ".mp4", False)
    assert isinstance(plan, Encoded)
    return plan.plan.runs


def test_cuts_after_a_speed_share_one_decoder() -> None:
    project, sources = opened(make("cfr30"))
    fast = after(project, "speed", factor=2)
    cut = without(fast, [(Fraction(1, 2), Fraction(2, 3)), (Fraction(1), Fraction(31, 30))])
    (run,) = runs(cut, sources)
    assert isinstance(run, PictureRun)
    assert (run.speed, run.zero_s) == (2, 0)
    assert run.spans == ((0, 15), (20, 30), (31, 45))


def test_cuts_of_what_plays_backwards_share_one_run() -> None:
    project, sources = opened(make("cfr30"))
    cut = without(after(project, "reverse"), [(Fraction(1), Fraction(2))])
    (run,) = runs(cut, sources)
    assert isinstance(run, PictureRun)
    assert run.reverse
    assert run.spans == ((0, 30), (60, 90))


def test_a_transition_is_a_run_between_two() -> None:
    project, sources = opened(make("cfr30"), make(SECOND))
    first, blend, second = runs(after(project, "transition", duration=0.5), sources)
    assert isinstance(first, PictureRun)
    assert isinstance(blend, BlendRun)
    assert isinstance(second, PictureRun)
    assert (first.spans, second.spans) == (((0, 75),), ((15, 90),))
    assert isinstance(blend.before, PictureRun)
    assert isinstance(blend.after, PictureRun)
    assert (blend.before.spans, blend.after.spans) == (((75, 90),), ((0, 15),))


@pytest.mark.parametrize(
    "change",
    [
        {"look": Look(turn_deg=90)},
        {"look": Look(flip_horizontal=True)},
        {"reverse": True},
        {"fades": Fades(picture_in_s=Fraction(1))},
    ],
)
def test_what_touches_a_clip_is_encoded(change: dict[str, object]) -> None:
    project, sources = opened(make("cfr30"))
    assert project.main is not None
    touched = tuple(but(s, **change) for s in project.main.segments)
    plan = planned(project.with_track(but(project.main, segments=touched)), sources, ".mp4", False)
    assert isinstance(plan, Encoded)


@pytest.mark.parametrize(
    "change",
    [
        {"fades": Fades(picture_out_s=Fraction(1))},
        {"titles": (Title(by="1.0", text="x", start_s=Fraction(0), end_s=Fraction(1)),)},
        {"output": Output(aspect=Fraction(1))},
        {"output": Output(frame_rate=Fraction(25))},
        {"output": Output(width=160)},
        {"output": Output(quality="small")},
        {"output": Output(max_size_bytes=1000)},
    ],
)
def test_what_touches_the_whole_is_encoded(change: dict[str, object]) -> None:
    project, sources = opened(make("cfr30"))
    assert isinstance(planned(but(project, **change), sources, ".mp4", False), Encoded)


@pytest.mark.parametrize(
    "change",
    [
        {"fades": Fades(sound_in_s=Fraction(1), sound_out_s=Fraction(1))},
        {"output": Output(aspect=Fraction(16, 9), fit="cover")},
        {"output": Output(frame_rate=Fraction(30))},
        {"output": Output(width=320, height=180)},
        {"output": Output(quality="high", channels=1, max_size_bytes=10**9)},
    ],
)
def test_what_changes_nothing_of_the_picture_copies_it(change: dict[str, object]) -> None:
    project, sources = opened(make("cfr30"))
    assert isinstance(planned(but(project, **change), sources, ".mp4", False), Copied)


def test_a_split_does_not_stop_a_copy() -> None:
    project, sources = opened(make("cfr30"))
    assert isinstance(planned(after(project, "split", at=1.5), sources, ".mp4", False), Copied)
