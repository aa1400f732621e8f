"""Animated GIFs: two passes over a small picture, so that nothing is held in memory whole."""

import tempfile
from fractions import Fraction
from pathlib import Path

import msgspec

from saycut.media.ffmpeg import execute, file_operand, head
from saycut.media.picture import PicturePlan
from saycut.media.picture_encode import encode_picture
from saycut.watch import Watch

_USUAL_RATE = Fraction(15)
_TICKS_HZ = 100  # GIF counts in hundredths of a second, and players slow anything faster than 50 Hz down
_MEANWHILE_CRF = 12


def gif_rate(asked: Fraction | None) -> Fraction:
    """The frame rate that a GIF can keep exactly, nearest to the asked one (15 a second)."""
    return Fraction(_TICKS_HZ, max(round(_TICKS_HZ / (asked or _USUAL_RATE)), 2))


def encode_gif(plan: PicturePlan, out: Path, *, work: Path, watch: Watch | None = None) -> None:
    """Encode `plan` (its rate one of `gif_rate`) into `out`, with one palette of 256 colours for all frames.

    Raises as `encode_picture`.
    """
    with tempfile.TemporaryDirectory(prefix="gif-", dir=work) as private:
        picture, palette = Path(private, "picture.mp4"), Path(private, "palette.png")
        encode_picture(msgspec.structs.replace(plan, crf=_MEANWHILE_CRF), picture, work=work, watch=watch)
        opened = ["-protocol_whitelist", "file", "-f", "mp4", "-i", file_operand(picture)]
        colours = [*head(), *opened, "-vf", "palettegen=stats_mode=diff", "-frames:v", "1", "-update", "1"]
        execute(
            [*colours, "-f", "image2", file_operand(palette)], watch=watch, reads=[picture], writes=[palette]
        )
        execute(
            [
                *(*head(), *opened, "-protocol_whitelist", "file", "-f", "png_pipe"),
                *("-i", file_operand(palette), "-lavfi", "[0:v][1:v]paletteuse=dither=bayer:bayer_scale=4"),
                *("-an", "-fps_mode", "passthrough", "-loop", "0", "-f", "gif", file_operand(out)),
            ],
            expected_s=plan.duration_s,
            stage="gif",
            watch=watch,
            reads=[picture, palette],
            writes=[out],
        )
