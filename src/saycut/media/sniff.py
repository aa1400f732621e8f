"""What a file is, from its bytes; its name is never asked.

The answer forces the demuxer, so that a file can never choose a parser that was not meant
(playlists and scripts that call themselves .mp4).
"""

import os
import stat
from pathlib import Path
from typing import BinaryIO

import msgspec

from saycut.errors import NotFound
from saycut.media import other_files, refusals
from saycut.media.info import Kind
from saycut.words import Words

_HEAD_BYTES = 65536
_MOST_BOXES = 4096


class Sniffed(msgspec.Struct, frozen=True):
    """`kind` is what such files usually hold; `probe` says what this one does hold.

    `demuxer` is FFmpeg's name of the only parser that may open the file ("" for images, which
    FFmpeg never sees in their own format).
    """

    container: str
    kind: Kind
    demuxer: str


_MOV = "mov"
_HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"}


def sniff(path: Path) -> Sniffed:
    """Read the first 64 KiB (and the box headers of MP4/MOV).

    Raises NotFound, Unreadable (empty, not a plain file, cut off before its index), Unsupported
    (a known other thing: text, playlist, web page, PDF, SVG, archive …).
    """
    with _open(path) as file:
        head = file.read(_HEAD_BYTES)
        if not head:
            raise refusals.unreadable(path, refusals.EMPTY)
        found = _isobmff(head, path) or _riff(head) or _by_magic(head) or _mpeg_audio(file, head)
        if found is None:
            raise refusals.unsupported(path, other_files.name_of(head) or refusals.UNKNOWN_KIND)
        if found.demuxer == _MOV and not _has_index(file):
            raise refusals.unreadable(path, refusals.NO_INDEX)
    return found


def _open(path: Path) -> BinaryIO:
    try:
        # Non-blocking, so that a pipe put in a file's place cannot hold us up.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except PermissionError:
        raise refusals.unreadable(path, refusals.NO_PERMISSION) from None
    except (OSError, ValueError) as error:
        if isinstance(error, (FileNotFoundError, NotADirectoryError, ValueError)):
            raise NotFound(name=path.name) from None
        raise refusals.unreadable(path, refusals.NOT_A_FILE) from None
    mode = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(mode):
        os.close(descriptor)
        raise refusals.unreadable(path, refusals.A_FOLDER if stat.S_ISDIR(mode) else refusals.NOT_A_FILE)
    return os.fdopen(descriptor, "rb")


def _isobmff(head: bytes, path: Path) -> Sniffed | None:
    box = head[4:8]
    if box == b"ftyp":
        brand = head[8:12]
        if brand in _HEIF_BRANDS:
            raise refusals.unsupported(path, Words("an HEIC picture", "HEIC 图片"))
        if brand in (b"avif", b"avis"):
            raise refusals.unsupported(path, Words("an AVIF picture", "AVIF 图片"))
        if brand == b"crx ":
            raise refusals.unsupported(path, Words("a camera raw picture", "相机 RAW 图片"))
        if brand in (b"M4A ", b"M4B ", b"M4P "):
            return Sniffed("m4a", "audio", _MOV)
        return Sniffed(
            "mov" if brand == b"qt  " else "3gp" if brand.startswith(b"3g") else "mp4", "video", _MOV
        )
    if box in (b"moov", b"mdat", b"wide", b"pnot") or (box in (b"free", b"skip") and len(head) >= 16):
        return Sniffed("mov", "video", _MOV)
    return None


def _has_index(file: BinaryIO) -> bool:
    """Whether the top level of an MP4/MOV holds a `moov` or fragments."""
    size = file.seek(0, os.SEEK_END)
    position = 0
    for _ in range(_MOST_BOXES):
        file.seek(position)
        header = file.read(16)
        if len(header) < 8:
            return False
        if header[4:8] in (b"moov", b"moof"):
            return True
        length = int.from_bytes(header[:4], "big")
        if length == 1 and len(header) == 16:
            length = int.from_bytes(header[8:16], "big")
        if length < 8 or position + length > size:
            return False
        position += length
    return False


