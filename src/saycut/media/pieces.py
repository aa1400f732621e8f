"""Which stretches of a source are opened, so that what lies far from any kept frame is never decoded."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import msgspec

from saycut.media.info import MediaInfo
from saycut.media.picture import PicturePlan, PictureRun

Span = tuple[int, int]

_WORTH_SEEKING_S = 20
_MARGIN_S = 3  # a key frame at or before the wanted time, decoded ahead; open groups settle within it
_MOST_PIECES = 4  # each is a decoder of its own: 16 MB for 720p, 40 MB for 1080p (measured)
_HELD_BYTES = 128 << 20  # of decoded frames that are turned round at once
SEEKABLE = ("mov", "matroska")  # the formats whose index is exact


class Piece(msgspec.Struct, frozen=True):
    """Spans that are read in one go. `seek_s` (from the source's zero) is None when read from the start."""

    spans: tuple[Span, ...]
    seek_s: Fraction | None

    @property
    def frames(self) -> int:
        return sum(end - first for first, end in self.spans)


def held_frames(plan: PicturePlan) -> int:
    """How many frames of the plan's canvas may wait at once to be shown backwards; at least half a second."""
    frame_bytes = plan.width * plan.height * 3 // 2
    return max(_HELD_BYTES // frame_bytes, int(plan.frame_rate / 2), 1)


def run_pieces(run: PictureRun, plan: PicturePlan) -> list[Piece]:
    """What is opened for `run`, in the order in which it is shown."""
    frame_rate = plan.frame_rate
    if run.reverse:
        return chunks_of(run, frame_rate, min(max(int(frame_rate), 1), held_frames(plan)))
    return pieces_of(run.spans, run.source.info, frame_rate, run.speed, run.zero_s)


def pieces_of(
    spans: Sequence[Span],
    info: MediaInfo,
    frame_rate: Fraction,
    speed: Fraction,
    zero_s: Fraction = Fraction(0),
) -> list[Piece]:
    """`spans` split where more than 20 s are left out, widest gaps first, into at most four pieces."""
    if not spans:
        return []
    if info.demuxer not in SEEKABLE or info.video is None:
        return [Piece(tuple(spans), None)]
    least = _WORTH_SEEKING_S * frame_rate / speed
    gaps = [
        (later[0] - earlier[1], place)
        for place, (earlier, later) in enumerate(pairwise(spans), start=1)
        if later[0] - earlier[1] > least
    ]
    cuts = sorted(place for _, place in sorted(gaps, reverse=True)[: _MOST_PIECES - 1])
    groups = [tuple(spans[begin:end]) for begin, end in zip([0, *cuts], [*cuts, len(spans)], strict=True)]
    return [Piece(group, _seek_s(group[0][0], frame_rate, speed, zero_s)) for group in groups]


def chunks_of(run: PictureRun, frame_rate: Fraction, most: int) -> list[Piece]:
    """The kept frames of `run` in chunks of at most `most` frames, the last first: what one `reverse` holds.

    Each is opened by itself. A file without an exact index is read from its start for every chunk.
    """
    seekable = run.source.info.demuxer in SEEKABLE
    chunks: list[Piece] = []
    for first, end in reversed(run.spans):
        for last in range(end, first, -most):
            begin = max(first, last - most)
            seek_s = _seek_s(begin, frame_rate, run.speed, run.zero_s, worth_s=2 * _MARGIN_S)
            chunks.append(Piece(((begin, last),), seek_s if seekable else None))
    return chunks


def _seek_s(
    first: int,
    frame_rate: Fraction,
    speed: Fraction,
    zero_s: Fraction,
    worth_s: int = _WORTH_SEEKING_S,
) -> Fraction | None:
    at_s = zero_s + first / frame_rate * speed
    return at_s - _MARGIN_S if at_s > worth_s else None


def selection(spans: Sequence[Span]) -> str:
    """A balanced decision over frame number `n`, true inside `spans` (ffmpeg's expression language).

    Its depth grows with the logarithm of the number of spans; a sum of 2000 comparisons a frame does not do.
    """
    if len(spans) == 1:
        first, end = spans[0]
        return f"gte(n,{first})*lt(n,{end})"
    middle = len(spans) // 2
    return f"if(lt(n,{spans[middle][0]}),{selection(spans[:middle])},{selection(spans[middle:])})"
