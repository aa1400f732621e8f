"""Which side of a replacement a word stands on: what goes ("old") or what comes ("new").

"replace OLD with NEW", "use NEW instead of OLD", "把 OLD 换成 NEW", "用 NEW 代替 OLD".
"""

from collections.abc import Sequence

from saycut.language.tagging import Item

_NEW_FIRST = ("substitut", "swap in", "sub in", "put in")  # "substitute voice.wav for the camera sound"


def sides_of(items: Sequence[Item]) -> dict[int, str]:
    """The side of each item's index; empty when nothing is replaced by anything."""
    use = _first(items, "use")
    into = _first(items, "into")
    instead_of = _first(items, "instead_of")
    replace = _first(items, "replace")
    if into is not None:
        return _split(items, into, "old", "new")
    if instead_of is not None:
        return _instead_of(items, use, instead_of)
    if replace is not None:
        if use is not None and use < replace:
            return _split(items, replace, "new", "old")
        return _replace_with(items, replace)
    if _first(items, "instead") is not None:
        return _all(items, 0, len(items), "new")
    return {}


def _instead_of(items: Sequence[Item], use: int | None, mark: int) -> dict[int, str]:
    after = any(_is_content(item) for item in items[mark + 1 :])
    if use is not None and use < mark:
        return (
            _all(items, 0, use, "old")
            | _all(items, use, mark, "new")
            | _all(items, mark + 1, len(items), "old")
        )
    if after:
        return _split(items, mark, "new", "old")
    return _all(items, 0, mark, "old")


def _replace_with(items: Sequence[Item], replace: int) -> dict[int, str]:
    reversed_order = items[replace].text.startswith(_NEW_FIRST)
    mark = next((index for index in range(replace + 1, len(items)) if items[index].has("with")), None)
    reversed_order = reversed_order and mark is not None and items[mark].text != "with"
    old, new = ("new", "old") if reversed_order else ("old", "new")
    if mark is None:
        before = _all(items, 0, replace, "old")
        return before | _all(items, replace + 1, len(items), "old")
    return _all(items, 0, mark, old) | _all(items, mark + 1, len(items), new)


def _split(items: Sequence[Item], mark: int, before: str, after: str) -> dict[int, str]:
    return _all(items, 0, mark, before) | _all(items, mark + 1, len(items), after)


def _all(items: Sequence[Item], begin: int, end: int, side: str) -> dict[int, str]:
    return {index: side for index in range(begin, end) if _is_content(items[index])}


def _is_content(item: Item) -> bool:
    return (
        item.slot is not None
        or item.is_unknown
        or any(reading.role not in {"small", "link"} for reading in item.readings)
    )


def _first(items: Sequence[Item], concept: str) -> int | None:
    return next((index for index, item in enumerate(items) if item.has(concept)), None)
