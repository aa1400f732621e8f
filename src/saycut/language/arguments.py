"""From the words of a clause to the arguments of its operation.

Which arguments an operation takes is data (`arguments.toml`); each is read by one small function of
`spans`, `levels`, `names` or `shapes`, and what no function reads is what a word gives under that name.
"""

from typing import Any

from saycut.language import data, levels, names, shapes, spans
from saycut.language.bag import Bag
from saycut.language.reader import Args, Reader

_READERS: dict[str, Reader] = {**spans.READERS, **levels.READERS, **names.READERS, **shapes.READERS}

# A stated value makes the vaguer word beside it needless ("-23 LUFS for broadcast").
_OUTSAYS = {"max_size_mb": "quality", "lufs": "platform"}


def bound(op: str, fixed: tuple[tuple[str, Any], ...], bag: Bag) -> Args:
    """The arguments of `op`: what the words say, completed by what the frame fixes."""
    args: Args = {}
    for name in data.table("arguments.toml")[op]["takes"]:
        reader = _READERS.get(name)
        found = reader(bag) if reader is not None else {name: bag.gift(name)}
        args.update({key: value for key, value in found.items() if value is not None and key not in args})
    args = {**dict(fixed), **args}
    for exact, vague in _OUTSAYS.items():
        if exact in args:
            args.pop(vague, None)
    return args
