"""Encoders give the same bytes whatever lay in memory before: a recipe's result is proven by its digest."""

import subprocess
from fractions import Fraction

import imageio_ffmpeg
import pytest

from saycut.media.picture_codecs import Encoding, codec_args
from saycut.media.processor import has_avx512

FRAMES = 60
HOW = {
    "usual": (Encoding(FRAMES, Fraction(30)), ".mp4"),
    "still": (Encoding(FRAMES, Fraction(30), still=True), ".mp4"),
    "parts": (Encoding(FRAMES, Fraction(30), key_frames=(0, 20), parameter_set_id=7), ".mp4"),
    "still parts": (
        Encoding(FRAMES, Fraction(30), still=True, key_frames=(0, 20), parameter_set_id=7),
        ".mp4",
    ),
    "vp9": (Encoding(10, Fraction(30)), ".webm"),
}


def encoded(encoding: Encoding, suffix: str, garbage: int) -> bytes:
    """Turning pictures, encoded where fresh memory is full of `garbage` (glibc, mallopt(3))."""
    pictures = ("-f", "lavfi", "-i", "testsrc2=s=320x180:r=30,rotate=a=t/3,format=yuv420p")
    out = ("-f", "ivf" if suffix == ".webm" else "h264", "-")
    done = subprocess.run(
        [
            *(imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *pictures, "-frames:v", str(encoding.frames)),
            *(*codec_args(encoding, suffix), *out),
        ],
        capture_output=True,
        check=True,
        env={"PATH": "/usr/bin:/bin", "MALLOC_PERTURB_": str(garbage)},
    )
    return done.stdout


@pytest.mark.parametrize("how", HOW)
def test_what_lay_in_memory_is_nowhere_in_the_file(how: str) -> None:
    assert len({encoded(*HOW[how], garbage) for garbage in (1, 38, 112)}) == 1


@pytest.mark.skipif(
    not has_avx512(), reason="WITHOUT AVX-512 x264 is left to itself, and nothing is to be seen"
)
def test_x264_left_to_itself_would_differ() -> None:
    """The reason for what codec_args says; when this fails, the pinned ffmpeg has been mended."""
    encoding, suffix = HOW["usual"]
    args = codec_args(encoding, suffix)
    at = args.index("-x264-params")
    assert "asm=" in args[at + 1]
    plain = [*args[:at], *args[at + 2 :]]
    pictures = ("-f", "lavfi", "-i", "testsrc2=s=320x180:r=30,rotate=a=t/3,format=yuv420p", "-frames:v", "60")
    made = set()
    for garbage in (1, 38, 75, 112, 149, 186):
        command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *pictures, *plain, "-f", "h264", "-"]
        env = {"PATH": "/usr/bin:/bin", "MALLOC_PERTURB_": str(garbage)}
        made.add(subprocess.run(command, capture_output=True, check=True, env=env).stdout)
    assert len(made) > 1


def test_parameters_stand_in_one_list() -> None:
    args = codec_args(*HOW["still parts"])
    assert args.count("-x264-params") == 1
    said = args[args.index("-x264-params") + 1].split(":")
    assert {"cabac=1", "8x8dct=1", "sps-id=7"} <= set(said)
