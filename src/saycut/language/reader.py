"""What an argument reader is: from the words of a clause to some arguments of its operation."""

from collections.abc import Callable
from typing import Any

from saycut.language.bag import Bag

Args = dict[str, Any]
Reader = Callable[[Bag], Args]


def one_slot(argument: str, *kinds: str) -> Reader:
    """The reader that takes `argument` from the first slot of one of `kinds`."""
    return lambda bag: {argument: bag.slot(*kinds)}


def one_gift(argument: str, name: str) -> Reader:
    """The reader that takes `argument` from the first word that gives `name`."""
    return lambda bag: {argument: bag.gift(name)}
