"""The size of the result's picture: as asked, else that of the largest clip as it is shown."""

from fractions import Fraction

from saycut.errors import Impossible
from saycut.operations.looks import shown_size
from saycut.timeline.project import Project
from saycut.words import Words

SHORT_SIDE = 1080
MOST_SIDE = 7680
LEAST_SIDE = 16
SHORT_SIDES = {
    "144p": 144,
    "240p": 240,
    "360p": 360,
    "480p": 480,
    "540p": 540,
    "720p": 720,
    "1080p": 1080,
    "1440p": 1440,
    "2k": 1440,
    "2160p": 2160,
    "4k": 2160,
}


def short_side(resolution: str) -> int:
    """The short side that a name such as 1080p or 4k means. Raises Impossible for others."""
    known = SHORT_SIDES.get(resolution.strip().casefold())
    if known is None:
        names = ", ".join(SHORT_SIDES)
        raise Impossible(
            reason=f"{resolution} is no size that is made here; these are: {names}.",
            reason_zh=f"不支持 {resolution}；可选：{names}。",
        )
    return known


def checked_side(side: int | None) -> None:
    """Raises Impossible for a side that no player shows."""
    if side is not None and not LEAST_SIDE <= side <= MOST_SIDE:
        raise Impossible(
            reason=f"A side of {side} pixels is outside of {LEAST_SIDE} to {MOST_SIDE}.",
            reason_zh=f"边长 {side} 像素超出 {LEAST_SIDE} 到 {MOST_SIDE} 的范围。",
        )


def largest(project: Project) -> tuple[int, int]:
    """The largest clip of the main track, as it is shown."""
    segments = project.main.segments if project.main is not None else ()
    return max((shown_size(project, s) for s in segments), key=lambda size: size[0] * size[1])


def natural(project: Project) -> tuple[int, int]:
    """The canvas that needs no scaling: an odd side loses one pixel."""
    wide, high = largest(project)
    return max(wide - wide % 2, 2), max(high - high % 2, 2)


def canvas(project: Project, most_short_side: int = SHORT_SIDE) -> tuple[int, int]:
    """The canvas that the request asks for: even sides; at most 1080 on the short side unless it says more.

    A new aspect keeps the short side: 1920 x 1080 becomes 1080 x 1920 or 1080 x 1080.
    """
    wide, high = largest(project)
    asked = project.output
    if asked.width is not None and asked.height is not None:
        return even(asked.width), even(asked.height)
    shape = asked.aspect or Fraction(wide, high)
    if asked.width is not None:
        return even(asked.width), even(asked.width / shape)
    if asked.height is not None:
        return even(asked.height * shape), even(asked.height)
    if asked.aspect is None and asked.short_side is None and min(wide, high) <= most_short_side:
        return natural(project)
    short = asked.short_side or min(wide, high, most_short_side)
    return (even(short * shape), even(short)) if shape >= 1 else (even(short), even(short / shape))


def enlarged(project: Project) -> tuple[Words, ...]:
    """What to say when the result is larger than what was filmed."""
    wide, high = largest(project)
    made = canvas(project)
    if made[0] <= wide or made[1] <= high:
        return ()
    return (
        Words(
            f"{made[0]}×{made[1]} is more than the clip's {wide}×{high}: enlarging adds no detail.",
            f"{made[0]}×{made[1]} 大于原画面 {wide}×{high}：放大不会增加细节。",
        ),
    )


def even(side: Fraction | int) -> int:
    """The nearest side that a codec takes."""
    return max(2 * round(Fraction(side) / 2), 2)
