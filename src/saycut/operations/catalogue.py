"""The vocabulary: every verb there is, and plans as plain data.

This is the one list that the parser, recipes, planners and doors share. A verb that the parser
understands and this list does not hold is answered in words, never guessed at.
"""

import math
from collections.abc import Iterable
from typing import Any

import msgspec

from saycut.errors import Impossible
from saycut.operations.add_audio import AddAudio
from saycut.operations.add_music import AddMusic, Duck
from saycut.operations.base import Operation
from saycut.operations.crop import Crop
from saycut.operations.cutting import Cut, Trim
from saycut.operations.delete import Delete
from saycut.operations.denoise import Denoise
from saycut.operations.exporting import Export, ExtractAudio
from saycut.operations.fade import Fade
from saycut.operations.level import EnhanceAudio, Normalize, Volume
from saycut.operations.loop import Loop
from saycut.operations.merge import Merge
from saycut.operations.mute import Mute, Unmute
from saycut.operations.protect import Protect
from saycut.operations.reframe import Reframe
from saycut.operations.remove_music import IsolateMusic, RemoveMusic
from saycut.operations.reorder import Reorder
from saycut.operations.replace_audio import ReplaceAudio
from saycut.operations.resize import Resize
from saycut.operations.reverse import Reverse
from saycut.operations.rotate import Flip, Rotate
from saycut.operations.speed import Speed
from saycut.operations.split import Split
from saycut.operations.sync_audio import SyncAudio
from saycut.operations.text import Text
from saycut.operations.transition import Transition
from saycut.operations.trim_silence import TrimSilence

OPERATIONS: dict[str, type[Operation]] = {
    kind.name: kind
    for kind in (
        AddAudio,
        AddMusic,
        Crop,
        Cut,
        Delete,
        Denoise,
        Duck,
        EnhanceAudio,
        Export,
        ExtractAudio,
        Fade,
        Flip,
        IsolateMusic,
        Loop,
        Merge,
        Mute,
        Normalize,
        Protect,
        Reframe,
        RemoveMusic,
        Reorder,
        ReplaceAudio,
        Resize,
        Reverse,
        Rotate,
        Speed,
        Split,
        SyncAudio,
        Text,
        Transition,
        Trim,
        TrimSilence,
        Unmute,
        Volume,
    )
}

for _kind in OPERATIONS.values():
    msgspec.json.Decoder(_kind)  # what it takes is known before there are threads: timeline/stored.py


def build(op: str, args: dict[str, Any]) -> Operation:
    """The operation of that name and those arguments.

    Raises Impossible (in one sentence that names the argument) for a verb, an argument or a value
    that this version does not take.
    """
    kind = OPERATIONS.get(op)
    if kind is None:
        raise Impossible(
            reason=f"“{op}” is understood, but this version cannot do it.",
            reason_zh=f"“{op}”已听懂，但当前版本还做不到。",
        )
    try:
        if not _is_finite(args):
            raise Impossible(
                reason=f"{op} cannot be done that way: a number is no number.",
                reason_zh=f"{op} 无法这样执行：数值无效。",
            )
        return msgspec.convert(args, kind, strict=True)
    except msgspec.ValidationError as error:
        raise Impossible(
            reason=f"{op} cannot be done that way: {error}.", reason_zh=f"{op} 无法这样执行：{error}。"
        ) from error


def _is_finite(value: object) -> bool:
    if isinstance(value, dict):
        return all(_is_finite(part) for part in value.values())
    if isinstance(value, list | tuple):
        return all(_is_finite(part) for part in value)
    return not isinstance(value, float) or math.isfinite(value)


def as_data(operation: Operation) -> dict[str, Any]:
    """The operation as plans, recipes and receipts write it: {"op", "args"}."""
    return {"op": operation.name, "args": operation.arguments()}


def in_working_order(operations: Iterable[Operation]) -> list[Operation]:
    """The order in which one turn's operations are carried out.

    As they were said, but an operation that names others in `precedes` goes before the first of
    them: sync is computed source to source, and silences are then found on the synced voice.
    """
    ordered: list[Operation] = []
    for operation in operations:
        at = next((n for n, other in enumerate(ordered) if other.name in operation.precedes), len(ordered))
        ordered.insert(at, operation)
    return ordered
