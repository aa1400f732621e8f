"""Packets as they are stored."""

import re
import struct
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saycut.errors import Usage
from saycut.media.child.nal import framing_of, units
from saycut.media.copying import copy_picture
from saycut.media.packets import PacketDigest, keyframes, picture_hash, same_picture, stream_ends
from saycut.media.probe import copied_source, open_source
from tests.factory import CLIPS
from tests.media.material import made, real


def test_key_frames_lie_where_the_encoder_was_told() -> None:
    assert keyframes(made("closed_gop")) == tuple(Fraction(15 * k, 30) for k in range(6))
    assert keyframes(made("offset_mp4")) == tuple(Fraction(30 * k, 30) for k in range(3))


def test_hidden_packets_are_known() -> None:
    digest = picture_hash(made("edit_list"))
    assert digest.count == 102
    assert digest.shown.count(False) == 12
    assert min(time for time, shown in zip(digest.times, digest.shown, strict=True) if shown) == 0


@pytest.mark.parametrize(
    "name", ["cfr30", "b_frames", "vfr", "edit_list", "sound_short", "sound_long", "cfr23976"]
)
def test_ends_are_what_a_player_presents(name: str) -> None:
    clip, ends = CLIPS[name], stream_ends(made(name))
    assert ends.video_end_s == pytest.approx(float(clip.duration_s), abs=1e-4)
    assert ends.audio_end_s == pytest.approx(float(clip.sound_end_s()), abs=1e-4)
    assert ends.av_end_difference_ms == pytest.approx(
        1000 * abs(float(clip.duration_s - clip.sound_end_s())), abs=0.1
    )


def test_one_track_alone_has_no_difference() -> None:
    assert stream_ends(made("no_sound")).av_end_difference_ms is None
    ends = stream_ends(made("m4a"))
    assert (ends.audio_start_s, ends.audio_end_s, ends.video_end_s) == (0, 3, None)


def test_padding_of_opus_and_mp3_is_no_sound() -> None:
    assert stream_ends(made("opus")).audio_end_s == 3
    ends = stream_ends(made("mp3"))
    assert ends.audio_end_s is not None
    assert ends.audio_start_s is not None
    assert ends.audio_end_s - ends.audio_start_s == 3


def test_the_larger_of_two_pictures_unless_told() -> None:
    source = real("nasa_two_video_two_audio.mp4")
    assert picture_hash(source).count == 390
    assert picture_hash(source, 0).count == 325
    with pytest.raises(Usage):
        picture_hash(made("wav"))


BASE = PacketDigest(3, "abc", Fraction(1, 1000), (0, 33, 67), (True,) * 3, (True, False, False))


@given(shift=st.integers(-3, 3), place=st.integers(0, 2))
def test_one_tick_of_the_coarser_clock_is_tolerated(shift: int, place: int) -> None:
    fine = [0, 528, 1072]
    fine[place] += 16 * shift
    other = PacketDigest(3, "abc", Fraction(1, 16_000), tuple(fine), (True,) * 3, BASE.keys)
    assert bool(same_picture(BASE, other)) == (abs(shift) <= 1)


def test_each_difference_is_told() -> None:
    import msgspec

    for change, words in (
        ({"count": 4}, "4 packets instead of 3"),
        ({"payload_sha256": "abd"}, "other bytes"),
        ({"shown": (True, True, False)}, "hidden"),
        ({"times": (0, 33, 90)}, "packet 2"),
    ):
        verdict = same_picture(BASE, msgspec.structs.replace(BASE, **change))
        assert not verdict
        assert verdict.reason is not None
        assert words in verdict.reason.en


@given(
    nals=st.lists(
        st.binary(min_size=1, max_size=40).map(lambda body: b"\x65" + body.replace(b"\0", b"\1")), min_size=1
    ),
    size=st.sampled_from((1, 2, 4)),
)
def test_framing_does_not_count(nals: list[bytes], size: int) -> None:
    lengths = b"".join(len(nal).to_bytes(size, "big") + nal for nal in nals)
    codes = b"".join((b"\0\0\0\1", b"\0\0\1")[k % 2] + nal for k, nal in enumerate(nals))
    assert [bytes(unit) for unit in units(memoryview(lengths), size)] == nals
    assert [bytes(unit) for unit in units(memoryview(codes), 0)] == nals


def test_framing_is_read_from_the_codec_header() -> None:
    assert framing_of("h264", b"\1\x64\0\x1f\xff\xe1\0\0") == 4
    assert framing_of("h264", b"\0\0\0\1\x67") == 0
    assert framing_of("hevc", b"\1" + bytes(20) + b"\xff\0\0") == 4
    assert framing_of("vp9", b"") is None


def copied(name: str, tmp_path: Path) -> Path:
    out = tmp_path / "copy.mp4"
    copy_picture(made(name), None, out)
    return out


@pytest.mark.parametrize("name", ["b_frames", "edit_list", "offset_mp4", "sound_late_mkv"])
def test_a_copy_read_beside_its_origin_is_the_same_picture(name: str, tmp_path: Path) -> None:
    out = copied(name, tmp_path)
    source, verdict = copied_source(out, picture=made(name))
    assert verdict
    assert source == open_source(out)


@pytest.mark.parametrize(("other", "said"), [("cfr30", "bytes|packets"), ("open_gop", "bytes|packets")])
def test_another_picture_is_told_apart(other: str, said: str, tmp_path: Path) -> None:
    _, verdict = copied_source(copied("b_frames", tmp_path), picture=made(other))
    assert not verdict
    assert verdict.reason is not None
    assert re.search(said, verdict.reason.en)


def test_a_copy_shown_at_other_times_is_told_apart(tmp_path: Path) -> None:
    out = copied("cfr30", tmp_path)
    data = bytearray(out.read_bytes())
    table = data.index(b"stts") + 8  # after version and flags: entries, then (count, length) pairs
    count, length = struct.unpack_from(">II", data, table + 4)
    assert count == 90
    struct.pack_into(">I", data, table + 8, length * 2)
    out.write_bytes(data)
    _, verdict = copied_source(out, picture=made("cfr30"))
    assert not verdict


def test_long_copies_leave_room_for_their_index_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("saycut.media.copying._LONG_FILE_BYTES", 0)
    out = copied("b_frames", tmp_path)
    data = out.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    assert copied_source(out, picture=made("b_frames"))[1]


def test_a_copied_sound_is_compared_too(tmp_path: Path) -> None:
    out, sound = tmp_path / "both.mp4", made("m4a")
    copy_picture(made("no_sound"), sound, out)
    assert copied_source(out, picture=made("no_sound"), sound=sound)[1]
    _, verdict = copied_source(out, sound=made("mp3"))
    assert not verdict
    assert verdict.reason is not None
    assert "sound packet" in verdict.reason.en
