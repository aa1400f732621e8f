"""Which encoder compresses a picture: libx264, or hardware that was asked for and seen to work.

Hardware is several times faster and needs a third more bytes for the same picture, and what it writes is
the same only on the same chip and driver: it is never taken unasked.
"""

import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Literal, get_args

import msgspec
import numpy as np

from saycut.errors import Cancelled, Impossible, SaycutError
from saycut.media import sandbox
from saycut.media.ffmpeg import file_operand, head
from saycut.media.sandbox import Limits

Encoder = Literal["x264", "nvenc", "qsv", "vaapi"]
Asked = Literal["auto", "x264", "nvenc", "qsv", "vaapi"]
ASKED: tuple[Asked, ...] = get_args(Asked)

_NAMES = {"nvenc": "NVIDIA NVENC", "qsv": "Intel Quick Sync", "vaapi": "VA-API"}
_PATTERN = "testsrc2=s=320x240:r=30:d=1"
_PATTERN_FRAMES = 30
_MOST_APART = 6.0  # mean difference of brightness, of 255; libx264 at the same quality: 1
_PROBE_LIMITS = Limits(memory_bytes=None, cpu_s=20, wall_s=20.0)


class Hardware(msgspec.Struct, frozen=True):
    """How ffmpeg is told to use a chip: before the inputs, at the end of the filters, and as a codec."""

    inputs: tuple[str, ...]
    filters: str
    codec: tuple[str, ...]
    quality: str  # the option that takes the place of -crf


HARDWARE: dict[Encoder, Hardware] = {
    "nvenc": Hardware(
        (), "", ("-c:v", "h264_nvenc", "-preset", "p4", "-rc", "vbr", "-b:v", "0", "-bf", "2"), "-cq"
    ),
    "qsv": Hardware((), ",format=nv12", ("-c:v", "h264_qsv", "-preset", "veryfast"), "-global_quality"),
    "vaapi": Hardware(
        ("-vaapi_device", "/dev/dri/renderD128"),
        ",format=nv12,hwupload",
        ("-c:v", "h264_vaapi", "-rc_mode", "CQP"),
        "-qp",
    ),
}


def hardware_args(encoder: Encoder, crf: int, key_frame: int) -> list[str]:
    """The codec options of a chip; the quality scales of all of them are within two steps of x264's."""
    chip = HARDWARE[encoder]
    return [*chip.codec, chip.quality, str(crf), "-profile:v", "high", "-g", str(key_frame)]


def chosen(asked: Asked) -> Encoder:
    """The encoder that `asked` stands for here. Raises Impossible for a chip that does not work."""
    if asked == "x264":
        return "x264"
    if asked == "auto":
        return next((encoder for encoder in HARDWARE if works(encoder)), "x264")
    if not works(asked):
        name = _NAMES[asked]
        raise Impossible(
            reason=f"{name} does not work on this machine; leave out --encoder {asked}, or say auto.",
            reason_zh=f"此机器无法使用 {name} 编码；请去掉 --encoder {asked}，或改用 auto。",
        )
    return asked


@lru_cache(maxsize=len(HARDWARE))
def works(encoder: Encoder) -> bool:
    """Whether a second of moving picture comes out of that chip as it went in; tried once in a process."""
    with tempfile.TemporaryDirectory(prefix="encoder-") as private:
        made = Path(private) / "probe.mp4"
        try:
            _encode_pattern(encoder, made)
            before, after = _decoded(["-f", "lavfi", "-i", _PATTERN], ()), _decoded(_mp4(made), (made,))
        except Cancelled:
            raise
        except SaycutError:
            return False
    return before.size == after.size and float(np.mean(np.abs(before - after))) <= _MOST_APART


def _encode_pattern(encoder: Encoder, out: Path) -> None:
    chip = HARDWARE[encoder]
    argv = [
        *(*head(), *chip.inputs, "-f", "lavfi", "-i", _PATTERN, "-vf", f"format=yuv420p{chip.filters}"),
        *hardware_args(encoder, 20, _PATTERN_FRAMES),
        *("-f", "mp4", file_operand(out)),
    ]
    sandbox.run(argv, limits=_PROBE_LIMITS, writes=[out], devices=True)


def _mp4(path: Path) -> list[str]:
    return ["-protocol_whitelist", "file", "-f", "mov", "-i", file_operand(path)]


def _decoded(inputs: list[str], reads: tuple[Path, ...]) -> np.ndarray:
    """The brightness of every pixel, in one row."""
    argv = [*head(), *inputs, "-f", "rawvideo", "-pix_fmt", "gray", "-protocol_whitelist", "pipe", "pipe:1"]
    done = sandbox.run(argv, limits=_PROBE_LIMITS, reads=reads)
    return np.frombuffer(done.stdout, np.uint8).astype(np.int16)
