"""Pieces of PCM put end to end, sample exact, with crossfades that move nothing.

At a cut the outgoing sound runs on 5 ms past it while the incoming one begins 5 ms before it,
both read from their own source, and they cross with equal power (sine and cosine: what is cut is
as good as unrelated, so powers add up, not amplitudes). Every sample keeps its place; outside the
fades every sample is the source's own, bit for bit. Pieces that continue one another in one source
are not a cut and join without a fade.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from saycut.errors import Internal
from saycut.pcm import BLOCK_SAMPLES, Blocks, Pcm, PcmReader

FADE_S = 0.005  # on either side of a cut; one such fade at an outer end


@dataclass(frozen=True)
class Piece:
    """Samples [start, start + count) of `reader`, heard from output sample `at`."""

    reader: PcmReader
    start: int
    count: int
    at: int

    @property
    def end(self) -> int:
        """The first output sample after the piece."""
        return self.at + self.count


@dataclass(frozen=True)
class _Fade:
    """Output samples [first, last) over which a gain goes from 0 to 1, or from 1 to 0."""

    first: int
    last: int


@dataclass(frozen=True)
class _Run:
    """A piece with its fades; None where the sound begins or ends as its source does."""

    piece: Piece
    fade_in: _Fade | None
    fade_out: _Fade | None

    @property
    def first(self) -> int:
        return min(self.piece.at, self.fade_in.first) if self.fade_in else self.piece.at

    @property
    def last(self) -> int:
        return max(self.piece.end, self.fade_out.last) if self.fade_out else self.piece.end

    def heard(self, start: int, stop: int, channels: int) -> Pcm:
        """Output samples [start, stop), which lie within [first, last)."""
        reader = self.piece.reader
        sound = reader.read(self.piece.start + start - self.piece.at, stop - start)
        if self.fade_in and start < self.fade_in.last:
            sound = sound * np.sin(_angle(self.fade_in, start, stop))
        if self.fade_out and stop > self.fade_out.first:
            sound = sound * np.cos(_angle(self.fade_out, start, stop))
        return sound if sound.shape[1] == channels else np.repeat(sound, channels, axis=1)


def render_pieces(
    pieces: Sequence[Piece],
    total_samples: int,
    channels: int = 2,
    block_samples: int = BLOCK_SAMPLES,
) -> Blocks:
    """Exactly `total_samples` samples: the pieces at their places, silence between them.

    `pieces` ascend and do not overlap, share one sample rate and have one channel (spread to all)
    or `channels`; what reaches beyond `total_samples` is cut off. The result does not depend on
    `block_samples`. Raises Internal for pieces that break these rules.
    """
    _check(pieces, channels)
    runs = _runs(_merged([piece for piece in pieces if piece.count]), total_samples)
    return _rendered(runs, total_samples, channels, block_samples)


def _rendered(runs: list[_Run], total_samples: int, channels: int, block_samples: int) -> Blocks:
    lasts = [run.last for run in runs]
    for start in range(0, total_samples, block_samples):
        stop = min(start + block_samples, total_samples)
        block = np.zeros((stop - start, channels), np.float32)
        for run in runs[bisect_right(lasts, start) :]:
            if run.first >= stop:
                break
            first, last = max(run.first, start), min(run.last, stop)
            block[first - start : last - start] += run.heard(first, last, channels)
        yield block


def _check(pieces: Sequence[Piece], channels: int) -> None:
    end = 0
    for piece in pieces:
        if piece.at < end or piece.count < 0:
            raise Internal(reason=f"a piece of sound at sample {piece.at} overlaps the one before it")
        if piece.reader.channels not in (1, channels):
            raise Internal(reason=f"{piece.reader.channels} channels cannot be placed into {channels}")
        if piece.reader.rate_hz != pieces[0].reader.rate_hz:
            raise Internal(reason="pieces of sound with different sample rates cannot be joined")
        end = piece.end


def _merged(pieces: list[Piece]) -> list[Piece]:
    """Pieces that continue one another, in the output and in one source, made one."""
    merged: list[Piece] = []
    for piece in pieces:
        last = merged[-1] if merged else None
        if (
            last is not None
            and last.reader is piece.reader
            and last.end == piece.at
            and last.start + last.count == piece.start
        ):
            merged[-1] = Piece(last.reader, last.start, last.count + piece.count, last.at)
        else:
            merged.append(piece)
    return merged


def _runs(pieces: list[Piece], total_samples: int) -> list[_Run]:
    runs = []
    for index, piece in enumerate(pieces):
        before = pieces[index - 1] if index and pieces[index - 1].end == piece.at else None
        after = pieces[index + 1] if index + 1 < len(pieces) and pieces[index + 1].at == piece.end else None
        runs.append(_Run(piece, _fade_in(before, piece), _fade_out(piece, after, total_samples)))
    return runs


def _fade_in(before: Piece | None, piece: Piece) -> _Fade | None:
    if before is None and piece.start <= 0:
        return None
    inside = _reach(piece, before)
    # A source that begins at the cut has nothing to sound before it.
    outside = min(inside, max(piece.start, 0)) if before else 0
    return _Fade(piece.at - outside, piece.at + inside)


def _fade_out(piece: Piece, after: Piece | None, total_samples: int) -> _Fade | None:
    left = piece.reader.samples - piece.start - piece.count
    if after is None and left <= 0 and piece.end <= total_samples:
        return None
    end = min(piece.end, total_samples)
    inside = _reach(piece, after)
    outside = min(inside, max(left, 0)) if after else 0
    return _Fade(end - inside, end + outside)


def _reach(piece: Piece, neighbour: Piece | None) -> int:
    """How far a fade reaches from a cut: no further than the middle of the pieces beside it."""
    shortest = min(piece.count, neighbour.count) if neighbour else piece.count
    return min(round(FADE_S * piece.reader.rate_hz), shortest // 2)


def _angle(fade: _Fade, start: int, stop: int) -> Pcm:
    """0 before the fade, a quarter turn after it, for samples [start, stop): (samples, 1)."""
    place = (np.arange(start, stop) - fade.first + 0.5) / max(fade.last - fade.first, 1)
    return np.asarray(np.clip(place, 0.0, 1.0) * (math.pi / 2), np.float32)[:, None]
