"""Verbs on the picture, end to end: frames, corners, colours, lengths and sizes of the finished files."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from saycut.errors import Impossible
from saycut.media.probe import open_source
from saycut.studio.edit import Edited
from tests.factory import (
    Clip,
    Picture,
    Sound,
    make,
    read_frame_indices,
    read_patches,
    read_picture,
    read_sound,
)
from tests.factory.stamp import PATCHES
from tests.studio.steps import done, rms_dbfs, shown_indices, step

FIRST = Clip()
BRIEF = Clip(picture=Picture(frames=12), sounds=())
SECOND = Clip(picture=Picture(first_index=500, source=1), sounds=(Sound(source=2),))
PORTRAIT = Clip(picture=Picture(width=180, height=320, frames=12), sounds=())


def ends_together(path: Path, frames: int, rate: Fraction = Fraction(30)) -> bool:
    """Exactly so many frames, and the sound ends within one of them."""
    assert len(read_frame_indices(path)) == frames
    return abs(len(read_sound(path)) / 48_000 - float(frames / rate)) <= float(1 / rate)


def corners_are(path: Path, number: int, *wanted: int) -> bool:
    found, truth = np.array(read_patches(path, number)), np.array([PATCHES[n] for n in wanted])
    return bool(np.abs(found - truth).max() < 16)


def warned(edited: Edited, words: str) -> bool:
    return any(words in warning.en for warning in edited.warnings)


@pytest.mark.parametrize(
    ("steps", "size", "corners", "rotation"),
    [
        ([step("rotate", degrees=90)], (180, 320), (2, 0, 3, 1), 90),
        ([step("rotate", degrees=-90)], (180, 320), (1, 3, 0, 2), 270),
        ([step("flip", direction="vertical")], (320, 180), (2, 3, 0, 1), None),
        ([step("rotate"), step("flip")], (180, 320), (0, 2, 1, 3), None),
    ],
)
def test_turned_and_mirrored(
    steps: list[object], size: tuple[int, int], corners: tuple[int, ...], rotation: int | None, tmp_path: Path
) -> None:
    out = tmp_path / "out.mp4"
    done([make(FIRST)], *steps, out=out)  # type: ignore[arg-type]
    frames = read_frame_indices(out)
    assert {frame.size for frame in frames} == {size}
    assert corners_are(out, 45, *corners)
    if rotation is not None:
        assert [frame.index for frame in frames] == list(range(90))
        assert {frame.rotation for frame in frames} == {rotation}
    assert ends_together(out, 90)


def test_a_turn_by_an_odd_angle_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Impossible, match="90, 180 or 270"):
        done([make(FIRST)], step("rotate", degrees=45), out=tmp_path / "out.mp4")


def test_a_full_turn_is_a_copy(tmp_path: Path) -> None:
    edited = done([make(FIRST)], step("rotate", degrees=360), out=tmp_path / "out.mp4")
    assert edited.receipt is not None
    assert edited.receipt.video == "copied"
    assert warned(edited, "changes nothing")


def test_crops_keep_the_code_and_the_sizes_add_up(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    done([make(BRIEF)], step("crop", edges=["left", "right"], percent=10), out=out)
    assert {frame.size for frame in read_frame_indices(out)} == {(256, 180)}
    assert shown_indices(out) == list(range(12))
    done([make(BRIEF)], step("crop", width=120, height=140), out=out)
    frames = read_frame_indices(out)
    assert {frame.size for frame in frames} == {(120, 140)}
    box = frames[0].box
    assert box is not None
    assert box[0] + box[2] / 2 == pytest.approx(60, abs=2)
    assert box[1] + box[3] / 2 == pytest.approx(70, abs=2)


def test_a_crop_after_a_turn_takes_what_is_seen_on_top(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    done([make(BRIEF)], step("rotate"), step("crop", edges=["top"], percent=20), out=out)
    assert {frame.size for frame in read_frame_indices(out)} == {(180, 256)}
    whole = tmp_path / "whole.mp4"
    done([make(BRIEF)], step("rotate"), out=whole)
    kept = read_picture(whole, 10)[64:].astype(int)
    assert np.abs(kept - read_picture(out, 10)).mean() < 4


def test_sizes(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    edited = done([make(BRIEF)], step("resize", resolution="240p"), out=out)
    assert {frame.size for frame in read_frame_indices(out)} == {(426, 240)}
    assert warned(edited, "enlarging adds no detail")
    edited = done([make(BRIEF)], step("resize", width=160), out=out)
    assert {frame.size for frame in read_frame_indices(out)} == {(160, 90)}
    assert not edited.warnings
    edited = done([make(BRIEF)], step("resize", width=200, height=200), out=out)
    assert read_picture(out, 5)[5, 100].max() < 10
    assert warned(edited, "black bars")


@pytest.mark.parametrize(
    ("clip", "args", "size", "edge"),
    [
        (BRIEF, {"aspect": "9:16"}, (180, 320), "grey"),
        (BRIEF, {"aspect": "1:1", "mode": "pad"}, (180, 180), "black"),
        (BRIEF, {"aspect": "4:5", "mode": "blur"}, (180, 224), "filled"),
        (PORTRAIT, {"aspect": "16:9"}, (320, 180), "filled"),
        (BRIEF, {"aspect": "1:1", "width": 240, "height": 240}, (240, 240), "grey"),
        (BRIEF, {"aspect": "21:9"}, (420, 180), "filled"),
    ],
)
def test_other_shapes(
    clip: Clip, args: dict[str, object], size: tuple[int, int], edge: str, tmp_path: Path
) -> None:
    out = tmp_path / "out.mp4"
    done([make(clip)], step("reframe", **args), out=out)
    frames = read_frame_indices(out)
    assert {frame.size for frame in frames} == {size}
    assert [frame.index for frame in frames] == list(clip.indices)
    picture = read_picture(out, 5)
    top, left = picture[3, size[0] // 2].max(), picture[size[1] // 2, 3].max()
    if edge == "black":
        assert top < 10
    elif edge == "filled":
        assert 30 < max(top, left) < 200
    else:
        assert 118 < top < 138


def test_fades_begin_and_end_in_black_and_silence(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    done([make(FIRST)], step("fade", direction="both", duration=0.5), out=out)
    assert ends_together(out, 90)
    assert read_picture(out, 0).mean() < 6
    assert read_picture(out, 89).mean() < 16
    assert [frame.index for frame in read_frame_indices(out)][20:70] == list(range(20, 70))
    half = read_picture(out, 7).mean() / read_picture(out, 45).mean()
    assert half == pytest.approx(0.5, abs=0.1)
    sound = read_sound(out)
    assert rms_dbfs(sound[:2400]) < rms_dbfs(sound[48_000:50_400]) - 12
    assert rms_dbfs(sound[-1200:]) < rms_dbfs(sound[48_000:50_400]) - 12


def test_a_fade_of_the_sound_alone_copies_the_picture(tmp_path: Path) -> None:
    edited = done([make(FIRST)], step("fade", direction="out", media="audio"), out=tmp_path / "out.mp4")
    assert edited.receipt is not None
    assert edited.receipt.video == "copied"
    sound = read_sound(tmp_path / "out.mp4")
    assert rms_dbfs(sound[-1200:]) < rms_dbfs(sound[48_000:50_400]) - 12


def test_a_fade_of_one_clip(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    steps = [step("fade", direction="in", media="video", target="clip:2", duration=0.5)]
    done([make(FIRST), make(SECOND)], *steps, out=out)
    assert read_picture(out, 0).mean() > 60
    assert read_picture(out, 90).mean() < 6
    assert read_picture(out, 110).mean() > 60
    assert ends_together(out, 180)


def test_a_crossfade_overlaps_picture_and_sound(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    edited = done([make(FIRST), make(SECOND)], step("transition"), out=out)
    frames = read_frame_indices(out)
    assert ends_together(out, 150)
    assert [f.index for f in frames[:60]] == list(range(60))
    assert [f.index for f in frames[91:]] == list(range(531, 590))
    a, b = (read_picture(path, n).astype(int) for path, n in ((make(FIRST), 75), (make(SECOND), 15)))
    assert np.abs(read_picture(out, 75) - (a + b) / 2).mean() < 4
    assert edited.receipt is not None
    assert edited.receipt.operations[0]["overlap_s"] == 1


@pytest.mark.parametrize(("kind", "level"), [("fade to black", 0), ("white", 255)])
def test_a_transition_through_a_colour(kind: str, level: int, tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    done([make(FIRST), make(SECOND)], step("transition", type=kind, duration=2 / 3), out=out)
    assert ends_together(out, 160)
    assert abs(read_picture(out, 80).mean() - level) < 20
    assert read_frame_indices(out)[100].index == 530


def test_transitions_of_short_clips_take_half_of_them(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    short = Clip(picture=Picture(frames=20, first_index=700, source=3), sounds=())
    half = Clip(picture=Picture(frames=45), sounds=())
    edited = done([make(half), make(short), make(half)], step("transition", type="wipe"), out=out)
    assert warned(edited, "half of the shorter")
    assert len(read_frame_indices(out)) == 110 - 2 * 10
    edited = done([make(half), make(short), make(half)], step("transition", clip=1, duration=0.2), out=out)
    assert len(read_frame_indices(out)) == 110 - 6
    assert not edited.warnings


def test_one_clip_has_nothing_to_go_over_into(tmp_path: Path) -> None:
    edited = done([make(FIRST)], step("transition"), out=tmp_path / "out.mp4")
    assert warned(edited, "only one clip")
    with pytest.raises(Impossible, match="no transition"):
        done([make(FIRST), make(SECOND)], step("transition", type="star"), out=tmp_path / "out.mp4")


def test_text_is_where_and_when_it_was_asked_for(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    words = step("text", text="我的 Видео", position="top", start=1, end=2, color="yellow")
    edited = done([make(FIRST)], words, out=out)
    assert not edited.warnings
    assert shown_indices(out) == list(range(90))
    plain = [read_picture(make(FIRST), n).astype(int) for n in (15, 45, 75)]
    shown = [read_picture(out, n).astype(int) for n in (15, 45, 75)]
    moved = [np.abs(a - b).max(axis=2) > 80 for a, b in zip(plain, shown, strict=True)]
    assert [bool(m.any()) for m in moved] == [False, True, False]
    rows, columns = np.nonzero(moved[1])
    assert rows.max() < 60
    assert abs(columns.mean() - 160) < 12
    yellow = (shown[1][..., 0] > 200) & (shown[1][..., 1] > 200) & (shown[1][..., 2] < 90)
    assert yellow[:60].sum() > 50


def test_characters_that_no_font_has_are_said_and_left_out(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    edited = done([make(BRIEF)], step("text", text="Hi \U000f1234"), out=out)
    assert warned(edited, "No font here has")
    edited = done([make(BRIEF)], step("text", text="\U000f1234"), out=out)
    assert warned(edited, "No font here has")
    assert np.abs(read_picture(out, 5).astype(int) - read_picture(make(BRIEF), 5)).mean() < 4


def test_a_colour_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Impossible, match="no colour"):
        done([make(FIRST)], step("text", text="x", color="[0:v]"), out=tmp_path / "out.mp4")


@pytest.mark.parametrize("suffix", ["mov", "webm"])
def test_formats_and_frame_rates(suffix: str, tmp_path: Path) -> None:
    out = tmp_path / f"out.{suffix}"
    done([make(FIRST)], step("export", format=suffix, fps=15), out=out)
    assert [n is not None and abs(n - 2 * k) <= 1 for k, n in enumerate(shown_indices(out))] == [True] * 45
    assert ends_together(out, 45, Fraction(15))


def test_a_gif(tmp_path: Path) -> None:
    out = tmp_path / "out.gif"
    edited = done([make(FIRST)], step("export", format="gif"), out=out)
    image = open_source(out).info.image
    assert image is not None
    assert (image.width, image.height, image.is_animated) == (320, 180, True)
    assert float(image.duration_s) == pytest.approx(3, abs=0.08)
    assert warned(edited, "no sound")


@pytest.mark.parametrize("suffix", ["mp3", "ogg", "wav"])
def test_sound_files(suffix: str, tmp_path: Path) -> None:
    out = tmp_path / f"out.{suffix}"
    rate = 96 if suffix in ("mp3", "m4a", "ogg") else None
    args: dict[str, object] = {"format": suffix, "start": 1, "end": 2}
    done([make(FIRST)], step("extract_audio", **args, **({"bitrate_kbps": rate} if rate else {})), out=out)
    assert len(read_sound(out)) / 48_000 == pytest.approx(1, abs=0.03)
    if rate is not None:
        assert out.stat().st_size < 96_000 / 8 * 1.4


def test_one_channel_and_its_rate(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    done([make(FIRST)], step("export", channels=1, audio_bitrate_kbps=64), out=out)
    info = open_source(out).info
    assert info.audio is not None
    assert info.audio.channels == 1


NOISY = Clip(picture=Picture(width=640, height=360, frames=120, crf=4), sounds=(Sound(),))


@pytest.mark.parametrize("limit_mb", [0.15, 0.07])
def test_a_limit_of_size_holds(limit_mb: float, tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    source = make(NOISY)
    assert source.stat().st_size > limit_mb * 1e6
    done([source], step("export", max_size_mb=limit_mb), out=out)
    assert out.stat().st_size <= limit_mb * 1e6
    assert ends_together(out, 120)


def test_what_is_small_enough_is_copied_and_what_cannot_be_is_refused(tmp_path: Path) -> None:
    edited = done([make(NOISY)], step("export", max_size_mb=50), out=tmp_path / "out.mp4")
    assert edited.receipt is not None
    assert edited.receipt.video == "copied"
    with pytest.raises(Impossible, match="do not fit"):
        done([make(NOISY)], step("export", max_size_mb=0.015), out=tmp_path / "none.mp4")
    assert not (tmp_path / "none.mp4").exists()


def test_compress_and_high_quality(tmp_path: Path) -> None:
    small, usual = tmp_path / "small.mp4", tmp_path / "usual.mp4"
    done([make(NOISY)], step("export", quality="small"), out=small)
    done([make(NOISY)], step("export", fps=29), out=usual)
    assert small.stat().st_size < min(usual.stat().st_size, make(NOISY).stat().st_size)


def test_a_platform_brings_its_rate_and_says_what_shape_it_shows(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    fast = Clip(picture=Picture(rate=Fraction(60), frames=60))
    edited = done([make(fast)], step("export", platform="instagram_reels"), out=out)
    assert warned(edited, "make it vertical")
    assert ends_together(out, 30)


def test_speed_and_reverse_show_exactly_the_frames_that_arithmetic_says(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    done([make(FIRST)], step("speed", factor=2, start=11 / 30, end=51 / 30), step("reverse"), out=out)
    forwards = [*range(11), *range(11, 51, 2), *range(51, 90)]
    assert shown_indices(out) == forwards[::-1]
    assert ends_together(out, 70)


def test_verbs_on_top_of_each_other(tmp_path: Path) -> None:
    """Cut, turned, cut again, faded over, titled and made upright: the frames are still the right ones."""
    out = tmp_path / "out.mp4"
    steps = [
        step("cut", start=0.5, end=1),
        step("transition", duration=0.5),
        step("rotate", degrees=180, clip=2),
        step("cut", start=4.5, end=5),
        step("text", text="Hi", position="top", duration=1),
        step("reframe", aspect="1:1"),
        step("export", resolution="240p"),
    ]
    edited = done([make(FIRST), make(SECOND)], *steps, out=out)
    frames = read_frame_indices(out)
    assert {frame.size for frame in frames} == {(240, 240)}
    wanted = [*range(15), *range(30, 75), *[None] * 15, *range(515, 575)]
    assert len(frames) == len(wanted)
    found = [(f.index, w) for f, w in zip(frames, wanted, strict=True) if w is not None]
    assert [index for index, _ in found[:60]] == [w for _, w in found[:60]]
    assert {frame.rotation for frame in frames[:60]} == {0}
    assert {frame.rotation for frame in frames[76:]} == {180}
    assert [index for index, _ in found[60:]] == [w for _, w in found[60:]]
    assert ends_together(out, len(wanted))
    assert edited.receipt is not None
    assert edited.receipt.av_end_difference_ms is not None


def test_what_is_small_already_is_copied(tmp_path: Path) -> None:
    tiny = Clip(picture=Picture(frames=60, crf=40, gop=250))
    edited = done([make(tiny)], step("export", quality="small"), out=tmp_path / "out.mp4")
    assert edited.receipt is not None
    assert edited.receipt.video == "copied"
    assert warned(edited, "as small already")
    assert (tmp_path / "out.mp4").stat().st_size <= make(tiny).stat().st_size * 1.02
