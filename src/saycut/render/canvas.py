"""Looks and sizes in the terms of the media room."""

from saycut.media.picture import View
from saycut.operations.canvas import SHORT_SIDE, canvas, even, natural
from saycut.timeline.project import Look

__all__ = ["GIF_SHORT_SIDE", "SHORT_SIDE", "canvas", "even", "natural", "view_of"]

GIF_SHORT_SIDE = 480


def view_of(look: Look) -> View:
    """The same crop and turn in the terms of the media room."""
    return View(
        left=look.left,
        top=look.top,
        right=look.right,
        bottom=look.bottom,
        flip_horizontal=look.flip_horizontal,
        flip_vertical=look.flip_vertical,
        turn_deg=look.turn_deg,
    )
