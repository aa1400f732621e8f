"""Turns, flips and crops put one on top of another, as a person sees the clip by then."""

from collections.abc import Callable
from fractions import Fraction

from saycut.operations.base import NothingToDo
from saycut.operations.clips import ClipName, clip_named
from saycut.timeline.project import Look, Project, Segment
from saycut.timeline.value import but
from saycut.words import Words

NO_PICTURE = Words("There is no picture here.", "这里没有画面。")

Rect = tuple[Fraction, Fraction, Fraction, Fraction]
"""Left, top, right and bottom as shares."""


def with_look(project: Project, clip: ClipName | None, change: Callable[[Segment], Look]) -> Project:
    """`project` with another look for that clip, or for all clips. Raises NothingToDo without a picture."""
    if project.main is None or not project.has_picture:
        raise NothingToDo(NO_PICTURE)
    number = clip_named(project, clip).number if clip is not None else None

    def changed(segment: Segment) -> Segment:
        blend = segment.blend
        if blend is not None:
            blend = but(blend, before=changed(blend.before))
        if number is not None and segment.clip != number:
            return but(segment, blend=blend)
        return but(segment, look=change(segment), blend=blend)

    main = project.main
    return project.with_track(but(main, segments=tuple(changed(s) for s in main.segments)))


def shown_size(project: Project, segment: Segment) -> tuple[int, int]:
    """How large the clip is after its crop and turn, in its own pixels (at least 2 a side)."""
    asset, look = project.asset(segment.asset_id), segment.look
    wide = max(round(asset.width * (look.right - look.left)), 2)
    high = max(round(asset.height * (look.bottom - look.top)), 2)
    return (high, wide) if look.turn_deg % 180 else (wide, high)


def turned(look: Look, degrees: int) -> Look:
    """`look` turned clockwise by a multiple of 90 degrees more."""
    return but(look, turn_deg=(look.turn_deg + degrees) % 360)


def flipped(look: Look, *, horizontal: bool, vertical: bool) -> Look:
    """`look` mirrored as it is seen by now. Flips lie before the turn: after a quarter turn the other way."""
    if look.turn_deg % 180:
        horizontal, vertical = vertical, horizontal
    return but(
        look,
        flip_horizontal=look.flip_horizontal != horizontal,
        flip_vertical=look.flip_vertical != vertical,
    )


def cropped(look: Look, rect: Rect) -> Look:
    """`look` with only `rect` of what is seen by now kept."""
    left, top, right, bottom = _before_turn(rect, look.turn_deg)
    if look.flip_horizontal:
        left, right = 1 - right, 1 - left
    if look.flip_vertical:
        top, bottom = 1 - bottom, 1 - top
    wide, high = look.right - look.left, look.bottom - look.top
    return but(
        look,
        left=look.left + left * wide,
        right=look.left + right * wide,
        top=look.top + top * high,
        bottom=look.top + bottom * high,
    )


def _before_turn(rect: Rect, turn_deg: int) -> Rect:
    """Where `rect` of a picture lay before it was turned clockwise."""
    for _ in range(turn_deg % 360 // 90):
        left, top, right, bottom = rect
        rect = (top, 1 - right, bottom, 1 - left)
    return rect
