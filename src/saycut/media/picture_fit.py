"""A picture cropped, turned, and brought to the canvas."""

from collections.abc import Callable
from fractions import Fraction

from saycut.media.picture import Fit, View
from saycut.media.picture_builder import Builder


def viewed(view: View) -> list[str]:
    """The filters of `view`. Edges lie on even pixels of the stored picture: colours stay in place."""
    filters: list[str] = []
    if view.left or view.top or view.right != 1 or view.bottom != 1:
        wide, high = view.right - view.left, view.bottom - view.top
        filters.append(
            f"crop=w='max(2*round(iw*{_share(wide)}/2),2)':h='max(2*round(ih*{_share(high)}/2),2)'"
            f":x='2*round(iw*{_share(view.left)}/2)':y='2*round(ih*{_share(view.top)}/2)'"
        )
    filters += ["hflip"] * view.flip_horizontal + ["vflip"] * view.flip_vertical
    turns = {90: ["transpose=clock"], 180: ["hflip", "vflip"], 270: ["transpose=cclock"]}
    return filters + turns.get(view.turn_deg % 360, [])


def _share(share: Fraction) -> str:
    return f"{share.numerator}/{share.denominator}"


def fitted(
    builder: Builder, start: str, shown: tuple[int, int], fit: Fit, scaled: Callable[[int, int], str]
) -> str:
    """From `start` (a picture that shows as `shown`) to the plan's canvas."""
    width, height = builder.plan.width, builder.plan.height
    inner, outer = _inner(shown, width, height), _outer(shown, width, height)
    crop = f"crop=w={width}:h={height}"
    if inner == (width, height):
        return builder.chain(start, scaled(width, height))
    if fit == "cover":
        return builder.chain(start, scaled(*outer), crop)
    if fit == "contain":
        return builder.chain(
            start, scaled(*inner), f"pad=w={width}:h={height}:x=(ow-iw)/2:y=(oh-ih)/2:color=black"
        )
    behind, before = builder.label(), builder.label()
    builder.chains.append(f"{start}split{behind}{before}")
    # Blurred small and enlarged again: a wide blur at a fraction of the cost.
    small = (max(outer[0] // 16 * 2, 2), max(outer[1] // 16 * 2, 2))
    back = builder.chain(
        behind,
        scaled(*small),
        "gblur=sigma=8:steps=2",
        f"scale=w={outer[0]}:h={outer[1]}:flags=bicubic",
        crop,
        "eq=brightness=-0.06:saturation=0.9",
        "setsar=1",
    )
    front = builder.chain(before, scaled(*inner))
    end = builder.label()
    builder.chains.append(f"{back}{front}overlay=x=(W-w)/2:y=(H-h)/2:format=yuv420{end}")
    return end


def _inner(shown: tuple[int, int], width: int, height: int) -> tuple[int, int]:
    """The largest even size of the picture's shape inside the canvas; the canvas when two pixels off."""
    scale = min(Fraction(width, shown[0]), Fraction(height, shown[1]))
    inner = max(2 * round(shown[0] * scale / 2), 2), max(2 * round(shown[1] * scale / 2), 2)
    return (width, height) if width - inner[0] <= 2 and height - inner[1] <= 2 else inner


def _outer(shown: tuple[int, int], width: int, height: int) -> tuple[int, int]:
    """The smallest even size of the picture's shape around the canvas."""
    scale = max(Fraction(width, shown[0]), Fraction(height, shown[1]))
    return max(2 * round(shown[0] * scale / 2), width), max(2 * round(shown[1] * scale / 2), height)
