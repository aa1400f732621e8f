"""Arguments of shape, file and track: aspect, edges, turning, formats, targets, steps."""

from typing import Any

from saycut.language.bag import Bag
from saycut.language.reader import Args, one_gift, one_slot

_UPRIGHT_PLATFORMS = frozenset({"tiktok", "douyin", "youtube_shorts", "instagram_reels", "xiaohongshu"})
_QUARTER_TURN = 90
_EDGES = {
    "top": ("top",),
    "bottom": ("bottom",),
    "vertically": ("top", "bottom"),
    "horizontally": ("left", "right"),
}


def target(bag: Bag) -> Args:
    """The track the operation is aimed at, when the operation can be aimed at it."""
    track = bag.slot("audio_track")
    if track is not None:
        return {"target": f"audio:{track}"}
    return {"target": next((each for each in bag.gifts("target") if each in bag.targets), None)}


def _protect_target(bag: Bag) -> Args:
    clip = bag.slot("clip")
    if clip is not None:
        return {"target": f"clip:{clip}"}
    return {"target": target(bag)["target"] or "video"}


def _delete_target(bag: Bag) -> Args:
    clip, track = bag.slot("clip"), bag.slot("audio_track")
    if clip is not None:
        return {"target": f"clip:{clip}"}
    return {"target": f"audio:{track}" if track is not None else bag.gift("target")}


def _media(bag: Bag) -> Args:
    if any(each in ("music", "voice") for each in bag.gifts("target")):
        return {"media": "audio"}
    return {"media": bag.gift("media")}


def _aspect(bag: Bag) -> Args:
    stated, said, dims = bag.slot("aspect"), bag.gifts("aspect"), bag.slot("dims")
    if stated is not None or said:
        return {"aspect": stated or said[-1]}
    if dims is not None and dims[0] == dims[1]:
        return {"aspect": "1:1"}
    return {"aspect": "9:16" if bag.gift("platform") in _UPRIGHT_PLATFORMS else None}


def _mode(bag: Bag) -> Args:
    """How a picture fills its new shape; "don't crop it, blur the sides" is a blur."""
    modes = bag.gifts("mode")
    return {"mode": "blur" if "blur" in modes else next(iter(modes), None)}


def _dims(bag: Bag) -> Args:
    dims = bag.slot("dims")
    return {"width": dims[0], "height": dims[1]} if dims else {}


def _edges(bag: Bag) -> Args:
    edges: list[str] = list(bag.gift("edges") or ())
    for concept, named in _EDGES.items():
        if bag.mentions(concept):
            edges.extend(edge for edge in named if edge not in edges)
    return {"edges": edges or None}


def _degrees(bag: Bag) -> Args:
    stated = bag.slot("degrees")
    if stated is None and not bag.has("rotate", "turn", "clockwise", "anticlockwise"):
        return {}
    degrees = _QUARTER_TURN if stated is None else stated
    return {"degrees": -degrees if bag.gift("turn") == "left" else degrees}


def _flip_direction(bag: Bag) -> Args:
    return {"direction": bag.gift("flip") or "horizontal"}


def _after_clip(bag: Bag) -> Args:
    place, pair = bag.slot("clip_place"), bag.slot("swap")
    if pair is not None:
        return {"clip": pair[0]}
    return {"clip": bag.slot("clip") if place is None else place.get("after", place.get("before"))}


def _format(bag: Bag) -> Args:
    return {"format": _last(bag.gifts("format") + bag.gifts("audio_format"))}


def _audio_format(bag: Bag) -> Args:
    return {"format": _last(bag.gifts("audio_format"))}


def _last(found: list[Any]) -> Any:
    """The last of several formats: "convert this MP4 to WebM" wants the second."""
    return found[-1] if found else None


def _count(bag: Bag) -> Args:
    """How often; "3x" is three times."""
    times = bag.slot("count", "number", "factor")
    return {"count": int(times) if isinstance(times, float) and times.is_integer() else times}


def _steps(bag: Bag) -> Args:
    number = bag.slot("steps", "count")
    return {"steps": number if number is not None else bag.gift("steps")}


READERS = {
    "target": target,
    "protect_target": _protect_target,
    "delete_target": _delete_target,
    "media": _media,
    "resolution": lambda bag: {
        "resolution": _last(bag.gifts("resolution"))
    },  # "4k to 1080p" wants the second
    "aspect": _aspect,
    "mode": _mode,
    "dims": _dims,
    "edges": _edges,
    "percent": one_slot("percent", "percent", "percent_by", "percent_to"),
    "degrees": _degrees,
    "flip_direction": _flip_direction,
    "clip": one_slot("clip", "clip"),
    "after_clip": _after_clip,
    "transition_type": one_gift("type", "transition"),
    "caption_style": one_gift("style", "caption_style"),
    "format": _format,
    "audio_format": _audio_format,
    "bitrate_kbps": one_slot("bitrate_kbps", "kbps"),
    "audio_bitrate_kbps": one_slot("audio_bitrate_kbps", "kbps"),
    "max_size_mb": one_slot("max_size_mb", "megabytes"),
    "fps": one_slot("fps", "fps", "number"),
    "steps": _steps,
    "count": _count,
    "ends": lambda _: {},  # the end a fade is at is read with its direction
}
