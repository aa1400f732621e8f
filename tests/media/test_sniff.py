"""Files are known by their bytes."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saycut.errors import NotFound, SaycutError, Unreadable, Unsupported
from saycut.media.sniff import sniff
from tests.factory import make

FACTORY = {
    "cfr30": ("mp4", "video", "mov"),
    "mov": ("mov", "video", "mov"),
    "fragmented": ("mp4", "video", "mov"),
    "mkv_opus": ("mkv", "video", "matroska"),
    "webm": ("webm", "video", "matroska"),
    "avi_mjpeg": ("avi", "video", "avi"),
    "offset_ts": ("ts", "video", "mpegts"),
    "wav": ("wav", "audio", "wav"),
    "mp3": ("mp3", "audio", "mp3"),
    "mp3_cover": ("mp3", "audio", "mp3"),
    "m4a": ("m4a", "audio", "mov"),
    "aac": ("aac", "audio", "aac"),
    "flac": ("flac", "audio", "flac"),
    "ogg": ("ogg", "audio", "ogg"),
    "png": ("png", "image", ""),
    "jpg": ("jpeg", "image", ""),
    "webp": ("webp", "image", ""),
    "gif": ("gif", "image", ""),
}


@pytest.mark.parametrize("name", FACTORY)
def test_every_accepted_kind_under_a_wrong_name(name: str, tmp_path: Path) -> None:
    misnamed = tmp_path / "holiday.txt"
    misnamed.write_bytes(make(name).read_bytes())
    found = sniff(misnamed)
    assert (found.container, found.kind, found.demuxer) == FACTORY[name]


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "a playlist"),
        (b"\xef\xbb\xbf#EXTM3U\n", "a playlist"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "a playlist"),
        (b'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011">', "a playlist"),
        (b"v=0\no=- 0 0 IN IP4 127.0.0.1\n", "a stream description"),
        (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "a vector drawing"),
        (b"<svg/>", "a vector drawing"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b"%PDF-1.7\n", "a PDF"),
        (b"PK\x03\x04" + bytes(30), "an archive"),
        (b"\x7fELF\x02", "a program"),
        (b"just words, nothing else", "a text file"),
        ("只是文字".encode(), "a text file"),
        (b"MThd\0\0\0\6", "a MIDI score"),
        (b"BM\0\0\0\0", "a BMP picture"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "an HEIC picture"),
        (b"\0\0\0\x18ftypavif\0\0\0\0", "an AVIF picture"),
        (bytes(5000), "a file of an unknown kind"),
        (b"XBIN\x1a" + bytes(100), "a file of an unknown kind"),
    ],
)
def test_other_files_are_named_in_the_refusal(data: bytes, kind: str, tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(data)
    with pytest.raises(Unsupported, match=f"^clip.mp4 is {kind}"):
        sniff(path)


def test_broken_files_are_refused_with_a_reason(tmp_path: Path) -> None:
    empty = tmp_path / "empty.mp4"
    empty.touch()
    with pytest.raises(Unreadable, match="it is empty"):
        sniff(empty)
    unfinished = tmp_path / "unfinished.mp4"
    whole = make("cfr30").read_bytes()
    unfinished.write_bytes(whole[: whole.index(b"moov") - 4])
    with pytest.raises(Unreadable, match="no index"):
        sniff(unfinished)


def test_what_is_no_plain_file_is_refused_without_waiting(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        sniff(tmp_path / "absent.mp4")
    with pytest.raises(NotFound):
        sniff(Path("a\0b"))
    with pytest.raises(Unreadable, match="it is a folder"):
        sniff(tmp_path)
    pipe = tmp_path / "pipe.mp4"
    os.mkfifo(pipe)
    with pytest.raises(Unreadable, match="not a plain file"):
        sniff(pipe)
    with pytest.raises(Unreadable, match="not a plain file"):
        sniff(Path("/dev/zero"))


_STARTS = (
    b"",
    b"ID3\x04\0\0\x7f\x7f\x7f\x7f",
    b"\xff\xfb\x90",
    b"\0\0\0\x01ftyp",
    b"RIFF",
    b"\x1aE\xdf\xa3",
    b"OggS",
)


@settings(max_examples=300, deadline=None)
@given(start=st.sampled_from(_STARTS), rest=st.binary(max_size=600))
def test_no_bytes_at_all_make_it_fail_in_another_way(
    start: bytes, rest: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "anything.bin"
    path.write_bytes(start + rest)
    try:
        found = sniff(path)
    except SaycutError as error:
        assert str(error).startswith("anything.bin ")
    else:
        assert found.kind in ("video", "audio", "image")
