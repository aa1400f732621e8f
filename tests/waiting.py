"""Waiting for something that another process does: asked again and again, and no longer than it may take."""

import time
from collections.abc import Callable
from typing import TypeVar

FoundT = TypeVar("FoundT")
_PAUSE_S = 0.02


def until(what: str, look: Callable[[], FoundT], patience_s: float = 120.0) -> FoundT:
    """The first answer of `look` that is true; fails, saying `what` was waited for, when none is in time."""
    given_up_s = time.monotonic() + patience_s
    while not (found := look()):
        if time.monotonic() > given_up_s:
            raise AssertionError(f"waited {patience_s:.0f} s in vain: {what} (it is {found!r})")
        time.sleep(_PAUSE_S)
    return found
