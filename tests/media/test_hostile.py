"""Files made to harm: refused before anything of theirs is decoded."""

import struct
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from saycut.errors import LimitExceeded, SaycutError, Unreadable, Unsupported
from saycut.media.ffmpeg import binary
from saycut.media.probe import probe
from tests.factory import make

PICTURE = ("-f", "lavfi", "-i", "testsrc2=s=96x64:r=10:d=0.3")
TONE = ("-f", "lavfi", "-i", "sine=d=0.3:r=44100")


def ffmpeg(*args: str | Path) -> None:
    subprocess.run([binary(), "-v", "error", "-y", *map(str, args)], check=True, stdin=subprocess.DEVNULL)


@pytest.mark.parametrize(
    "codec",
    [
        *("magicyuv", "ffv1", "huffyuv", "utvideo", "cinepak", "flv1", "msvideo1", "qtrle", "wmv1", "wmv2"),
        *("snow", "jpeg2000", "rawvideo", "zmbv", "asv1"),
    ],
)
def test_unusual_picture_codecs_are_not_taken(codec: str, tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    ffmpeg(*PICTURE, "-c:v", codec, "-f", "matroska", path)
    with pytest.raises(Unsupported, match=f"a video with the codec {codec}, which"):
        probe(path)


@pytest.mark.parametrize("codec", ["wmav2", "tta", "wavpack", "adpcm_swf"])
def test_unusual_sound_codecs_are_not_taken(codec: str, tmp_path: Path) -> None:
    path = tmp_path / "voice.wav"
    ffmpeg(*TONE, "-c:a", codec, "-f", "matroska", path)
    with pytest.raises(Unsupported, match=f"a recording with the codec {codec}, which"):
        probe(path)


def test_an_unusual_sound_beside_a_usual_picture_is_left_out_and_said(tmp_path: Path) -> None:
    path = tmp_path / "clip.mkv"
    ffmpeg(*PICTURE, *TONE, "-c:v", "libx264", "-c:a", "tta", path)
    info = probe(path)
    assert info.audio is None
    assert [words.en for words in info.warnings] == ["a sound track with the codec tta is left out"]


def test_a_picture_bomb_is_refused_unseen(tmp_path: Path) -> None:
    image, path = tmp_path / "image.png", tmp_path / "bomb.mov"
    Image.new("1", (9000, 9000)).save(image)
    ffmpeg("-f", "png_pipe", "-i", image, "-c", "copy", path)
    assert path.stat().st_size < 100_000
    with pytest.raises((LimitExceeded, Unreadable), match="50 million pixels"):
        probe(path)


def test_a_large_image_is_refused_by_its_header(tmp_path: Path) -> None:
    path = tmp_path / "huge.png"
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + header + bytes(4))
    with pytest.raises((LimitExceeded, Unreadable)):
        probe(path)


def test_too_many_tracks(tmp_path: Path) -> None:
    path = tmp_path / "many.mkv"
    ffmpeg(*TONE, *["-map", "0:a"] * 33, "-c:a", "pcm_s16le", path)
    with pytest.raises(LimitExceeded, match="32 tracks"):
        probe(path)


def test_too_many_channels(tmp_path: Path) -> None:
    path = tmp_path / "wide.wav"
    ffmpeg("-f", "lavfi", "-i", "anullsrc=cl=24c:d=0.1", "-c:a", "pcm_s16le", path)
    with pytest.raises(LimitExceeded, match="16 sound channels"):
        probe(path)


def test_a_playlist_inside_an_avi_is_not_followed(tmp_path: Path) -> None:
    """The subtitle block (GAB2) of an AVI may hold any format; HLS in it has leaked local files."""
    secret = tmp_path / "secret.txt"
    secret.write_text("canary")
    playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://{secret}\n#EXT-X-ENDLIST\n".encode()
    block = b"GAB2\0" + struct.pack("<HI", 2, 2) + b"x\0" + struct.pack("<HI", 4, len(playlist)) + playlist
    path = tmp_path / "clip.avi"
    ffmpeg(*PICTURE, *TONE, "-c:v", "mjpeg", "-c:a", "pcm_s16le", path)
    data = path.read_bytes()
    place = data.index(b"movi") + 4
    path.write_bytes(data[:place] + b"02tx" + struct.pack("<I", len(block)) + block + data[place:])
    try:
        info = probe(path)
    except SaycutError:
        return
    assert all(stream.codec in ("mjpeg", "pcm_s16le") for stream in (*info.videos, *info.audios))
    assert info.subtitle_streams == 0


@pytest.mark.parametrize("seed", range(6))
def test_damage_anywhere_ends_in_facts_or_a_sentence(seed: int, tmp_path: Path) -> None:
    import random

    chance = random.Random(seed)
    data = bytearray(make(("cfr30", "mkv_opus", "avi_mp3", "webm", "mp3", "gif_moving")[seed]).read_bytes())
    for _ in range(200):
        data[chance.randrange(16, len(data))] = chance.randrange(256)
    path = tmp_path / "damaged.bin"
    path.write_bytes(data)
    try:
        info = probe(path)
    except SaycutError as error:
        assert error.exit_code in (3, 5)
    else:
        assert info.duration_s >= 0
