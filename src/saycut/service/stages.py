"""What the stages of a render say about the whole of it: how far it is, and how long the rest may take.

Picture and sound are made side by side, and the picture is heard of when the sound is done; it usually takes
far longer. Shares are those of a talk of some minutes whose picture is encoded.
"""

from typing import NamedTuple

_PICTURE = frozenset({"encode", "gif"})
# Where each begins and ends, in percent; whatever listens or cleans comes before them all.
_BANDS: dict[str, tuple[float, float]] = {
    "mix": (10.0, 15.0),
    "encode sound": (15.0, 22.0),
    "measure": (22.0, 25.0),
    "encode": (25.0, 90.0),
    "gif": (25.0, 90.0),
    "join": (90.0, 92.0),
    "copy": (90.0, 95.0),
    "verify": (95.0, 99.0),
}
_BEFORE = (0.0, 10.0)
_SOUND_ENDS = 25.0
_LEAST_HEARD = 0.03  # of a stage, before anything can be told by it
_LEAST_PERCENT = 5.0


class Far(NamedTuple):
    """How far a render is: its stage, percent of the whole, seconds that are left (None: nobody knows)."""

    stage: str
    percent: float
    eta_s: float | None


def far(stage: str, fraction: float, took_s: float, *, begun: float = 0.0, sound_alone: bool = False) -> Far:
    """How far a job is that took `took_s` seconds until it said `fraction` of `stage`.

    `begun` is the percentage at which it took over. A file of `sound_alone` has no picture to wait for.
    """
    first, last = _BANDS.get(stage, _BEFORE)
    share = first + (last - first) * fraction
    if sound_alone and share <= _SOUND_ENDS:
        share *= _BANDS["copy"][0] / _SOUND_ENDS
    if stage in _PICTURE and fraction >= _LEAST_HEARD:
        left_s = took_s * (1 - fraction) / fraction
        return Far(stage, _within(begun, share), round(left_s, 1))
    return Far(stage, _within(begun, share), eta_s(share, took_s))


def eta_s(percent: float, took_s: float) -> float | None:
    """What is left when it goes on like that; None before there is anything to judge by."""
    return round(took_s * (100 - percent) / percent, 1) if percent >= _LEAST_PERCENT else None


def _within(begun: float, share: float) -> float:
    return begun + (100.0 - begun) * share / 100.0
