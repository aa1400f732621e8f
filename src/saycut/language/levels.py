"""Levels and rates: decibels, percent, "twice as loud", factors of speed."""

from saycut.language.bag import Bag
from saycut.language.reader import Args, one_slot

_FASTEST_SHARE = 100.0
_FADES = {
    "fade_in": ("fade_in",),
    "fade_out": ("fade_out",),
    "fade_both": ("fade_in", "fade_out"),
    "fade": ("fade_in", "fade_out"),
}
_QUIETEST_LUFS = -40
_LOUDEST_STEP_DB = 30
_TO = frozenset({"to", "at", "到", "为", "成"})


def _level(bag: Bag) -> Args:
    """The arguments of a change of level: `gain_db`, `percent` or, when no amount is said, `direction`."""
    way = next((way for way in bag.gifts("direction") if way in ("up", "down")), None)
    decibels = bag.slot("db", "threshold")
    if decibels is not None:
        return _gain(decibels, way)
    percent = _percent(bag, way)
    if percent is not None:
        return {"percent": round(percent, 1)}
    return _bare(bag, way) or {"direction": way}


def _gain(decibels: float, way: str | None) -> Args:
    return {"gain_db": -decibels if way == "down" and decibels > 0 else decibels}


def _bare(bag: Bag, way: str | None) -> Args:
    """A number without a unit: "down 6" is decibels, "to 80" percent, as mixers are spoken of."""
    number = bag.slot("number")
    if not isinstance(number, int | float):
        return {}
    if bag.follows("number", _TO):
        return {"percent": float(number)}
    return _gain(float(number), way) if way is not None and abs(number) <= _LOUDEST_STEP_DB else {}


def _percent(bag: Bag, way: str | None) -> float | None:
    absolute = bag.slot("percent_to", "share")
    if absolute is not None:
        return float(absolute)
    change = bag.slot("percent_by")
    if change is None and way is not None:
        change = bag.slot("percent")
    if change is not None:
        return 100.0 + float(change) if way == "up" else 100.0 - float(change)
    times = bag.slot("factor")
    if times is not None:
        return 100.0 / float(times) if way == "down" else 100.0 * float(times)
    plain = bag.slot("percent")
    return float(plain) if plain is not None else None


def _threshold(bag: Bag) -> Args:
    """The level below which sound counts as silence; always below full scale."""
    found = bag.slot("threshold", "db")
    return {"threshold_db": -abs(found) if found is not None else None}


def _lufs(bag: Bag) -> Args:
    """The loudness asked for; a bare negative number in a request for loudness is LUFS."""
    number = bag.slot("number")
    bare = number if isinstance(number, int | float) and _QUIETEST_LUFS <= number < 0 else None
    stated = bag.slot("lufs")
    return {"lufs": -abs(stated) if stated is not None else bare}


def _factor(bag: Bag) -> Args:
    """The arguments of a change of speed: `factor`, or `direction` when no amount is said."""
    pace = bag.gift("pace")
    stated = bag.slot("factor", "count", "number")
    share = bag.slot("share", "percent_to")
    change = bag.slot("percent_by", "percent")
    if stated is not None:
        return {"factor": round(1 / stated, 4) if pace == "slow" and stated > 1 else stated}
    if share is not None:
        return {"factor": share / 100}
    if change is not None:
        return {"factor": _changed_rate(change, pace, bag)}
    if bag.mentions("slow_down") and _is_slow_motion(bag):
        return {"factor": 0.5}
    way = next((way for way in bag.gifts("direction") if way in ("up", "down")), None)
    return {"direction": way}


def _changed_rate(change: float, pace: str | None, bag: Bag) -> float:
    way = pace or {"up": "fast", "down": "slow"}.get(bag.gift("direction"), "")
    if way == "fast":
        return 1 + change / 100
    if way == "slow":
        return 1 - change / 100 if change < _FASTEST_SHARE else 0.5
    return change / 100


def _is_slow_motion(bag: Bag) -> bool:
    """Slow motion with no number is half speed (the schema's default); "slower" is a direction."""
    return any(
        item.has("slow_down")
        and item.text
        in {
            "slow motion",
            "slow mo",
            "slomo",
            "slowmo",
            "in slow motion",
            "慢 动 作",
            "慢 镜 头",
            "慢 放",
            "升 格",
        }
        for item in bag.items
    )


def _ducked(bag: Bag) -> Args:
    """Whether added music steps back while someone speaks."""
    return {"duck": True if bag.has("duck") else None}


def _music_fades(bag: Bag) -> Args:
    """How long added music fades; a fade with no length has no argument (the default is used).

    Each fade takes the length said after it; two fades before one length share it ("in and out over 2 s").
    """
    lengths: dict[str, float] = {}
    waiting: list[str] = []
    for item in bag.all_items:
        said = [name for concept, names in _FADES.items() if item.has(concept) for name in names]
        if said:
            waiting = [*waiting, *said]
        elif item.slot is not None and item.slot.kind in ("lasting", "time") and waiting:
            lengths |= dict.fromkeys(waiting, item.slot.value)
            waiting = []
    before = bag.slot("lasting")  # "a 2 second fade in": the length stands before
    return {**(dict.fromkeys(waiting, before) if before is not None and not lengths else {}), **lengths}


def _looped(bag: Bag) -> Args:
    """Whether added music repeats to the end."""
    return {"loop": True if bag.has("loop", "looped") else None}


READERS = {
    "level": _level,
    "lufs": _lufs,
    "factor": _factor,
    "volume": one_slot("volume", "percent_to", "percent", "percent_by"),
    "music_gain_db": one_slot("gain_db", "db", "threshold"),
    "duck": _ducked,
    "music_fades": _music_fades,
    "music_loop": _looped,
    "threshold_db": _threshold,
}
