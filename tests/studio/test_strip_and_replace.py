"""Jobs 1 and 2: the picture stays packet for packet, the sound goes or is replaced."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from saycut.errors import Impossible, Usage
from saycut.media.packets import picture_hash, same_picture
from saycut.media.probe import open_source
from tests.factory import Clip, Picture, Sound, locate_sound, make, read_frame_indices, read_sound
from tests.studio.steps import clip_named, done, shown_indices, step, worst_step_ms

COPIED = (
    "cfr30",
    "cfr23976",
    "vfr",
    "vfr_mkv",
    "b_frames",
    "open_gop",
    "rotated90",
    "edit_list",
    "offset_mp4",
    "offset_mkv",
    "sound_late",
    "sound_early",
    "surround",
    "mkv_opus",
    "no_sound",
)
ENCODED = ("yuv444", "ten_bit_h264", "webm", "avi_mjpeg", "offset_ts", "interlaced")


@pytest.mark.parametrize("name", COPIED)
def test_strip_copies_the_picture_packet_for_packet(name: str, tmp_path: Path) -> None:
    source, out = make(name), tmp_path / "out.mp4"
    edited = done([source], out=out, say="remove all audio from this video and export it silent")
    assert edited.receipt is not None
    assert edited.receipt.video == "copied"
    assert (edited.receipt.lufs_before, edited.receipt.lufs_after) == (None, None)
    assert same_picture(picture_hash(open_source(source)), picture_hash(open_source(out)))
    assert read_sound(out).size == 0
    before, after = read_frame_indices(source), read_frame_indices(out)
    assert [f.index for f in after] == [f.index for f in before] == list(clip_named(name).indices)
    zero = after[0].pts_s
    for one, other in zip(before, after, strict=True):
        assert abs((one.pts_s - before[0].pts_s) - (other.pts_s - zero)) <= Fraction(1, 1000)


@pytest.mark.parametrize("name", ENCODED)
def test_strip_encodes_what_no_player_takes(name: str, tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    edited = done([make(name)], step("mute"), out=out)
    assert edited.receipt is not None
    info = open_source(out).info
    assert info.video is not None
    assert (info.video.codec, info.video.pix_fmt, info.audio) == ("h264", "yuv420p", None)
    assert edited.receipt.video in ("encoded", "copied")
    assert shown_indices(out) == list(clip_named(name).indices)


@pytest.mark.parametrize(
    "name", ["cfr30", "vfr", "edit_list", "rotated90", "offset_mp4", "b_frames", "no_sound"]
)
def test_replace_puts_the_voiceover_under_the_untouched_picture(name: str, tmp_path: Path) -> None:
    source, out = make(name), tmp_path / "out.mp4"
    voice = make(Clip("wav", None, (Sound("pcm_s16le", source=5, length_s=Fraction(6)),)))
    edited = done([source, voice], out=out, say="replace the original audio track with my voiceover")
    assert edited.receipt is not None
    assert edited.receipt.video == "copied"
    assert same_picture(picture_hash(open_source(source)), picture_hash(open_source(out)))
    assert worst_step_ms(out, clip_named(name), source=5) < 1
    assert abs(edited.receipt.lufs_after - -14) <= 0.2 if edited.receipt.lufs_after else False
    assert edited.receipt.true_peak_after_dbtp is not None
    assert edited.receipt.true_peak_after_dbtp <= -1
    (told,) = edited.receipt.operations
    assert (told["aligned"], told["offset_s"]) == (False, 0.0)
    assert any("placed at the start" in warning.en for warning in edited.warnings)


def test_replace_aligns_the_same_performance_to_the_sample(tmp_path: Path) -> None:
    clip = Clip(picture=Picture(frames=450))
    recorder = make(Clip("wav", None, (Sound("pcm_s16le", start_s=Fraction(-7, 5), length_s=Fraction(18)),)))
    out = tmp_path / "out.mp4"
    edited = done([make(clip), recorder], step("replace_audio"), out=out)
    assert edited.receipt is not None
    (told,) = edited.receipt.operations
    assert told["aligned"] is True
    assert told["offset_s"] == pytest.approx(-1.4, abs=0.001)
    assert worst_step_ms(out, clip) < 1


def test_a_short_voiceover_is_followed_by_silence_up_to_the_pictures_end(tmp_path: Path) -> None:
    voice = make(Clip("wav", None, (Sound("pcm_s16le", source=5, length_s=Fraction(2)),)))
    out = tmp_path / "out.mp4"
    edited = done([make("cfr30"), voice], step("replace_audio"), out=out)
    pcm = read_sound(out)
    assert abs(len(pcm) - 3 * 48_000) < 1700
    assert np.abs(pcm[int(2.05 * 48_000) :]).max() < 1e-3
    assert edited.receipt is not None
    assert edited.receipt.av_end_difference_ms is not None
    assert edited.receipt.av_end_difference_ms <= 1000 / 30


def test_mute_of_a_range_leaves_the_rest_in_place(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    done([make("cfr30")], step("mute", start=1, end=2), out=out)
    pcm = read_sound(out)
    assert np.abs(pcm[50_000:94_000]).max() < 1e-3
    for at in (10_000, 120_000):
        assert locate_sound(pcm, at)[0] == pytest.approx(at, abs=5)


def test_an_input_is_never_the_output(tmp_path: Path) -> None:
    source = tmp_path / "clip.mp4"
    source.write_bytes(make("cfr30").read_bytes())
    with pytest.raises(Usage):
        done([source], step("mute"), out=source)
    assert source.read_bytes() == make("cfr30").read_bytes()


def test_what_cannot_be_done_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(Impossible):
        done([make("wav")], step("mute"), out=tmp_path / "out.mp4")
    assert list(tmp_path.iterdir()) == []
