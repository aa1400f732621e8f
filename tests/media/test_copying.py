"""Copied pictures are proven the same, and their new sound is in step to the sample."""

import shutil
import subprocess
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import pytest

from saycut.errors import Cancelled, Usage
from saycut.media.copying import copy_all, copy_all_obstacle, copy_obstacle, copy_picture, mux
from saycut.media.ffmpeg import binary
from saycut.media.info import Source
from saycut.media.packets import PacketDigest, picture_hash, same_picture, stream_ends
from saycut.media.probe import open_source
from saycut.watch import Watch
from tests.factory import CLIPS, Clip, Picture, Sound, locate_sound, make, read_frame_indices, read_sound
from tests.media.material import made, real

VOICE = Clip("m4a", None, (Sound(source=5),))
OPUS = Clip("ogg", None, (Sound("libopus", source=5),))

COPIED = [
    *("cfr23976", "vfr", "vfr_mkv", "b_frames", "open_gop", "rotated90", "edit_list", "edit_list_mov"),
    *("offset_ts", "offset_mp4", "offset_mkv", "sound_early_ts", "fragmented", "two_sounds", "covered"),
]


@lru_cache(maxsize=64)
def original(path: Path) -> PacketDigest:
    return picture_hash(open_source(path))


def checked(source: Source, out: Path) -> Source:
    copy = open_source(out)
    verdict = same_picture(original(source.path), picture_hash(copy))
    assert verdict, verdict.reason
    return copy


@pytest.mark.parametrize("name", COPIED)
def test_new_sound_under_a_copied_picture(name: str, tmp_path: Path) -> None:
    source, out = made(name), tmp_path / "out.mp4"
    copy_picture(source, made(VOICE), out)
    copy = checked(source, out)
    assert [stamp.index for stamp in read_frame_indices(out)] == list(CLIPS[name].indices)
    pcm = read_sound(out)
    for at in (10_000, 100_000):
        found, confidence = locate_sound(pcm, at, source=5)
        assert confidence > 0.9
        assert found == pytest.approx(at, abs=1.0)  # 1/48 of a millisecond
    assert copy.info.video is not None
    assert source.info.video is not None
    assert copy.info.video.rotation == source.info.video.rotation
    assert copy.info.zero_pts_s == 0
    assert (len(copy.info.videos), len(copy.info.audios), copy.info.data_streams) == (1, 1, 0)
    ends = stream_ends(copy)
    assert ends.audio_end_s == 3
    assert ends.audio_start_s == 0


@pytest.mark.parametrize("suffix", [".mov", ".mkv"])
def test_other_containers(suffix: str, tmp_path: Path) -> None:
    for name in ("b_frames", "offset_ts", "rotated90"):
        source, out = made(name), tmp_path / f"{name}{suffix}"
        copy_picture(source, made(VOICE), out)
        checked(source, out)
        assert locate_sound(read_sound(out), 60_000, source=5)[0] == pytest.approx(60_000, abs=48)


def test_webm(tmp_path: Path) -> None:
    source, out = made("webm"), tmp_path / "out.webm"
    copy_picture(source, made(OPUS), out)
    checked(source, out)
    assert locate_sound(read_sound(out), 60_000, source=5)[0] == pytest.approx(60_000, abs=48)
    alpha = real("transparent.webm")
    copy_picture(alpha, None, out)
    copy = checked(alpha, out)
    assert copy.info.video is not None
    assert copy.info.video.has_alpha


@pytest.mark.parametrize(
    "name", ["cfr30", "sound_late", "sound_early", "edit_list", "offset_mp4", "two_sounds", "mov"]
)
def test_everything_copied_keeps_its_offset(name: str, tmp_path: Path) -> None:
    source, out = made(name), tmp_path / "out.mov"
    assert copy_all_obstacle(source.info, ".mov") is None
    copy_all(source, out)
    checked(source, out)
    pcm = read_sound(out)
    for at in (20_000, 100_000):
        assert locate_sound(pcm, at)[0] == pytest.approx(at, abs=1.5)


