"""Bytes as bit rates: what picture and sound may take so that a file stays under a limit."""

from fractions import Fraction

from saycut.errors import Impossible
from saycut.media.picture import PicturePlan
from saycut.timeline.value import but

ATTEMPTS = 5
AAC_KBPS = 192
_LEAST_SOUND_KBPS = 32
_LEAST_PICTURE_KBPS = 24
_SOUND_SHARE = Fraction(12, 100)
_AIM = Fraction(95, 100)  # of what is free: the first attempt is then nearly always the last
_CONTAINER_BYTES = 4_000
_PACKET_BYTES = 16  # what an index takes for each frame, and for the sound beside it
# Under this many bits a pixel H.264 shows blocks; a smaller picture looks better (x264 veryfast, by eye).
_LEAST_BITS_PER_PIXEL = 0.035
_SHORT_SIDES = (720, 480, 360, 240, 144)


def sound_kbps(limit_bytes: int, duration_s: Fraction, *, alone: bool) -> int:
    """The bit rate of the sound: 192, or 12 % of a tight budget; all of it where there is no picture."""
    whole = limit_bytes * 8 / max(duration_s, Fraction(1, 10)) / 1000
    share = whole * _AIM if alone else whole * _SOUND_SHARE
    return max(min(int(share), AAC_KBPS), _LEAST_SOUND_KBPS)


def picture_kbps(limit_bytes: int, sound_bytes: int, plan: PicturePlan) -> int:
    """The bit rate left for the picture. Raises Impossible when next to nothing is left."""
    free = limit_bytes - sound_bytes - _CONTAINER_BYTES - _PACKET_BYTES * plan.frames
    kbps = int(free * 8 * _AIM / plan.duration_s / 1000)
    if kbps < _LEAST_PICTURE_KBPS:
        raise too_long(limit_bytes, plan.duration_s)
    return kbps


def lower(kbps: int, limit_bytes: int, came_bytes: int) -> int:
    """The next attempt after one that came out too large."""
    return int(kbps * Fraction(limit_bytes, came_bytes) * _AIM)


def fitted_size(plan: PicturePlan, kbps: int) -> PicturePlan:
    """`plan` at that rate, with a smaller canvas where the rate cannot carry it."""
    width, height = plan.width, plan.height
    for short in (None, *_SHORT_SIDES):
        if short is not None and short < min(plan.width, plan.height):
            scale = Fraction(short, min(plan.width, plan.height))
            width, height = (2 * round(side * scale / 2) for side in (plan.width, plan.height))
        if kbps * 1000 / float(width * height * plan.frame_rate) >= _LEAST_BITS_PER_PIXEL:
            break
    return but(plan, width=width, height=height, bitrate_kbps=kbps)


def too_long(limit_bytes: int, duration_s: Fraction) -> Impossible:
    """The refusal, with the figures."""
    limit, length = limit_bytes / 1e6, float(duration_s)
    return Impossible(
        reason=f"{length:.0f} s do not fit into {limit:g} MB in any usable quality; cut it or allow more.",
        reason_zh=f"{length:.0f} 秒的内容无法以可用的画质压缩到 {limit:g} MB；请剪短或放宽限制。",
    )
