"""Child program: about how loud one sound track is along its length, from a moment in each stretch.

Request: path, demuxer, index, zero, duration_s, count, most_s. Times are rationals as strings; `zero` is the
container time of the source's zero. Answer: JSON, the level of each stretch (full scale 1), null where it was
not heard in `most_s` seconds of work.
"""

from __future__ import annotations

import json
import sys
import time
from fractions import Fraction
from typing import Any

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.error import FFmpegError
from numpy.typing import NDArray

from saycut.media import refusals
from saycut.media.child.opening import open_media
from saycut.media.child.refusing import Refused
from saycut.media.child.tracks import time_base

_SETTLING = 1  # frames that a decoder needs after a jump
_HEARD = 2
_NEAR_S = Fraction(1, 10)
_FAR = 500  # frames from a place that can be jumped to: ten seconds


def main(request: dict[str, Any]) -> None:
    until = time.monotonic() + request["most_s"]
    container = open_media(request["path"], request["demuxer"], without_pictures=True)
    stream = container.streams[request["index"]]
    if not isinstance(stream, AudioStream):
        raise Refused("unreadable", refusals.DAMAGED)
    count, length_s, zero_s = request["count"], Fraction(request["duration_s"]), Fraction(request["zero"])
    levels: list[float | None] = [None] * count
    for place in _spread(count):
        if time.monotonic() > until:
            break
        at_s = zero_s + length_s * (2 * place + 1) / (2 * count)
        levels[place] = _level(container, stream, at_s)
    sys.stdout.write(json.dumps(levels))


def _spread(count: int) -> list[int]:
    """Every place once, all over the length at any time: whoever has to stop has heard of everything."""
    step = 1 << max(count - 1, 0).bit_length()
    order: dict[int, None] = {}
    while step >= 1:
        order.update(dict.fromkeys(range(0, count, step)))
        step //= 2
    return list(order)


def _level(container: InputContainer, stream: AudioStream, at_s: Fraction) -> float | None:
    """The RMS level of two frames there; 0 behind the end, None where nothing can be decoded."""
    powers: list[float] = []
    number = None
    try:
        container.seek(int(at_s / time_base(stream)), stream=stream, backward=True)
        stream.codec_context.flush_buffers()
        for number, frame in enumerate(container.decode(stream)):
            before = frame.time is not None and frame.time < at_s - _NEAR_S
            if number >= _SETTLING and not before:
                powers.append(_power(frame))
            if len(powers) == _HEARD or number == _FAR:
                break
    except FFmpegError:
        return None
    if number is None:
        return None
    return round(float(np.sqrt(np.mean(powers))), 5) if powers else 0.0


def _power(frame: AudioFrame) -> float:
    samples: NDArray[Any] = frame.to_ndarray()
    heard = samples.astype(np.float64)
    if samples.dtype.kind != "f":
        steps = 2.0 ** (8 * samples.dtype.itemsize - 1)
        heard = heard / steps - (samples.dtype.kind == "u")  # unsigned samples rest in the middle
    return float(np.mean(np.square(np.nan_to_num(heard, posinf=0.0, neginf=0.0))))
