"""Sets of time: sorted, disjoint half-open spans [start, end) in exact seconds."""

from collections.abc import Iterable

from saycut.timeline.clock import Seconds

Span = tuple[Seconds, Seconds]
Spans = tuple[Span, ...]


def united(spans: Iterable[Span]) -> Spans:
    """The union of `spans`, sorted, with touching and overlapping ones joined and empty ones dropped."""
    out: list[Span] = []
    for start, end in sorted(span for span in spans if span[1] > span[0]):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return tuple(out)


def complement(spans: Iterable[Span], start: Seconds, end: Seconds) -> Spans:
    """What of [start, end) is in none of `spans`."""
    out: list[Span] = []
    at = start
    for first, last in united(spans):
        if first > at:
            out.append((at, min(first, end)))
        at = max(at, last)
    if at < end:
        out.append((at, end))
    return tuple(span for span in out if span[0] < span[1])


def clipped(spans: Iterable[Span], start: Seconds, end: Seconds) -> Spans:
    """The part of `spans` inside [start, end)."""
    return united((max(a, start), min(b, end)) for a, b in spans)


def total_s(spans: Iterable[Span]) -> Seconds:
    """How long the spans are together."""
    return sum((b - a for a, b in spans), Seconds(0))