def test_no_sound_at_all(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    copy_picture(made("cfr30"), None, out)
    assert checked(made("cfr30"), out).info.audio is None


def test_real_phone_files_with_nothing_private_left(tmp_path: Path) -> None:
    for name in ("été à la plage – iPhone.mov", "Issue 515 (java).mp4", "dog_rotated_270.mp4"):
        source, out = real(name), tmp_path / "out.mp4"
        copy_all(source, out)
        copy = checked(source, out)
        assert (copy.info.data_streams, copy.info.tags) == (0, {})
        data = out.read_bytes()
        for place in (b"\xa9xyz", b"com.apple.quicktime.location", b"com.apple", b"creationdate"):
            assert place not in data
    assert b"com.apple.quicktime.location" in real("été à la plage – iPhone.mov").path.read_bytes()


def test_the_index_comes_first(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    copy_picture(made("cfr30"), made(VOICE), out, title="Été -i 'x' = \n 100%")
    data = out.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    assert open_source(out).info.tags["title"] == "Été -i 'x' = \n 100%"


def test_a_changed_picture_is_noticed(tmp_path: Path) -> None:
    """The proof fails when it should: another encode, one byte, one frame less, another clock."""
    source = made(Clip(picture=Picture(b_frames=3), sounds=()))
    before = picture_hash(source)
    assert same_picture(before, picture_hash(made("b_frames")))
    assert not same_picture(before, picture_hash(made("cfr30")))
    assert not same_picture(before, picture_hash(made(Clip(picture=Picture(b_frames=3, frames=89)))))
    changed = tmp_path / "changed.mp4"
    data = bytearray(source.path.read_bytes())
    place = data.index(b"mdat") + 3000
    data[place] ^= 1
    changed.write_bytes(data)
    assert not same_picture(before, picture_hash(open_source(changed)))
    slower = tmp_path / "slower.mp4"
    subprocess.run(
        [binary(), "-v", "error", "-itsscale", "1.001", "-i", source.path, "-an", "-c", "copy", slower],
        check=True,
    )
    verdict = same_picture(before, picture_hash(open_source(slower)))
    assert not verdict
    assert verdict.reason is not None
    assert "at another time" in verdict.reason.en


@pytest.mark.parametrize(
    ("name", "suffix", "reason"),
    [
        ("cfr30", ".mp4", None),
        ("cfr30", ".mkv", None),
        ("full_range", ".mp4", None),
        ("cfr30", ".webm", "h264 in WebM"),
        ("webm", ".webm", None),
        ("webm", ".mp4", "vp9 instead of H.264"),
        ("ten_bit_h264", ".mp4", "yuv420p10le instead of 8-bit 4:2:0"),
        ("yuv444", ".mp4", "yuv444p instead of 8-bit 4:2:0"),
        ("hdr", ".mov", "HDR"),
        ("ten_bit_hevc", ".mov", "hevc instead of H.264"),
        ("avi_mjpeg", ".mp4", "AVI stores no presentation times"),
        ("edit_list", ".mp4", None),
        ("edit_list", ".mkv", "an edit list, which Matroska lacks"),
        ("wav", ".mp4", "no picture"),
    ],
)
def test_what_stands_against_copying(name: str, suffix: str, reason: str | None) -> None:
    assert copy_obstacle(made(name).info, suffix) == reason


def test_what_stands_against_copying_the_sound_too() -> None:
    assert copy_all_obstacle(made("mkv_opus").info, ".mov") == "opus in .mov"
    assert copy_all_obstacle(made("mkv_opus").info, ".mkv") is None
    assert copy_obstacle(real("truncated_half.mp4").info, ".mp4") == "the file was cut off"


def test_mux_puts_both_at_zero(tmp_path: Path) -> None:
    out = tmp_path / "out.mp4"
    mux(made(Clip(picture=Picture(b_frames=2), sounds=())), made(VOICE), out)
    ends = stream_ends(open_source(out))
    assert (ends.video_start_s, ends.audio_start_s, ends.video_end_s, ends.audio_end_s) == (0, 0, 3, 3)
    assert ends.av_end_difference_ms == 0


def test_wrong_wishes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Usage, match="is not one of"):
        copy_picture(made("cfr30"), None, tmp_path / "out.txt")
    with pytest.raises(Usage, match="no picture"):
        copy_all(made("wav"), tmp_path / "out.mp4")
    with pytest.raises(Usage, match="no sound"):
        copy_picture(made("cfr30"), made("no_sound"), tmp_path / "out.mp4")


def test_it_can_be_stopped(tmp_path: Path) -> None:
    watch = Watch()
    watch.cancel()
    with pytest.raises(Cancelled):
        copy_picture(made("cfr30"), None, tmp_path / "out.mp4", watch=watch)


def test_names_are_data(tmp_path: Path) -> None:
    """Names that look like options, protocols, patterns or filters, in files and folders."""
    folder = tmp_path / "-i %d; concat:a|b [x] 'q' \"ä\n中"
    folder.mkdir()
    for name in ("-y.mp4", "file:a.mp4", "%03d.mp4", "pipe:0.mp4", "a'b,c;d[e].mp4", "é 中 \n.mp4"):
        source, out = folder / name, folder / f"out {name}"
        shutil.copy(make("cfr30"), source)
        copy_picture(open_source(source), made(VOICE), out)
        assert open_source(out).info.duration_s == Fraction(3)
