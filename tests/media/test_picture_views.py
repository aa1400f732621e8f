"""Turned, cropped, reversed and blended pictures: every frame is the one that arithmetic says."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from saycut.errors import Usage
from saycut.media.picture import BlankRun, BlendRun, Overlay, PicturePlan, PictureRun, Run, View
from saycut.media.picture_encode import encode_picture
from saycut.media.picture_parts import parts_of
from saycut.media.probe import open_source
from tests.factory import Clip, Picture, read_frame_indices, read_patches, read_picture
from tests.factory.stamp import PATCHES
from tests.media.material import made
from tests.media.test_picture import encoded, overlay_image, plan

LONG = Clip("mp4", Picture(frames=2100, gop=250, b_frames=2, open_gop=True), (), start_s=Fraction(10))
BRIGHT = Clip(picture=Picture(frames=60, source=1), sounds=())


def close(found: list[tuple[int, int, int]], wanted: list[tuple[int, int, int]]) -> bool:
    return bool(np.abs(np.array(found) - np.array(wanted)).max() < 16)


@pytest.mark.parametrize(
    ("view", "size", "corners"),
    [
        (View(turn_deg=90), (180, 320), (2, 0, 3, 1)),
        (View(turn_deg=180), (320, 180), (3, 2, 1, 0)),
        (View(turn_deg=270), (180, 320), (1, 3, 0, 2)),
        (View(flip_horizontal=True), (320, 180), (1, 0, 3, 2)),
        (View(flip_vertical=True), (320, 180), (2, 3, 0, 1)),
        (View(flip_horizontal=True, turn_deg=90), (180, 320), (3, 1, 2, 0)),
    ],
)
@pytest.mark.parametrize("name", ["cfr30", "rotated90"])
def test_turns_and_flips(
    name: str, view: View, size: tuple[int, int], corners: tuple[int, ...], tmp_path: Path
) -> None:
    source = made(name)
    video = source.info.video
    assert video is not None
    width, height = view.size(video.display_width, video.display_height)
    if name == "cfr30":
        assert (width, height) == size
    what = plan(PictureRun(source, ((3, 6),), view=view), width=width, height=height)
    result, frames = encoded(what, tmp_path)
    if not (view.flip_horizontal or view.flip_vertical):
        assert frames == [3, 4, 5]
        assert {stamp.rotation for stamp in read_frame_indices(result.path)} == {view.turn_deg}
    assert close(read_patches(result.path), [PATCHES[n] for n in corners])


def test_a_crop_keeps_its_share_and_nothing_else(tmp_path: Path) -> None:
    view = View(left=Fraction(1, 4), right=Fraction(3, 4), top=Fraction(1, 9), bottom=Fraction(8, 9))
    source = made("cfr30")
    width, height = view.size(320, 180)
    assert (width, height) == (160, 140)
    what = plan(PictureRun(source, ((0, 3),), view=view), width=width, height=height)
    result, frames = encoded(what, tmp_path)
    assert frames == [0, 1, 2]
    whole, kept = read_picture(source.path).astype(int), read_picture(result.path).astype(int)
    assert np.abs(whole[20:160, 80:240] - kept).mean() < 4


@pytest.mark.parametrize(
    "clip", [Clip(), Clip("mkv"), Clip("ts"), Clip(picture=Picture(b_frames=2, gop=250))]
)
def test_backwards(clip: Clip, tmp_path: Path) -> None:
    run = PictureRun(made(clip), ((3, 50), (60, 90)), reverse=True)
    _, frames = encoded(plan(run), tmp_path)
    assert frames == [*range(89, 59, -1), *range(49, 2, -1)]


def test_backwards_in_parts_that_are_joined(tmp_path: Path) -> None:
    """2100 frames are 70 chunks: more than one pass may hold."""
    source = made(
        Clip("mp4", Picture(frames=2100, gop=250, b_frames=2, open_gop=True), (), start_s=Fraction(10))
    )
    over = Overlay(overlay_image(tmp_path), 7, 9, first_frame=700, end_frame=900)
    what = plan(
        PictureRun(source, ((0, 2100),), reverse=True),
        BlankRun(10, 0xFFFFFF),
        overlays=(over,),
        fade_out_frames=5,
    )
    parts = parts_of(what)
    assert len(parts) > 2
    assert sum(part.frames for part in parts) == 2110
    assert max(part.frames for part in parts) <= 720
    result, frames = encoded(what, tmp_path)
    assert frames[:2100] == list(range(2099, -1, -1))
    assert frames[2100:] == [None] * 10
    for place in (699, 700, 899, 900):
        bright = read_picture(result.path, place)[24, 27].mean() > 200
        assert bright == (700 <= place < 900)
    assert read_picture(result.path, 2109).mean() < 60


def test_what_is_held_backwards_is_bounded_whatever_the_size() -> None:
    """No part turns more than a second of 1080p round, nor half a second of 4K."""
    source = made(LONG)
    run = PictureRun(source, ((0, 900),), reverse=True)
    for width, height, most in ((640, 360, 360), (1920, 1080, 30), (3840, 2160, 15)):
        parts = parts_of(plan(run, width=width, height=height))
        assert sum(part.frames for part in parts) == 900
        assert max(part.frames for part in parts) <= most


def test_fades_go_on_over_the_joins_of_parts(tmp_path: Path) -> None:
    """Thirty parts of two bright frames and more, faded over all of them as over one."""
    whole: list[Run] = [PictureRun(made("cfr30"), ((0, 90),))]
    cut: list[Run] = [PictureRun(made("cfr30"), ((k, k + 3),)) for k in range(0, 90, 3)]
    levels = []
    for number, runs in enumerate((whole, cut)):
        folder = tmp_path / str(number)
        folder.mkdir()
        what = plan(*runs, fade_in_frames=80, fade_out_frames=40)
        assert len(parts_of(what)) == number + 1
        result, _ = encoded(what, folder)
        levels.append([read_picture(result.path, n).mean() for n in (0, 40, 55, 71, 74, 80, 89)])
    assert np.abs(np.array(levels[0]) - levels[1]).max() < 2


@pytest.mark.parametrize("suffix", [".mkv", ".webm"])
def test_joined_parts_in_other_containers(suffix: str, tmp_path: Path) -> None:
    runs: list[Run] = [PictureRun(made("cfr30"), ((k, k + 2),), zero_s=Fraction(0)) for k in range(0, 80, 3)]
    _, frames = encoded(plan(*runs), tmp_path, suffix)
    assert frames == [n for k in range(0, 80, 3) for n in (k, k + 1)]


def test_a_speed_counts_from_where_its_clip_begins(tmp_path: Path) -> None:
    """From frame 11 on: at double speed 11, 13, 15 …; the same backwards; at a third, thrice each."""
    source = made("cfr30")
    zero = Fraction(11, 30)
    runs = (
        PictureRun(source, ((0, 10),), speed=Fraction(2), zero_s=zero),
        PictureRun(source, ((0, 10),), speed=Fraction(2), zero_s=zero, reverse=True),
        PictureRun(source, ((0, 9),), speed=Fraction(1, 3), zero_s=zero),
    )
    _, frames = encoded(plan(*runs), tmp_path)
    double = list(range(11, 31, 2))
    assert frames == [*double, *reversed(double), *(11 + k // 3 for k in range(9))]


KINDS = ["dissolve", "black", "white", "wipe_left", "wipe_right", "slide_left", "slide_right", "zoom"]


@pytest.mark.parametrize("kind", KINDS)
def test_transitions_last_exactly_as_planned(kind: str, tmp_path: Path) -> None:
    first, second = made("cfr30"), made(BRIGHT)
    blend = BlendRun(PictureRun(first, ((30, 50),)), PictureRun(second, ((0, 20),)), kind, 20)  # type: ignore[arg-type]
    what = plan(PictureRun(first, ((20, 30),)), blend, PictureRun(second, ((20, 30),)))
    result, frames = encoded(what, tmp_path)
    assert frames[:10] == list(range(20, 30))
    assert frames[30:] == list(range(20, 30))
    middle = read_picture(result.path, 20).astype(int)
    a = read_picture(first.path, 40).astype(int)
    b = read_picture(second.path, 10).astype(int)
    if kind == "dissolve":
        assert np.abs(middle - (a + b) / 2).mean() < 4
    elif kind in ("black", "white"):
        assert np.abs(middle - (0 if kind == "black" else 255)).mean() < 30
    elif kind == "zoom":  # into the old picture, which then gives way
        assert min(np.abs(middle - a).mean(), np.abs(middle - b).mean()) > 2
    else:
        assert np.abs(middle - half_way(kind, a, b)).mean() < 4


def half_way(kind: str, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """What the middle frame shows when two pictures meet in the middle of the canvas."""
    left, right = slice(0, 160), slice(160, 320)
    halves = {
        "wipe_left": (a[:, left], b[:, right]),
        "wipe_right": (b[:, left], a[:, right]),
        "slide_left": (a[:, right], b[:, left]),
        "slide_right": (b[:, right], a[:, left]),
    }
    return np.concatenate(halves[kind], axis=1)


def test_a_transition_with_sides_of_other_lengths_is_refused(tmp_path: Path) -> None:
    source = made("cfr30")
    blend = BlendRun(PictureRun(source, ((0, 10),)), PictureRun(source, ((20, 31),)), "dissolve", 10)
    with pytest.raises(Usage, match="as long"):
        encode_picture(plan(blend), tmp_path / "out.mp4", work=tmp_path)


def test_a_held_bit_rate(tmp_path: Path) -> None:
    noisy = plan(PictureRun(made("cfr30"), ((0, 90),)), width=640, height=360)
    sizes = []
    for kbps in (None, 60):
        folder = tmp_path / str(kbps)
        folder.mkdir()
        what = PicturePlan(runs=noisy.runs, width=640, height=360, frame_rate=Fraction(30), bitrate_kbps=kbps)
        result, _ = encoded(what, folder)
        sizes.append(result.path.stat().st_size)
    assert sizes[1] < min(sizes[0], 60_000 / 8 * 3 * 1.4)
    assert open_source(tmp_path / "60" / "out.mp4").info.video is not None
