"""Names in a request: files, clips, the text to write, the mood of music."""

from typing import Any

from saycut.language.bag import Bag
from saycut.language.context import Context, FileRef
from saycut.language.filenames import sound_role, tells
from saycut.language.reader import Args
from saycut.language.tagging import Item

_ARTICLES = ("the ", "a ", "an ", "my ", "our ", "some ", "that ", "this ")


def _source(bag: Bag) -> Args:
    """The file a request names, verbatim."""
    files = bag.slots("file")
    return {"source": files[0] if files else None}


def _new_source(bag: Bag) -> Args:
    """The file on the coming side of a replacement, verbatim."""
    found = [item.slot.value for item in bag.new_side() if item.slot is not None and item.slot.kind == "file"]
    return {"source": found[0] if found else None}


def _role(bag: Bag) -> Args:
    """What an added sound is: said by the words, else by its file's name."""
    said = bag.gift("role")
    return {"role": said or next((role for role in map(sound_role, bag.slots("file")) if role), None)}


def implied_file(context: Context) -> FileRef | None:
    """The one sound of the context that "my recording" can only mean: just uploaded, or alone of its kind."""
    sounds = list(context.sounds)
    uploaded = next((file for file in sounds if file.name == context.last_upload), None)
    if uploaded is not None:
        return uploaded
    if len(sounds) > 1:
        named = [file for file in sounds if tells(file.name, "recording")]
        sounds = named if len(named) == 1 else []
    return sounds[0] if len(sounds) == 1 else None


def _mood(bag: Bag) -> Args:
    """The mood, style or instrument of the music asked for, as said."""
    words: list[Item] = []
    items = list(bag.new_side())
    for index, item in enumerate(items):
        after = items[index + 1] if index + 1 < len(items) else None
        named = item.has("genre", "feeling")
        free = (
            item.is_unknown
            and after is not None
            and after.has("music", "soundtrack", "particle")
            and _before_music(items, index)
        )
        if named or free:
            words.append(item)
    if not words:
        return {}
    if words[-1].end - words[0].start < 2 * sum(len(word.text) for word in words) + 8:
        return {"mood": bag.line.raw(words[0].start, words[-1].end).strip()}
    return {"mood": bag.raw(words[0]).strip()}


def _before_music(items: list[Item], index: int) -> bool:
    """Whether nothing but particles stands between `items[index]` and the music it describes."""
    for item in items[index + 1 :]:
        if item.has("music", "soundtrack"):
            return True
        if not item.has("particle"):
            return False
    return False


def _text(bag: Bag) -> Args:
    """The text to write: what is quoted, else the words between the verb and the place."""
    quoted = bag.slot("quote")
    if quoted is not None:
        return {"text": quoted}
    items = bag.all_items
    if any(item.is_unknown and _describes_text(items, index) for index, item in enumerate(items)):
        return {}
    first = next(
        (index for index, item in enumerate(items) if item.is_unknown or item.has("greeting", "thanks")), None
    )
    if first is None or not any("#position" in _gives(item) for item in items):
        return {}
    last = first
    for index in range(first, len(items)):
        item = items[index]
        if (
            item.slot is not None
            or {"#position", "#color"} & _gives(item)
            or item.has("text", "title", "and", "then", "comma")
        ):
            break
        if item.is_unknown or item.has("greeting", "thanks") or not item.has_role("small"):
            last = index
    return {"text": bag.line.raw(items[first].start, items[last].end).strip()}


def _describes_text(items: list[Item], index: int) -> bool:
    """Whether the unknown words stand before "text" itself ("small red text" says how, not what)."""
    for item in items[index + 1 :]:
        if item.has("text", "title", "lower_third"):
            return True
        if not item.has_role("value"):
            return False
    return False


def _gives(item: Item) -> set[str]:
    return {f"#{key}" for reading in item.readings for key, _ in reading.gives}


def _clips(bag: Bag) -> Args:
    """The clips to join, by file, number or name; None means all in order."""
    files = bag.slots("file")
    if len(files) > 1:
        return {"clips": files}
    numbers = bag.slot("swap")
    if numbers is not None:
        return {"clips": numbers}
    found = [plain(bag.raw(item)) for item in bag.items if item.is_unknown or item.gift("clip_name")]
    return {"clips": found if len(found) > 1 else None}


def plain(name: str) -> str:
    """A name without its article."""
    stripped = name.strip()
    for article in _ARTICLES:
        if stripped.lower().startswith(article):
            return stripped[len(article) :]
    return stripped


def _reorder(bag: Bag) -> Args:
    """Which clip goes where: `clip` with `position`, `before` or `after`; `swap`; or `order`."""
    numbers = bag.slot("swap")
    if bag.gift("order") and numbers is None:
        return {"order": bag.gift("order")}
    if numbers is not None or _swaps_a_pair(bag):
        return {"swap": numbers or [1, 2]}
    place = bag.slot("clip_place")
    point = bag.slot("point")
    marks = [item for item in bag.all_items if item.has("before", "after")]
    mark = marks[0].start if marks else None
    moved, anchor = _named(bag, mark)
    found: dict[str, Any] = {"clip": moved}
    if bag.gift("position_to") is not None:
        return {**found, "position": bag.gift("position_to")}
    if place is not None:
        found.update(place)
    elif mark is not None and anchor is not None:
        found["before" if marks[0].has("before") else "after"] = anchor
    elif point is not None:
        found["position"] = {0: 1, "end": -1}.get(point)
    return found


def _swaps_a_pair(bag: Bag) -> bool:
    """Whether "the two clips" or "them" change places, with no clip named: of two there is only one way."""
    return bag.has("swap") and not any(
        item.slot is not None and item.slot.kind == "clip" for item in bag.items
    )


def _named(bag: Bag, mark: int | None) -> tuple[Any, Any]:
    """The clip that is moved and the clip it is moved to, by number or by name."""
    moved: Any = None
    anchor: Any = None
    for item in bag.items:
        if item.slot is not None and item.slot.kind == "clip":
            value: Any = item.slot.value
        elif item.is_unknown or item.gift("clip_name"):
            value = plain(bag.raw(item))
        else:
            continue
        if mark is not None and item.start > mark:
            anchor = value if anchor is None else anchor
        else:
            moved = value if moved is None else moved
    return moved, anchor


READERS = {
    "source": _source,
    "new_source": _new_source,
    "role": _role,
    "mood": _mood,
    "text": _text,
    "clips": _clips,
    "reorder": _reorder,
}
