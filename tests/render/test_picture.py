"""The cheapest plan for a picture: copied when nothing touches it, else one encode of the kept frames."""

from fractions import Fraction
from pathlib import Path

import pytest

from saycut.media.info import Source
from saycut.media.picture import PictureRun, StillRun
from saycut.media.probe import open_source
from saycut.render.picture import Copied, Drawn, Encoded, NoPicture, exact_duration_s, planned, word
from saycut.studio.opening import open_files
from saycut.timeline.project import Output, Project
from saycut.timeline.ripple import mapped_within, without
from saycut.timeline.value import but
from saycut.watch import Watch
from tests.factory import Clip, Picture, Sound, make
from tests.factory.spec import Still


def opened(*paths: Path) -> tuple[Project, dict[str, Source]]:
    found = open_files(paths, Watch())
    return found.project, found.sources


def test_an_untouched_picture_is_copied() -> None:
    project, sources = opened(make("cfr30"))
    plan = planned(project, sources, ".mp4", False)
    assert isinstance(plan, Copied)
    assert word(plan) == "copied"
    assert exact_duration_s(project, plan) == 3


def test_a_mute_of_a_range_does_not_touch_the_picture() -> None:
    project, sources = opened(make("cfr30"))
    assert project.main is not None
    quiet = mapped_within(project.main, Fraction(1), Fraction(2), lambda s: but(s, audible=False))
    assert isinstance(planned(project.with_track(quiet), sources, ".mp4", False), Copied)


@pytest.mark.parametrize(
    ("clip", "suffix", "words"),
    [
        (Clip(picture=Picture(width=3840, height=2160, frames=6)), ".mp4", "1080"),
        (Clip(picture=Picture(pix_fmt="yuv444p")), ".mp4", ""),
        (Clip("webm", Picture("libvpx-vp9"), (Sound("libopus"),)), ".mp4", ""),
        (Clip(), ".webm", ""),
    ],
)
def test_what_stands_against_copying_is_said(clip: Clip, suffix: str, words: str) -> None:
    project, sources = opened(make(clip))
    plan = planned(project, sources, suffix, False)
    assert isinstance(plan, Encoded)
    assert plan.why
    assert words in plan.why
    assert min(plan.plan.width, plan.plan.height) <= 1080


def test_cuts_become_spans_of_one_run() -> None:
    project, sources = opened(make("cfr30"))
    cut = without(project, [(Fraction(1), Fraction(3, 2)), (Fraction(2), Fraction(21, 10))])
    plan = planned(cut, sources, ".mp4", False)
    assert isinstance(plan, Encoded)
    (run,) = plan.plan.runs
    assert isinstance(run, PictureRun)
    assert run.spans == ((0, 30), (45, 60), (63, 90))
    assert exact_duration_s(cut, plan) == Fraction(72, 30)


def test_a_cut_that_is_closed_again_is_a_copy() -> None:
    project, sources = opened(make("cfr30"))
    assert isinstance(planned(without(project, []), sources, ".mp4", False), Copied)


def test_stills_are_shown_for_five_seconds_at_thirty_frames() -> None:
    project, sources = opened(make(Still("png", 320, 180)))
    plan = planned(project, sources, ".mp4", False)
    assert isinstance(plan, Encoded)
    (run,) = plan.plan.runs
    assert isinstance(run, StillRun)
    assert run.frames == 150


def test_sound_alone_gets_a_drawn_picture_or_none() -> None:
    project, sources = opened(make("wav"))
    plan = planned(project, sources, ".mp4", False)
    assert isinstance(plan, Drawn)
    assert plan.frames == 90
    assert plan.cover is None
    assert word(plan) == "encoded"
    assert isinstance(planned(project, sources, ".wav", True), NoPicture)


def test_a_picture_beside_a_sound_is_its_cover() -> None:
    project, sources = opened(make("wav"), make(Still("jpg", 640, 360)))
    plan = planned(project, sources, ".mp4", False)
    assert isinstance(plan, Drawn)
    assert plan.cover is not None
    assert plan.cover.info.kind == "image"


def test_a_smaller_picture_that_was_asked_for_is_encoded() -> None:
    project, sources = opened(make("hd"))
    small = but(project, output=Output(short_side=720))
    plan = planned(small, sources, ".mp4", False)
    assert isinstance(plan, Encoded)
    assert (plan.plan.width, plan.plan.height) == (1280, 720)


def test_probing_twice_says_the_same() -> None:
    assert open_source(make("vfr")).info == open_source(make("vfr")).info
