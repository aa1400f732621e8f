"""A picture for sound that has none."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from saycut.media.cover import extract_cover
from saycut.media.decoded import decoded_check
from saycut.media.fonts import font_for
from saycut.media.peaks import bar_heights, peaks
from saycut.media.picture import PicturePlan
from saycut.media.probe import open_source
from saycut.media.waveform import Layout, draw_base, still_picture, waveform_picture
from saycut.pcm import PcmArray
from tests.factory import make, read_picture
from tests.factory.clips import STILLS
from tests.media.material import made, real

RATE = Fraction(30)
FRAMES = 60


def loud_then_quiet() -> PcmArray:
    sound = np.random.default_rng(2).uniform(-0.5, 0.5, (96_000, 2)).astype(np.float32)
    sound[48_000:] *= 0.01
    return PcmArray(sound)


def test_the_playhead_moves_evenly_and_leaves_the_played_part_bright(tmp_path: Path) -> None:
    out = tmp_path / "wave.mp4"
    waveform_picture(
        loud_then_quiet(), FRAMES, RATE, out, work=tmp_path, title="Été “x” 100%", width=640, height=360
    )
    video = open_source(out).info.video
    assert video is not None
    assert (video.frame_count, video.is_vfr, video.frame_rate, video.profile) == (FRAMES, False, RATE, "High")
    layout = Layout.of(640, 360)
    heads = []
    for place in (0, 15, 30, 45, 59):
        row = read_picture(out, place)[layout.middle - layout.reach - 2].astype(int).sum(axis=1)
        heads.append(int(np.argmax(row)) - layout.left)
    assert heads == pytest.approx([layout.span * place / FRAMES for place in (0, 15, 30, 45, 59)], abs=3)
    start, middle = (read_picture(out, place).astype(int) for place in (0, 30))
    band = slice(layout.middle - 5, layout.middle + 5)
    left = slice(layout.left + 12, layout.left + layout.span // 2 - 20)
    assert middle[band, left].mean() > 1.8 * start[band, left].mean()
    outside = slice(0, layout.left - 12)
    assert np.abs(middle[:, outside] - start[:, outside]).max() <= 6  # the veil hides nothing but the bars


def test_the_title_is_drawn_only_when_all_of_it_can_be() -> None:
    layout = Layout.of(640, 360)
    plain = np.asarray(draw_base(layout, [0.5] * layout.bars, None, Fraction(3)))
    if font_for("Title", 20) is not None:
        titled = np.asarray(draw_base(layout, [0.5] * layout.bars, "Title", Fraction(3)))
        assert np.abs(titled.astype(int) - plain).max() > 100
        endless = np.asarray(draw_base(layout, [0.5] * layout.bars, "wide words " * 40, Fraction(3)))
        assert (endless[:, : layout.left - 2] == plain[:, : layout.left - 2]).all()
    nowhere = np.asarray(draw_base(layout, [0.5] * layout.bars, "\U000ffffc", Fraction(3)))
    assert (nowhere == plain).all()


def test_a_font_has_every_character_or_is_not_taken() -> None:
    assert font_for("\U000ffffc", 20) is None
    for text in ("plain", "Été", "Привет", "中文字幕", "日本語", "한국어"):
        font = font_for(text, 20)
        if font is not None:
            shapes = {bytes(font.getmask(char)) for char in text}
            assert bytes(font.getmask("\U000ffffd")) not in shapes


def test_peaks_are_rms_levels() -> None:
    sound = np.zeros((1000, 2), np.float32)
    sound[500:] = 0.5
    assert peaks(PcmArray(sound), 4).tolist() == pytest.approx([0, 0, 0.5, 0.5])
    assert peaks(PcmArray(sound[:3]), 8).shape == (8,)
    assert peaks(PcmArray(sound[:0]), 3).tolist() == [0, 0, 0]


def test_bars_show_forty_decibels() -> None:
    heights = bar_heights(np.array([1.0, 0.1, 0.01, 0.0], np.float32) / 4)
    assert heights[0] == 1
    assert 0.2 < heights[1] < 0.6
    assert heights[2:].tolist() == pytest.approx([0, 0], abs=1e-4)
    assert not bar_heights(np.zeros(5, np.float32)).any()


def test_a_cover_fills_the_canvas(tmp_path: Path) -> None:
    out = tmp_path / "cover.mp4"
    still_picture(made("jpg_portrait"), 30, RATE, out, work=tmp_path, width=640, height=360)
    video = open_source(out).info.video
    assert video is not None
    assert (video.frame_count, video.width, video.height, video.color_range) == (30, 640, 360, "tv")
    from tests.factory import read_frame_indices

    assert {stamp.index for stamp in read_frame_indices(out)} == {STILLS["jpg_portrait"].index}
    assert read_picture(out)[:, :40].mean() > 10  # blurred, not black


@pytest.mark.parametrize("name", ["mp3_cover", "m4a_cover", "covered"])
def test_covers_are_taken_out(name: str, tmp_path: Path) -> None:
    cover = extract_cover(made(name), tmp_path)
    assert cover is not None
    assert cover.info.kind == "image"
    assert cover.info.image is not None
    assert cover.info.image.width > 0


def test_no_cover_and_a_broken_cover(tmp_path: Path) -> None:
    assert extract_cover(made("mp3"), tmp_path) is None
    data = bytearray(make("mp3_cover").read_bytes())
    place = max(data.find(b"\x89PNG"), data.find(b"\xff\xd8\xff"))
    data[place + 8 : place + 400] = bytes(392)
    path = tmp_path / "broken.mp3"
    path.write_bytes(data)
    assert extract_cover(open_source(path), tmp_path) is None


def test_the_real_cover(tmp_path: Path) -> None:
    cover = extract_cover(real("bear_id3_cover_chapters.mp3"), tmp_path)
    assert cover is not None
    assert cover.info.image is not None
    assert (cover.info.image.width, cover.info.image.height) == (1400, 1400)


def test_every_frame_and_sample_is_counted_when_decoded() -> None:
    for name in ("b_frames", "edit_list", "webm"):
        source = made(name)
        assert source.info.video is not None
        done = decoded_check(source)
        assert (done.frames, done.errors) == (source.info.video.frame_count, 0)
        assert done.samples == pytest.approx(3 * 48_000, abs=1024)
    assert decoded_check(made("wav")).frames == 0


def test_damage_is_counted(tmp_path: Path) -> None:
    data = bytearray(make("b_frames").read_bytes())
    begin = data.index(b"mdat") + 4
    for place in range(begin + 4000, begin + 60_000, 97):
        data[place] ^= 0x5A
    path = tmp_path / "damaged.mp4"
    path.write_bytes(data)
    assert decoded_check(open_source(path)).errors > 0


def test_plans_count_frames() -> None:
    assert PicturePlan(runs=(), width=2, height=2, frame_rate=RATE).frames == 0
