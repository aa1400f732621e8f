"""The decode pass of `verify`: every frame and sample once, counted."""

import json

import msgspec

from saycut.media.children import answer_of
from saycut.media.info import Source
from saycut.media.sandbox import Limits
from saycut.watch import Watch

_LIMITS = Limits(memory_bytes=4 << 30, cpu_s=4 * 3600, wall_s=4 * 3600.0)


class Decoded(msgspec.Struct, frozen=True):
    """Counts of a full decode. `errors` are packets that the decoder could not take or marked as damaged."""

    frames: int
    samples: int
    errors: int


def decoded_check(source: Source, watch: Watch | None = None) -> Decoded:
    """Decode the main tracks of `source` once. Raises Unreadable, LimitExceeded, Cancelled."""
    video, audio = source.info.video, source.info.audio
    request = {
        "demuxer": source.info.demuxer,
        "indexes": [track.index for track in (video, audio) if track is not None],
    }
    return Decoded(**json.loads(answer_of("decode", source.path, request, watch=watch, limits=_LIMITS)))
