"""Pictures encoded in spans: the same frames as in one go, wherever they are taken apart."""

from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saycut.errors import Usage
from saycut.media.picture import (
    BlankRun,
    BlendRun,
    Overlay,
    PicturePlan,
    PictureRun,
    Run,
    StillRun,
    run_frames,
)
from saycut.media.picture_encode import encode_picture, join_parts
from saycut.media.picture_parts import Part
from saycut.media.picture_spans import between, spans_of
from saycut.media.probe import open_source
from saycut.media.title_image import TitleSpec, draw_title
from tests.factory import Clip, Picture, make, read_frame_indices
from tests.media.material import made

RATE = Fraction(30)
Shown = tuple[object, ...]


def plan_of(*runs: Run, **more: object) -> PicturePlan:
    return PicturePlan(runs=runs, width=320, height=180, frame_rate=RATE, **more)  # type: ignore[arg-type]


def shown(plan: PicturePlan) -> list[Shown]:
    """What every frame shows: which source, which frame of it, and how far into the fades of its run."""
    frames: list[Shown] = []
    for run in plan.runs:
        if isinstance(run, PictureRun):
            kept = [n for first, end in run.spans for n in range(first, end)]
            whole = run.frames_before + len(kept) + run.frames_after
            kept = kept[::-1] if run.reverse else kept
            frames += [(run.source.path, n, run.frames_before + place, whole) for place, n in enumerate(kept)]
        else:
            frames += [(type(run).__name__, place, run.frames) for place in range(run.frames)]
    return frames


@st.composite
def plans(draw: st.DrawFn) -> PicturePlan:
    """Runs of every kind, some of them with gaps inside."""
    source, other = made("cfr30"), made("avi_mjpeg")

    def picture(reverse: bool, indexed: bool) -> PictureRun:
        edges = draw(st.lists(st.integers(0, 400), min_size=2, max_size=8, unique=True).map(sorted))
        spans = tuple(zip(edges[::2], edges[1::2], strict=False))
        return PictureRun(source if indexed else other, spans, reverse=reverse, fade_in_frames=5)

    def run() -> Run:
        kind = draw(st.sampled_from(["picture", "reverse", "unindexed", "still", "blank", "blend"]))
        frames = draw(st.integers(1, 60))
        if kind == "still":
            return StillRun(source, frames)
        if kind == "blank":
            return BlankRun(frames)
        if kind == "blend":
            side = PictureRun(source, ((0, frames),))
            return BlendRun(side, side, "dissolve", frames)
        return picture(kind == "reverse", kind != "unindexed")

    return plan_of(*(run() for _ in range(draw(st.integers(1, 6)))))


@given(plans(), st.integers(1, 200), st.integers(1, 9))
def test_the_spans_of_a_plan_are_all_of_it_in_order(plan: PicturePlan, least: int, most: int) -> None:
    least = min(least, plan.frames)
    spans = spans_of(plan, least, most)
    assert len(spans) <= most
    assert (spans[0][0], spans[-1][1]) == (0, plan.frames)
    assert all(a[1] == b[0] for a, b in pairwise(spans))
    parts = [between(plan, span) for span in spans]
    assert [frame for part in parts for frame in shown(part)] == shown(plan)
    for span, part in zip(spans, parts, strict=True):
        assert (part.frames_before, part.frames_after) == (span[0], plan.frames - span[1])


def test_what_cannot_be_taken_apart_is_refused() -> None:
    backwards = plan_of(PictureRun(made("cfr30"), ((0, 90),), reverse=True))
    assert spans_of(backwards, 30, 9) == [(0, 90)]
    for span in ((0, 30), (-1, 90), (0, 91), (50, 50)):
        with pytest.raises(Usage):
            between(backwards, span)


def test_spans_joined_show_what_one_encode_shows(tmp_path: Path) -> None:
    """Cuts, a fade over several spans, a title across a seam, a speed, a transition, a picture at the end."""
    source = open_source(make(Clip(picture=Picture(frames=1500, gop=90, b_frames=2))))
    title = draw_title(TitleSpec(text="across"), 320, 180, tmp_path / "title.png")
    assert title is not None
    fast = PictureRun(source, ((0, 100),), speed=Fraction(2), zero_s=Fraction(20))
    sides = [PictureRun(source, ((1100, 1120),)), PictureRun(source, ((1300, 1320),))]
    plan = plan_of(
        PictureRun(source, ((3, 401), (700, 1010)), fade_out_frames=600),
        fast,
        BlendRun(sides[0], sides[1], "dissolve", 20),
        StillRun(made("png"), 40),
        overlays=(Overlay(title.path, title.x, title.y, 150, 390, fade_frames=6),),
        fade_in_frames=260,
    )
    spans = spans_of(plan, 200, 9)
    assert len(spans) == 4
    parts = []
    for number, span in enumerate(spans):
        parts.append(Part(tmp_path / f"it's part {number}.mp4", span[1] - span[0]))
        encode_picture(between(plan, span), parts[-1].path, work=tmp_path)
    joined, whole = tmp_path / "joined.mp4", tmp_path / "whole.mp4"
    join_parts(parts, plan, joined, work=tmp_path)
    encode_picture(plan, whole, work=tmp_path)
    assert times(joined) == times(whole)
    read = [[stamp.index for stamp in read_frame_indices(path)] for path in (joined, whole)]
    assert all(None in (a, b) or a == b for a, b in zip(*read, strict=True))  # in the dark none can be read
    assert sum(None not in pair for pair in zip(*read, strict=True)) > 0.6 * plan.frames
    differences = [float(np.abs(a - b).mean()) for a, b in zip(pixels(joined), pixels(whole), strict=True)]
    assert max(differences) < 0.8  # of 255, at the seams 0.1 to 0.3; the next frame differs by 1 to 3


def times(path: Path) -> list[Fraction]:
    with av.open(str(path)) as file:
        stream = file.streams.video[0]
        assert stream.time_base is not None
        return sorted(p.pts * stream.time_base for p in file.demux(stream) if p.pts is not None)


def pixels(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as file:
        return [frame.to_ndarray(format="gray").astype(float) for frame in file.decode(video=0)]


def test_frames_of_a_run_are_counted_as_its_plan_counts_them() -> None:
    run = PictureRun(made("cfr30"), ((0, 10), (20, 35)))
    assert run_frames(run) == 25
    assert [r.spans for r in between(plan_of(run), (5, 12)).runs if isinstance(r, PictureRun)] == [
        ((5, 10), (20, 22))
    ]
