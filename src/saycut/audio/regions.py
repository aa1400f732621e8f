"""Spans of a sound in seconds, sorted and disjoint, set against each other."""

from saycut.audio.speech import Regions


def outside(spans: Regions, others: Regions) -> Regions:
    """What of `spans` lies in none of `others`."""
    left: list[tuple[float, float]] = []
    for start_s, end_s in spans:
        at_s = start_s
        for other_start_s, other_end_s in others:
            if other_start_s < end_s and other_end_s > at_s:
                if other_start_s > at_s:
                    left.append((at_s, other_start_s))
                at_s = other_end_s
        if at_s < end_s:
            left.append((at_s, end_s))
    return tuple(left)


def within(spans: Regions, others: Regions) -> Regions:
    """What of `spans` lies in one of `others`."""
    return outside(spans, outside(spans, others))


def joined(spans: Regions) -> Regions:
    """Sorted spans, those as one that touch or overlap."""
    left: list[tuple[float, float]] = []
    for start_s, end_s in spans:
        if left and start_s <= left[-1][1]:
            left[-1] = (left[-1][0], max(left[-1][1], end_s))
        else:
            left.append((start_s, end_s))
    return tuple(left)


def widened(spans: Regions, around_s: float) -> Regions:
    """Every span that much longer at both ends."""
    return joined(tuple((start_s - around_s, end_s + around_s) for start_s, end_s in spans))
