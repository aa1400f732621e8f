"""Arguments of time: ranges, moments, lengths, offsets."""

from typing import Any

from saycut.language.bag import Bag
from saycut.language.reader import Args, one_slot


def span(bag: Bag) -> Args:
    """`start` and `end` of a range; "30 seconds starting at 2:15" is a range too."""
    found = bag.slot("range")
    if found is None:
        return {}
    start, end = found["start"], found["end"]
    lasting = bag.slot("time", "lasting")
    if found["side"] == "open" and end == "end" and lasting is not None and isinstance(start, int | float):
        return {"start": start, "end": start + lasting}
    return {"start": None if start == 0 and end == "end" else start, "end": None if end == "end" else end}


def _bare_end(bag: Bag) -> Args:
    return {"end": bag.slot("time")} if bag.slot("range") is None else {}


def _limit(bag: Bag) -> Args:
    found = bag.slot("limit", "time")
    return {"start": 0, "end": found} if found is not None and bag.slot("range") is None else {}


def _at(bag: Bag) -> Args:
    if bag.slot("every") is not None:
        return {}
    points = bag.slots("point") or bag.slots("time")
    if not points and bag.slot("range") is not None:
        points = [bag.slot("range")["start"]]
    points = [each for point in points for each in (point if isinstance(point, list) else [point])]
    if not points and bag.has("center"):
        return {"at": "50%"}
    return {"at": points[0] if len(points) == 1 else points or None}


def _start(bag: Bag) -> Args:
    if bag.slot("range") is not None:
        return span(bag)
    point = bag.slot("point")
    return {"start": point if point not in ("both", "end") else None}


def _offset(bag: Bag) -> Args:
    stated = bag.slot("offset")
    if stated is not None:
        return {"offset": stated}
    amount = bag.slot("by_time", "time", "lasting")
    if amount is None:
        return {}
    return {"offset": -amount if bag.gift("shift") == "earlier" else amount}


def _transition_duration(bag: Bag) -> Args:
    return {"transition_duration": bag.slot("lasting", "time") if bag.gift("transition") else None}


def _text_time(bag: Bag) -> Args:
    found, lasting, point = bag.slot("range"), bag.slot("lasting", "time"), bag.slot("point")
    if found is not None:
        end = found["end"]
        return {"start": found["start"], "end": None if end == "end" else end, "duration": lasting}
    return {"start": point if point != "both" else None, "duration": lasting}


def _fade_direction(bag: Bag) -> Args:
    ways = {way for way in bag.gifts("direction") if way in ("in", "out", "both")}
    if "both" in ways or {"in", "out"} <= ways:
        return {"direction": "both"}
    if ways:
        return {"direction": ways.pop()}
    return {"direction": _faded_end(bag)}


def _faded_end(bag: Bag) -> str:
    """Which end a fade without "in" or "out" is at; both when nothing says."""
    point, over = bag.slot("point"), bag.slot("range")
    if point is None and over is not None:
        point = {"head": 0, "tail": "end"}.get(over["side"])
    return {0: "in", "end": "out"}.get(point, "both")


def _fade_duration(bag: Bag) -> Args:
    """How long the fade lasts; "fade out the last three seconds" is a fade of three seconds."""
    lasting, over = bag.slot("lasting", "time", "by_time"), bag.slot("range")
    if lasting is None and over is not None:
        length: Any = over["end"] if over["side"] == "head" else over["start"]
        lasting = abs(length) if isinstance(length, int | float) else None
    return {"duration": lasting}


def _where(bag: Bag) -> Args:
    return {"where": "edges" if bag.slot("point") in ("both", 0, "end") else None}


READERS = {
    "range": span,
    "bare_end": _bare_end,
    "limit": _limit,
    "at": _at,
    "every": one_slot("every", "every"),
    "start": _start,
    "offset": _offset,
    "min_silence": one_slot("min_silence", "longer", "time"),
    "keep": one_slot("keep", "keeping", "limit"),
    "where": _where,
    "transition_duration": _transition_duration,
    "duration": one_slot("duration", "lasting", "time", "by_time"),
    "text_time": _text_time,
    "fade_direction": _fade_direction,
    "fade_duration": _fade_duration,
}
