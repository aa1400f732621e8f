"""The form: which sections a piece of so many bars has, and how full each is.

Intro, then eight-bar sections in the order of `_CYCLE` as often as they fit, then an outro that
takes what is left (2 to 9 bars) and carries the cadence. One cycle is about 48 bars; each has
its own sounds, patterns and motif.
"""

from saycut.audio.bed.score import Kind, Section

PHRASE_BARS = 8
_LONG_INTRO_FROM_BARS = 28
_CYCLE: tuple[tuple[Kind, float], ...] = (
    ("a", 0.62),
    ("a", 0.76),
    ("b", 0.92),
    ("a", 0.76),
    ("break", 0.46),
    ("b", 0.96),
)
_SHORT: dict[int, tuple[tuple[Kind, float], ...]] = {
    0: (),
    1: (("a", 0.76),),
    2: (("a", 0.66), ("b", 0.92)),
    3: (("a", 0.62), ("a", 0.76), ("b", 0.92)),
}


def form(bars: int, *, tag: bool) -> tuple[Section, ...]:
    """The sections of a piece of `bars` bars (the final chord follows them)."""
    if tag:
        return (Section(0, "tag", 0, bars, 0.5, 0),)
    if bars <= 4:
        return _placed([("outro", 0.72, bars)])
    if bars <= 9:
        return _placed([("intro", 0.48, 2), ("outro", 0.76, bars - 2)])
    intro = [("intro", 0.28, 2), ("intro", 0.5, 2)] if bars >= _LONG_INTRO_FROM_BARS else [("intro", 0.48, 2)]
    left = bars - sum(length for _, _, length in intro)
    whole = (left - 2) // PHRASE_BARS
    outro = left - whole * PHRASE_BARS
    plan: list[tuple[Kind, float, int]] = [("intro", level, length) for _, level, length in intro]
    plan += [(kind, level, PHRASE_BARS) for kind, level in _body(whole)]
    plan.append(("outro", 0.58 if outro <= 4 else 0.7, outro))
    return _placed(plan)


def _body(whole: int) -> list[tuple[Kind, float]]:
    if whole in _SHORT:
        return list(_SHORT[whole])
    body = [_CYCLE[index % len(_CYCLE)] for index in range(whole)]
    if body[-1][0] == "break":  # a break leads somewhere; before the outro it would only sag
        body[-1] = ("a", 0.76)
    return body


def _placed(plan: list[tuple[Kind, float, int]]) -> tuple[Section, ...]:
    sections: list[Section] = []
    first_bar = 0
    phrases = 0
    for index, (kind, level, bars) in enumerate(plan):
        cycle = max(0, phrases - (1 if kind == "outro" and phrases else 0)) // len(_CYCLE)
        sections.append(Section(index, kind, first_bar, bars, level, cycle))
        first_bar += bars
        phrases += kind in ("a", "b", "break")
    return tuple(sections)
