"""A quick guess at how loud a long file is along its length: a moment of each stretch is decoded, no more."""

import json

import numpy as np

from saycut.errors import Impossible
from saycut.media.children import answer_of
from saycut.media.info import Source
from saycut.watch import Watch

MOST_S = 0.5  # of work: a waveform is waited for


def sketch(
    source: Source, count: int, watch: Watch | None = None, most_s: float = MOST_S
) -> list[float] | None:
    """About the RMS level of each of `count` equal stretches, full scale 1.0: that of 40 ms in its middle.

    What was not heard in `most_s` seconds of work is drawn between its neighbours; None when nothing was.
    Raises Impossible without sound, Unreadable.
    """
    track = source.info.audio
    if track is None:
        raise Impossible(
            reason=f"{source.path.name} has no sound.", reason_zh=f"{source.path.name} 没有声音。"
        )
    request = {
        "demuxer": source.info.demuxer,
        "index": track.index,
        "zero": str(source.info.zero_pts_s),
        "duration_s": str(source.info.duration_s),
        "count": count,
        "most_s": most_s,
    }
    levels: list[float | None] = json.loads(answer_of("sketch", source.path, request, watch=watch))
    heard = [place for place, level in enumerate(levels) if level is not None]
    if not heard:
        return None
    known = [level for level in levels if level is not None]
    return [round(float(level), 5) for level in np.interp(range(count), heard, known)]
