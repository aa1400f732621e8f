"""A picture for sound that has none: a cover, or a waveform along which the playhead moves."""

import tempfile
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec
import numpy as np

from saycut.media.fonts import font_for
from saycut.media.info import Source
from saycut.media.peaks import bar_heights, peaks
from saycut.media.picture import PicturePlan, StillRun
from saycut.media.picture_builder import Graph, png_input
from saycut.media.picture_codecs import Encoding
from saycut.media.picture_encode import encode_graph, encode_picture
from saycut.media.picture_graph import OVERLAID
from saycut.media.picture_runs import RGB_TO_VIDEO
from saycut.pcm import PcmReader
from saycut.watch import Watch

if TYPE_CHECKING:
    from PIL.Image import Image

_Colour = tuple[int, int, int]

_TOP: _Colour = (16, 20, 36)
_BOTTOM: _Colour = (24, 30, 52)
_BARS: tuple[_Colour, ...] = ((45, 212, 191), (96, 165, 250), (167, 139, 250))
_TEXT: _Colour = (241, 245, 249)
_FAINT: _Colour = (148, 163, 184)
_VEIL_OPACITY = 0.72
_SMOOTH = 2  # drawn at twice the size and reduced, for smooth edges


def still_picture(
    image: Source,
    frames: int,
    frame_rate: Fraction,
    out: Path,
    *,
    work: Path,
    width: int = 1920,
    height: int = 1080,
    background: Literal["blur", "black"] = "blur",
    watch: Watch | None = None,
) -> None:
    """Encode a cover image, fitted whole into the canvas, for `frames` frames; raises as `encode_picture`."""
    run = StillRun(image, frames, fit="blur" if background == "blur" else "contain")
    plan = PicturePlan(runs=(run,), width=width, height=height, frame_rate=frame_rate)
    encode_picture(plan, out, work=work, still=True, watch=watch)


def waveform_picture(
    sound: PcmReader,
    frames: int,
    frame_rate: Fraction,
    out: Path,
    *,
    work: Path,
    title: str | None = None,
    width: int = 1920,
    height: int = 1080,
    watch: Watch | None = None,
) -> None:
    """Encode a waveform of the whole `sound` along which the playhead moves, `frames` frames long.

    `title` is drawn above it when this system has a font with all of its characters. Raises as
    `picture_encode.encode_graph`.
    """
    with tempfile.TemporaryDirectory(prefix="waveform-", dir=work) as private:
        folder = Path(private)
        layout = Layout.of(width, height)
        heights = bar_heights(peaks(sound, layout.bars))
        duration_s = frames / frame_rate
        base, veil, head = folder / "base.png", folder / "veil.png", folder / "head.png"
        draw_base(layout, heights.tolist(), title, duration_s).save(base, compress_level=1)
        draw_veil(layout).save(veil, compress_level=1)
        draw_playhead(layout).save(head, compress_level=1)
        graph = _graph(layout, frames, frame_rate, (base, veil, head))
        encode_graph(graph, Encoding(frames, frame_rate, still=True), out, folder, watch=watch)


