"""How a child program says no."""

from typing import Literal

from saycut.words import Words


class Refused(Exception):
    """The file cannot be used; the words follow "X cannot be read:", "X is" or "X"."""

    def __init__(self, kind: Literal["unreadable", "unsupported", "limit"], words: Words) -> None:
        super().__init__(words.en)
        self.kind = kind
        self.words = words
