"""Times as requests give them: seconds, seconds before the end, shares, "end", "playhead"."""

import re
from fractions import Fraction

from saycut.errors import Impossible
from saycut.timeline.clock import Seconds, clock_text, on_grid, seconds

When = float | str
_MOST_S = 1e9
# Without exponents: the exact value of "1e999999999" would never be worked out.
_PLAIN = re.compile(r"[-+]?[0-9]{1,9}(\.[0-9]{0,9})?|[-+]?\.[0-9]{1,9}")


def moment(when: When, duration_s: Seconds, grid_hz: Fraction) -> Seconds:
    """The exact time of `when` on a timeline of `duration_s`, on the grid and inside the timeline.

    Raises Impossible for words that are no time.
    """
    if isinstance(when, str):
        if when == "end":
            at = duration_s
        elif when == "playhead":
            at = Seconds(0)
        elif when.endswith("%") and _PLAIN.fullmatch(when[:-1]):
            at = duration_s * Fraction(when[:-1]) / 100
        else:
            raise _no_time(when)
    elif not abs(when) <= _MOST_S:  # nor is NaN
        raise _no_time(when)
    else:
        at = seconds(when)
        at = duration_s + at if at < 0 else at
    if at >= duration_s:
        return duration_s
    return max(on_grid(at, grid_hz), Seconds(0))


def _no_time(when: When) -> Impossible:
    return Impossible(reason=f"“{when}” is not a time.", reason_zh=f"“{when}”不是时间。")


def span(start: When, end: When, duration_s: Seconds, grid_hz: Fraction) -> tuple[Seconds, Seconds]:
    """The range from `start` to `end`. Raises Impossible when it is empty or outside the timeline."""
    first, last = moment(start, duration_s, grid_hz), moment(end, duration_s, grid_hz)
    if first >= last:
        length = clock_text(duration_s)
        raise Impossible(
            reason=f"There is nothing between {start} and {end}: the clip lasts {length}.",
            reason_zh=f"{start} 到 {end} 之间没有内容：片长 {length}。",
        )
    return first, last


def whole(start: When, end: When) -> bool:
    """Whether the range is everything."""
    return start == 0 and end == "end"


def span_text(start: When, end: When) -> tuple[str, str]:
    """The range in words, English and Chinese; empty for everything."""
    if whole(start, end):
        return "", ""
    return f" from {when_text(start)} to {when_text(end)}", f"（{when_text(start)} 到 {when_text(end)}）"


def when_text(when: When) -> str:
    """A time as people say it; "-2 s" counts from the end."""
    return when if isinstance(when, str) else clock_text(when) if when >= 0 else f"-{clock_text(-when)}"