class Layout(msgspec.Struct, frozen=True):
    """Where things lie on the canvas, in pixels. The waveform spans [left, left + span) around `middle`."""

    width: int
    height: int
    left: int
    span: int
    middle: int
    reach: int
    pitch: int
    bars: int

    @classmethod
    def of(cls, width: int, height: int) -> "Layout":
        unit = min(width, height) / 1080
        pitch = max(round(12 * unit / 2) * 2, 4)
        bars = max(int(width * 0.875) // pitch, 8)
        span = bars * pitch
        left = (width - span) // 4 * 2
        return cls(width, height, left, span, round(height * 0.54), round(210 * unit), pitch, bars)


def _graph(layout: Layout, frames: int, frame_rate: Fraction, images: tuple[Path, Path, Path]) -> Graph:
    """Over the base lie the veil, which begins where the unplayed part does, and the playhead; they move."""
    # In even steps: the colour planes have half the size. By time, since `n` of overlay counts from one.
    at = f"{layout.left}+2*floor({layout.span}*t/{float(frames / frame_rate):.6f}/2)"
    grip = _head_size(layout)[0] // 2
    top = layout.middle - layout.reach - layout.pitch
    text = (
        f"[0:v:0]scale={RGB_TO_VIDEO},format=yuv420p,setsar=1,loop=loop=-1:size=1:start=0,"
        f"settb={1 / frame_rate},setpts=N,trim=end_frame={frames}[base];\n"
        f"[1:v:0]{OVERLAID}[veil];\n[2:v:0]{OVERLAID}[head];\n"
        f"[base][veil]overlay=x='{at}':y={top}:eval=frame:format=yuv420[dimmed];\n"
        f"[dimmed][head]overlay=x='{at}-{grip}':y={top - layout.pitch}:eval=frame:format=yuv420,"
        "setparams=range=tv:colorspace=bt709:color_primaries=bt709:color_trc=bt709[v]\n"
    )
    inputs = tuple(arg for path in images for arg in png_input(path, frame_rate))
    return Graph(inputs, text, images)


def draw_base(layout: Layout, heights: Sequence[float], title: str | None, duration_s: Fraction) -> "Image":
    """Everything as it looks when played: RGB, of the canvas's size."""
    from PIL import Image, ImageDraw

    scale = _SMOOTH
    canvas = _background(layout.width * scale, layout.height * scale, 0, layout.height * scale)
    draw = ImageDraw.Draw(canvas)
    thickness = round(layout.pitch * 0.58) * scale
    for place, tall in enumerate(heights):
        x = (layout.left + place * layout.pitch) * scale + (layout.pitch * scale - thickness) // 2
        half = max(round(tall * layout.reach) * scale, thickness // 2)
        y = layout.middle * scale
        colour = _between(_BARS, place / max(len(heights) - 1, 1))
        draw.rounded_rectangle((x, y - half, x + thickness, y + half), radius=thickness // 2, fill=colour)
    canvas = canvas.resize((layout.width, layout.height), Image.Resampling.LANCZOS)
    _write(canvas, layout, title, duration_s)
    return canvas


def _write(canvas: "Image", layout: Layout, title: str | None, duration_s: Fraction) -> None:
    from PIL import ImageDraw

    draw = ImageDraw.Draw(canvas)
    unit = min(layout.width, layout.height) / 1080
    below = layout.middle + layout.reach + round(44 * unit)
    small = font_for("0123456789:", round(28 * unit))
    if small is not None:
        draw.text((layout.left, below), "0:00", font=small, fill=_FAINT, anchor="la")
        draw.text(
            (layout.left + layout.span, below), _clock(duration_s), font=small, fill=_FAINT, anchor="ra"
        )
    words = " ".join((title or "").split())
    font = font_for(words, round(60 * unit)) if words else None
    if font is None:
        return
    while words and font.getlength(words) > layout.span:
        words = words[:-2].rstrip() + "…" if len(words) > 2 else ""
    y = layout.middle - layout.reach - round(110 * unit)
    draw.text((layout.width // 2, y), words, font=font, fill=_TEXT, anchor="ms")


def draw_veil(layout: Layout) -> "Image":
    """The background's own colours, half transparent: what it covers looks unplayed, the ground unchanged."""
    from PIL import Image

    top, size = layout.middle - layout.reach - layout.pitch, 2 * (layout.reach + layout.pitch)
    veil = _background(layout.width, size, top, layout.height)
    veil.putalpha(Image.new("L", veil.size, round(255 * _VEIL_OPACITY)))
    return veil


def draw_playhead(layout: Layout) -> "Image":
    """A bright line with round ends and a soft glow, RGBA."""
    from PIL import Image, ImageDraw, ImageFilter

    width, tall = (side * _SMOOTH for side in _head_size(layout))
    line = max(layout.pitch // 4, 2) * _SMOOTH
    shape = Image.new("L", (width, tall), 0)
    box = ((width - line) // 2, _SMOOTH * 2, (width + line) // 2, tall - _SMOOTH * 2)
    ImageDraw.Draw(shape).rounded_rectangle(box, radius=line // 2, fill=255)
    glow = shape.filter(ImageFilter.GaussianBlur(width / 8)).point(lambda level: min(level * 1.2, 150))
    shape.paste(255, mask=shape)
    alpha = Image.composite(shape, glow, shape)
    head = Image.new("RGBA", (width, tall), (*_TEXT, 0))
    head.putalpha(alpha)
    return head.resize(_head_size(layout), Image.Resampling.LANCZOS)


def _head_size(layout: Layout) -> tuple[int, int]:
    return layout.pitch * 4, 2 * (layout.reach + 2 * layout.pitch)


def _background(width: int, height: int, first_row: int, rows: int) -> "Image":
    """`height` rows of the canvas's vertical gradient (`rows` high), from `first_row` on."""
    from PIL import Image

    place = (np.arange(first_row, first_row + height) / max(rows - 1, 1))[:, None]
    ramp = np.asarray(_TOP) * (1 - place) + np.asarray(_BOTTOM) * place
    pixels = np.repeat(np.rint(ramp).astype(np.uint8)[:, None, :], width, axis=1)
    return Image.fromarray(pixels, "RGB")


def _between(colours: Sequence[_Colour], place: float) -> _Colour:
    at = place * (len(colours) - 1)
    first = min(int(at), len(colours) - 2)
    red, green, blue = (
        round(a + (b - a) * (at - first)) for a, b in zip(colours[first], colours[first + 1], strict=True)
    )
    return red, green, blue


def _clock(duration_s: Fraction) -> str:
    minutes, seconds = divmod(round(duration_s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
