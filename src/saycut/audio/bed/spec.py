"""What a music bed is asked to be."""

import msgspec

from saycut.errors import Impossible, LimitExceeded

GENERATOR_VERSION = "1.0"
"""Raised whenever the same `BedSpec` would sound different; it stands in every manifest."""

SHORTEST_S = 0.1
LONGEST_S = 12 * 3600.0
SLOWEST_BPM = 30.0
FASTEST_BPM = 240.0


class BedSpec(msgspec.Struct, frozen=True):
    """A music bed: `mood` (a key of `moods.moods()`), `seed` (any integer), length, tempo (None: the mood's).

    The same spec gives the same notes and, on the same machine, the same samples.
    """

    mood: str
    seed: int
    duration_s: float
    tempo_bpm: float | None = None


def check_spec(spec: BedSpec) -> None:
    """Refuse lengths and tempos that no music can have (Impossible, LimitExceeded)."""
    if not spec.duration_s >= SHORTEST_S:
        raise Impossible(
            reason=f"Music needs at least {SHORTEST_S} s; {spec.duration_s:g} s were asked for.",
            reason_zh=f"音乐至少需要 {SHORTEST_S} 秒，而要求的是 {spec.duration_s:g} 秒。",
        )
    if spec.duration_s > LONGEST_S:
        raise LimitExceeded(
            reason=f"Generated music is at most {LONGEST_S / 3600:g} hours long.",
            reason_zh=f"生成的音乐最长 {LONGEST_S / 3600:g} 小时。",
        )
    if spec.tempo_bpm is not None and not SLOWEST_BPM <= spec.tempo_bpm <= FASTEST_BPM:
        raise Impossible(
            reason=f"The tempo must lie between {SLOWEST_BPM:g} and {FASTEST_BPM:g} beats per minute.",
            reason_zh=f"速度必须在每分钟 {SLOWEST_BPM:g} 到 {FASTEST_BPM:g} 拍之间。",
        )
