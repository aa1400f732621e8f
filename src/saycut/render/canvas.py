"""The size of the result's picture: as asked, else that of the largest clip as it is shown."""

from fractions import Fraction

from saycut.media.picture import View, canvas_size
from saycut.timeline.project import Look, Project, Segment

SHORT_SIDE = 1080
GIF_SHORT_SIDE = 480
_ANY_SIZE = 1 << 20


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


def shown_size(project: Project, segment: Segment) -> tuple[int, int]:
    """How large the clip is after its crop and turn, in its own pixels."""
    asset = project.asset(segment.asset_id)
    return view_of(segment.look).size(asset.width, asset.height)


def largest(project: Project) -> tuple[int, int]:
    """The largest clip of the main track, as it is shown."""
    segments = project.main.segments if project.main is not None else ()
    return max((shown_size(project, s) for s in segments), key=lambda size: size[0] * size[1])


def natural(project: Project) -> tuple[int, int]:
    """The canvas that needs no scaling."""
    return canvas_size(*largest(project), _ANY_SIZE)


def canvas(project: Project, most_short_side: int = SHORT_SIDE) -> tuple[int, int]:
    """The canvas that the request asks for: even sides; at most 1080 on the short side unless it says more.

    A new aspect keeps the short side: 1920 x 1080 becomes 1080 x 1920 or 1080 x 1080.
    """
    wide, high = largest(project)
    asked = project.output
    if asked.width is not None and asked.height is not None:
        return _even(asked.width), _even(asked.height)
    shape = asked.aspect or Fraction(wide, high)
    if asked.width is not None:
        return _even(asked.width), _even(asked.width / shape)
    if asked.height is not None:
        return _even(asked.height * shape), _even(asked.height)
    if asked.aspect is None and asked.short_side is None:
        return canvas_size(wide, high, most_short_side)
    short = asked.short_side or min(wide, high, most_short_side)
    return (_even(short * shape), _even(short)) if shape >= 1 else (_even(short), _even(short / shape))


def _even(side: Fraction | int) -> int:
    return max(2 * round(Fraction(side) / 2), 2)