def _riff(head: bytes) -> Sniffed | None:
    if head[:4] in (b"RIFF", b"RF64", b"BW64"):
        form = head[8:12]
        if form == b"WAVE":
            return Sniffed("wav", "audio", "wav")
        if head[:4] == b"RIFF" and form in (b"AVI ", b"AVIX"):
            return Sniffed("avi", "video", "avi")
        if head[:4] == b"RIFF" and form == b"WEBP":
            return Sniffed("webp", "image", "")
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return Sniffed("aiff", "audio", "aiff")
    return None


_MAGIC: tuple[tuple[bytes, Sniffed], ...] = (
    (b"fLaC", Sniffed("flac", "audio", "flac")),
    (b"\xff\xd8\xff", Sniffed("jpeg", "image", "")),
    (b"\x89PNG\r\n\x1a\n", Sniffed("png", "image", "")),
    (b"GIF87a", Sniffed("gif", "image", "")),
    (b"GIF89a", Sniffed("gif", "image", "")),
)


def _by_magic(head: bytes) -> Sniffed | None:
    for magic, found in _MAGIC:
        if head.startswith(magic):
            return found
    if head.startswith(b"\x1aE\xdf\xa3") and b"webm" in head[:64]:
        return Sniffed("webm", "video", "matroska")
    if head.startswith(b"\x1aE\xdf\xa3") and b"matroska" in head[:64]:
        return Sniffed("mkv", "video", "matroska")
    if head.startswith(b"OggS"):
        return Sniffed("ogg", "video" if b"\x80theora" in head[:4096] else "audio", "ogg")
    if len(head) > 376 and head[0] == head[188] == head[376] == 0x47:
        return Sniffed("ts", "video", "mpegts")
    return None


def _mpeg_audio(file: BinaryIO, head: bytes) -> Sniffed | None:
    """MP3, ADTS AAC and FLAC, behind any number of ID3v2 tags; two frames in a row must agree."""
    position = 0
    tagged = False
    while head[:3] == b"ID3" and len(head) >= 10:
        tagged = True
        position += 10 + sum(
            (byte & 0x7F) << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True)
        )
        file.seek(position)
        head = file.read(_HEAD_BYTES)
    if head.startswith(b"fLaC"):
        return Sniffed("flac", "audio", "flac")
    skipped = len(head) - len(head.lstrip(b"\0")) if tagged else 0
    for start in range(skipped, min(skipped + 2048, len(head) - 8)):
        if head[start] == 0xFF:
            found = _frame_pair(head, start)
            if found is not None:
                return found
        if not tagged and start >= 64:  # without a tag, junk before the first frame is hardly ever sound
            break
    return Sniffed("mp3", "audio", "mp3") if tagged and len(head) > 512 else None


def _frame_pair(head: bytes, start: int) -> Sniffed | None:
    for length_of, found in (
        (_adts_length, Sniffed("aac", "audio", "aac")),
        (_mp3_length, Sniffed("mp3", "audio", "mp3")),
    ):
        length = length_of(head[start : start + 7])
        if length is not None:
            after = head[start + length : start + length + 7]
            if len(after) < 7 or length_of(after) is not None:
                return found
    return None


def _adts_length(header: bytes) -> int | None:
    """The length of an ADTS frame (ISO 13818-7), None when `header` is none."""
    if len(header) < 7 or header[0] != 0xFF or header[1] & 0xF6 != 0xF0 or (header[2] >> 2) & 15 > 12:
        return None
    length = (header[3] & 3) << 11 | header[4] << 3 | header[5] >> 5
    return length if length > 7 else None


_MP3_KBPS = {
    1: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}


def _mp3_length(header: bytes) -> int | None:
    """The length of an MPEG audio layer III frame (ISO 11172-3), None when `header` is none."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:
        return None
    version = {3: 1, 2: 2, 0: 3}.get(header[1] >> 3 & 3)
    rate_index, bitrate_index = header[2] >> 2 & 3, header[2] >> 4
    if version is None or rate_index == 3 or not 0 < bitrate_index < 15:
        return None
    rate_hz = (44100, 48000, 32000)[rate_index] >> (version - 1)
    kbps = _MP3_KBPS[1 if version == 1 else 2][bitrate_index]
    return (144 if version == 1 else 72) * kbps * 1000 // rate_hz + (header[2] >> 1 & 1)
