"""A line of text that remembers where every character came from.

Every stage of the pipeline rewrites the line (full-width forms, number words, times …).
The origin of each character in what the person typed is carried along, so that a text
to write or a clip's name can be copied out verbatim at the end, capitals and all.
"""

import re
from collections.abc import Callable


class Line:
    """`text` as it stands now, and for each of its characters the span it came from in `source`."""

    __slots__ = ("_ends", "_starts", "source", "text")

    def __init__(self, source: str, text: str, starts: list[int], ends: list[int]) -> None:
        self.source = source
        self.text = text
        self._starts = starts
        self._ends = ends

    @classmethod
    def of(cls, source: str) -> "Line":
        """The untouched line of `source`."""
        count = len(source)
        return cls(source, source, list(range(count)), list(range(1, count + 1)))

    def raw(self, start: int, end: int) -> str:
        """What the person typed for `text[start:end]`, verbatim."""
        if start >= end:
            return ""
        return self.source[min(self._starts[start:end]) : max(self._ends[start:end])]

    def rewrite(self, pattern: re.Pattern[str], said: Callable[[re.Match[str]], str | None]) -> "Line":
        """The line with every match replaced by `said(match)`; None leaves that match alone."""
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        at = 0
        for match in pattern.finditer(self.text):
            new = said(match)
            begin, stop = match.span()
            if new is None or begin < at:
                continue
            self._copy(at, begin, pieces, starts, ends)
            first, last = self._origin(begin, stop)
            pieces.append(new)
            starts.extend([first] * len(new))
            ends.extend([last] * len(new))
            at = stop
        if at == 0 and not pieces:
            return self
        self._copy(at, len(self.text), pieces, starts, ends)
        return Line(self.source, "".join(pieces), starts, ends)

    def rewrite_as(self, pattern: re.Pattern[str], template: str) -> "Line":
        """The line with every match replaced by `template`, in which \\1 stands for the first group."""
        return self.rewrite(pattern, lambda match: match.expand(template))

    def translate(self, one: Callable[[str], str]) -> "Line":
        """The line with every character replaced by what `one` says for it."""
        new = [one(char) for char in self.text]
        starts = [start for start, said in zip(self._starts, new, strict=True) for _ in said]
        ends = [end for end, said in zip(self._ends, new, strict=True) for _ in said]
        return Line(self.source, "".join(new), starts, ends)

    def _copy(self, begin: int, stop: int, pieces: list[str], starts: list[int], ends: list[int]) -> None:
        pieces.append(self.text[begin:stop])
        starts.extend(self._starts[begin:stop])
        ends.extend(self._ends[begin:stop])

    def _origin(self, begin: int, stop: int) -> tuple[int, int]:
        if begin < stop:
            return min(self._starts[begin:stop]), max(self._ends[begin:stop])
        edge = self._starts[begin] if begin < len(self._starts) else len(self.source)
        return edge, edge
