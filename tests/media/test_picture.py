"""Encoded pictures hold exactly the planned frames."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from saycut.errors import Cancelled, Usage
from saycut.media.info import Source
from saycut.media.picture import (
    BlankRun,
    Fit,
    Overlay,
    PicturePlan,
    PictureRun,
    Run,
    StillRun,
    canvas_size,
)
from saycut.media.picture_encode import encode_picture
from saycut.media.probe import open_source
from saycut.watch import Watch
from tests.factory import CLIPS, Clip, Picture, read_frame_indices, read_picture
from tests.factory.clips import STILLS
from tests.media.material import made, real

SPANS = ((5, 17), (18, 19), (20, 33))
EVERY_KIND = [
    *("cfr23976", "cfr60", "vfr", "vfr_mkv", "open_gop", "rotated90", "odd_size", "hdr", "interlaced"),
    *("edit_list", "offset_ts", "offset_mp4", "webm", "avi_mp3", "avi_mjpeg", "fragmented", "mkv_live"),
]


def plan(
    *runs: Run, width: int = 320, height: int = 180, rate: Fraction = Fraction(30), **more: object
) -> PicturePlan:
    return PicturePlan(runs=runs, width=width, height=height, frame_rate=rate, **more)  # type: ignore[arg-type]


def encoded(what: PicturePlan, folder: Path, suffix: str = ".mp4") -> tuple[Source, list[int | None]]:
    """The result and the numbers of its frames; its facts are checked on the way."""
    out, work = folder / f"out{suffix}", folder / "work"
    work.mkdir(exist_ok=True)
    encode_picture(what, out, work=work)
    assert list(work.iterdir()) == []
    result = open_source(out)
    video = result.info.video
    assert video is not None
    assert video.frame_count == what.frames
    assert (video.is_vfr, video.frame_rate) == (False, what.frame_rate)
    assert (video.display_width, video.display_height, video.rotation) == (what.width, what.height, 0)
    assert video.first_pts_s == 0
    return result, [stamp.index for stamp in read_frame_indices(out)]


def shown_at(clip: Clip, place: int, rate: Fraction) -> int:
    """The frame that grid place `place` shows: the last whose time rounds to it or before."""
    return [index for index in clip.indices if round(float(clip.time_of(index) * rate) + 1e-9) <= place][-1]


@pytest.mark.parametrize("name", EVERY_KIND)
def test_the_kept_frames_of_every_kind_of_source(name: str, tmp_path: Path) -> None:
    clip, source = CLIPS[name], made(name)
    video = source.info.video
    assert video is not None
    width, height = canvas_size(video.display_width, video.display_height)
    what = plan(PictureRun(source, SPANS), width=width, height=height, rate=video.frame_rate)
    result, frames = encoded(what, tmp_path)
    assert frames == [shown_at(clip, n, video.frame_rate) for first, end in SPANS for n in range(first, end)]
    made_video = result.info.video
    assert made_video is not None
    assert (made_video.codec, made_video.profile, made_video.pix_fmt) == ("h264", "High", "yuv420p")
    assert (made_video.color_range, made_video.color_space) == ("tv", "bt709")
    assert (made_video.color_primaries, made_video.color_transfer) == ("bt709", "bt709")


LONG = Picture(frames=2100, gop=250, b_frames=2, open_gop=True)


@pytest.mark.parametrize("container", ["mp4", "mkv"])
def test_far_spans_are_sought_and_exact(container: str, tmp_path: Path) -> None:
    source = made(Clip(container, LONG, (), start_s=Fraction(10)))
    spans = ((1000, 1010), (1700, 1711), (2091, 2100))
    _, frames = encoded(plan(PictureRun(source, spans)), tmp_path)
    assert frames == [n for first, end in spans for n in range(first, end)]


def test_hundreds_of_spans(tmp_path: Path) -> None:
    source = made(Clip("mp4", LONG, (), start_s=Fraction(10)))
    spans = tuple((3 * k, 3 * k + 1) for k in range(700))
    _, frames = encoded(plan(PictureRun(source, spans)), tmp_path)
    assert frames == [3 * k for k in range(700)]


@pytest.mark.parametrize("fit", ["contain", "cover", "blur"])
def test_runs_follow_each_other_whatever_their_shape(fit: Fit, tmp_path: Path) -> None:
    runs = (
        PictureRun(made("cfr30"), ((0, 10),)),
        PictureRun(made("portrait"), ((5, 15),), fit=fit),
        BlankRun(4, 0xFF0000),
        PictureRun(made("cfr25"), ((72, 100),), fit=fit),  # 20 frames beyond its end repeat the last
        StillRun(made("jpg_exif6"), 5, fit=fit),
    )
    result, frames = encoded(plan(*runs, width=640, height=360), tmp_path)
    assert frames[:10] == list(range(10))
    assert frames[10:20] == list(range(5, 15))
    assert frames[20:24] == [None] * 4
    assert frames[24] == 60
    assert frames[44:52] == [74] * 8
    assert frames[52:] == [STILLS["jpg_exif6"].index] * 5
    red = read_picture(result.path, 21)
    assert np.abs(red.astype(int) - (255, 0, 0)).max() <= 4


def test_the_bars_are_black_or_filled(tmp_path: Path) -> None:
    """A portrait still in a landscape canvas: its left edge is black, or anything else when blurred."""
    edges = {}
    for fit in ("contain", "blur", "cover"):
        folder = tmp_path / fit
        folder.mkdir()
        image = folder / "grey.png"
        Image.new("RGB", (90, 160), (200, 60, 60)).save(image)
        result, _ = encoded(plan(StillRun(open_source(image), 2, fit=fit)), folder)
        edges[fit] = read_picture(result.path)[90, 5].astype(int)
    assert edges["contain"].max() <= 3
    assert edges["cover"].tolist() == pytest.approx([200, 60, 60], abs=4)
    assert 60 < edges["blur"][0] < 200


def test_speed(tmp_path: Path) -> None:
    source = made("cfr30")
    runs = (
        PictureRun(source, ((0, 45),), speed=Fraction(2)),
        PictureRun(source, ((0, 60),), speed=Fraction(1, 2)),
    )
    _, frames = encoded(plan(*runs), tmp_path)
    assert frames[:45] == list(range(0, 90, 2))
    assert frames[45:] == [k // 2 for k in range(60)]


@pytest.mark.parametrize("suffix", [".mov", ".mkv", ".webm"])
def test_other_containers(suffix: str, tmp_path: Path) -> None:
    result, frames = encoded(plan(PictureRun(made("cfr30"), ((3, 40),))), tmp_path, suffix)
    assert frames == list(range(3, 40))
    assert result.info.video is not None
    assert result.info.video.codec == ("vp9" if suffix == ".webm" else "h264")


def test_ntsc_rates_from_others(tmp_path: Path) -> None:
    rate = Fraction(30_000, 1001)
    _, frames = encoded(
        plan(PictureRun(made("cfr30"), ((0, 80),)), PictureRun(made("cfr25"), ((3, 9),)), rate=rate), tmp_path
    )
    assert frames[:80] == [shown_at(CLIPS["cfr30"], n, rate) for n in range(80)]
    assert frames[80:] == [shown_at(CLIPS["cfr25"], n, rate) for n in range(3, 9)]


def overlay_image(folder: Path, colour: tuple[int, int, int, int] = (255, 255, 255, 255)) -> Path:
    path = folder / "over.png"
    Image.new("RGBA", (40, 30), colour).save(path)
    return path


def test_an_overlay_is_there_in_its_frames_and_no_others(tmp_path: Path) -> None:
    for rate in (Fraction(30), Fraction(30_000, 1001)):
        over = Overlay(overlay_image(tmp_path), 7, 9, first_frame=10, end_frame=20)
        result, _ = encoded(plan(BlankRun(30, 0), overlays=(over,), rate=rate), tmp_path)
        bright = [read_picture(result.path, k)[24, 27].mean() > 200 for k in range(30)]
        assert bright == [10 <= k < 20 for k in range(30)]
        picture = read_picture(result.path, 12)
        assert picture[9 + 2 : 9 + 28, 7 + 3 : 7 + 37].min() > 230
        assert picture[:7].max() < 25
        assert picture[42:].max() < 25


def test_an_overlay_fades_and_keeps_its_colour(tmp_path: Path) -> None:
    image = overlay_image(tmp_path, (20, 200, 90, 255))
    over = Overlay(image, 0, 0, first_frame=5, end_frame=25, fade_frames=5)
    result, _ = encoded(plan(BlankRun(30, 0), overlays=(over,)), tmp_path)
    green = [int(read_picture(result.path, k)[15, 20][1]) for k in range(30)]
    assert green[15] == pytest.approx(200, abs=5)
    assert green[4] < 20
    assert 20 < green[7] < 170
    assert 20 < green[22] < 170
    assert read_picture(result.path, 15)[15, 20].tolist() == pytest.approx([20, 200, 90], abs=6)


def test_fades_of_a_run_and_of_the_whole(tmp_path: Path) -> None:
    runs = (BlankRun(20, 0xFFFFFF, fade_out_frames=10), BlankRun(20, 0xFFFFFF, fade_in_frames=10))
    result, _ = encoded(plan(*runs, fade_in_frames=5, fade_out_frames=5), tmp_path)
    level = [int(read_picture(result.path, k).mean()) for k in range(40)]
    assert level[0] < 10
    assert level[8] > 245
    assert level[19] < 40
    assert level[20] < 40
    assert level[33] > 245
    assert level[39] < 60


def test_animations_play_and_repeat(tmp_path: Path) -> None:
    source = made("gif_moving")  # eight frames of 100 ms
    first = STILLS["gif_moving"].index
    _, frames = encoded(plan(StillRun(source, 48)), tmp_path)
    assert frames == [first + k // 3 % 8 for k in range(48)]


def test_real_images(tmp_path: Path) -> None:
    """CMYK, palette, transparency, EXIF in WebP, animated WebP: all are pictures in the end."""
    names = (
        "cmyk.jpg",
        "balloon_alpha.png",
        "hopper_orientation_6.webp",
        "Animation Lossy.webp",
        "chelsea.png",
    )
    result, _ = encoded(plan(*(StillRun(real(name), 3, fit="cover") for name in names)), tmp_path)
    for place in range(len(names)):
        assert read_picture(result.path, 3 * place + 1).std() > 20


@pytest.mark.parametrize(
    ("stored", "pix_fmt", "tags"),
    [
        ("tv", "yuv420p", ("-colorspace", "bt709")),
        ("tv", "yuv420p", ("-colorspace", "smpte170m")),
        ("pc", "yuvj420p", ("-colorspace", "smpte170m")),
    ],
)
def test_colours_come_out_as_they_went_in(
    stored: str, pix_fmt: str, tags: tuple[str, ...], tmp_path: Path
) -> None:
    """Whatever matrix and range a source has, red stays red (a wrong matrix moves it by 20 levels)."""
    import subprocess

    from saycut.media.ffmpeg import binary

    matrix = "bt709" if "bt709" in tags else "bt601"
    source = tmp_path / "red.mp4"
    filters = f"format=rgb24,scale=out_color_matrix={matrix}:out_range={stored},format={pix_fmt}"
    red = ("-f", "lavfi", "-i", "color=c=0xC83232:s=320x180:r=30:d=0.2", "-vf", filters)
    encode = ("-c:v", "libx264", "-qp", "1", *tags, "-color_range", stored, source)
    subprocess.run([binary(), "-v", "error", *red, *encode], check=True)
    result, _ = encoded(plan(PictureRun(open_source(source), ((0, 5),))), tmp_path)
    assert read_picture(result.path, 2)[90, 160].tolist() == pytest.approx([0xC8, 0x32, 0x32], abs=5)


def test_hdr_is_brought_down_to_what_screens_show(tmp_path: Path) -> None:
    result, _ = encoded(
        plan(PictureRun(real("hdr10_av1_portrait.mp4"), ((10, 12),)), width=180, height=320), tmp_path
    )
    picture = read_picture(result.path)
    assert 40 < picture.mean() < 200
    assert picture.max() - picture.min() > 100


def test_a_cut_off_source_still_gives_the_planned_frames(tmp_path: Path) -> None:
    encoded(plan(PictureRun(real("truncated_half.mp4"), ((0, 185),))), tmp_path)


def test_sizes() -> None:
    assert canvas_size(1920, 1080) == (1920, 1080)
    assert canvas_size(3840, 2160) == (1920, 1080)
    assert canvas_size(2160, 3840) == (1080, 1920)
    assert canvas_size(853, 479) == (852, 478)
    assert canvas_size(590, 590) == (590, 590)
    assert canvas_size(4000, 3000, 720) == (960, 720)
    assert canvas_size(1, 1) == (2, 2)


def test_wrong_plans_are_refused(tmp_path: Path) -> None:
    source = made("cfr30")
    for what in (
        plan(),
        plan(PictureRun(source, ())),
        plan(PictureRun(source, ((5, 3),))),
        plan(PictureRun(source, ((5, 9), (8, 12)))),
        plan(PictureRun(source, ((-1, 3),))),
        plan(PictureRun(made("wav"), ((0, 3),))),
        plan(StillRun(source, 3)),
    ):
        with pytest.raises(Usage):
            encode_picture(what, tmp_path / "out.mp4", work=tmp_path)
    with pytest.raises(Usage, match="is not one of"):
        encode_picture(plan(BlankRun(3)), tmp_path / "out.avi", work=tmp_path)


def test_it_can_be_stopped_and_tells_how_far_it_is(tmp_path: Path) -> None:
    heard: list[float] = []

    def on_progress(stage: str, fraction: float) -> None:
        heard.append(fraction)
        watch.cancel()

    watch = Watch(on_progress)
    with pytest.raises(Cancelled):
        encode_picture(
            plan(BlankRun(200_000), width=1280, height=720), tmp_path / "out.mp4", work=tmp_path, watch=watch
        )
    assert heard
    assert all(0 <= fraction < 1 for fraction in heard)
    assert [path.name for path in tmp_path.iterdir()] == [
        "out.mp4"
    ]  # whose removal is the publisher's business
