"""Splices: what of a cut picture can stay as it is stored, and what lies at its joins and is encoded.

A stretch may begin at a key frame that nothing after it looks back over (an IDR), and may end wherever
decoding order and showing order agree, because what is decoded later is never needed for what is shown.
So only the frames between a cut and the next key frame are encoded, and at most a few before the next cut.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction

import msgspec

Span = tuple[int, int]

_LEAST_COPIED_S = 2  # shorter stretches would only make the picture change its grain for a moment
_MOST_SPANS = 400  # what a child program can be asked in one go; so many cuts leave little to copy anyway
_LEAST_COPIED_SHARE = Fraction(1, 2)  # with less, reading and proving eat what is won


class Gops(msgspec.Struct, frozen=True):
    """Where a constant-rate picture may be taken apart, by frames in the order they are shown.

    `begins[n]`: a copy may begin with frame n. `ends[n]`: it may end before frame n. Both have
    `frames` + 1 places. `parameter_set_id` is one that the stream does not use.
    """

    begins: bytes
    ends: bytes
    parameter_set_id: int

    @property
    def frames(self) -> int:
        return len(self.ends) - 1

    def begin(self, first: int, end: int) -> int | None:
        """The first frame in [first, end) that a copy may begin with."""
        place = self.begins.find(1, first, end)
        return None if place < 0 else place

    def group_of(self, frame: int) -> int:
        """Where decoding has to begin to see `frame`."""
        return self.begins.rfind(1, 0, frame + 1)


class Kept(msgspec.Struct, frozen=True, tag="kept"):
    """Frames [first, end) of the source, whose packets are copied."""

    first: int
    end: int

    @property
    def frames(self) -> int:
        return self.end - self.first


class Joint(msgspec.Struct, frozen=True, tag="joint"):
    """Frames of the source that are encoded together: what is left on both sides of a cut."""

    spans: tuple[Span, ...]

    @property
    def frames(self) -> int:
        return sum(end - first for first, end in self.spans)


Piece = Kept | Joint


class Splice(msgspec.Struct, frozen=True):
    """The pieces of a picture in the order they are shown."""

    pieces: tuple[Piece, ...]

    @property
    def kept_frames(self) -> int:
        return sum(piece.frames for piece in self.pieces if isinstance(piece, Kept))

    @property
    def joints(self) -> tuple[Joint, ...]:
        return tuple(piece for piece in self.pieces if isinstance(piece, Joint))

    def placed(self) -> Iterator[tuple[int, Piece]]:
        """Every piece with the frame of the result it begins at."""
        at = 0
        for piece in self.pieces:
            yield at, piece
            at += piece.frames


def splice(spans: Sequence[Span], gops: Gops, frame_rate: Fraction) -> Splice | None:
    """`spans` (ascending, disjoint) as pieces; None when copying too little of them would not be worth it."""
    least = int(_LEAST_COPIED_S * frame_rate)
    if not spans or spans[-1][1] > gops.frames or len(spans) > _MOST_SPANS:
        return None
    pieces: list[Piece] = []
    for span in spans:
        for piece in _taken_apart(span, gops, least):
            last = pieces[-1] if pieces else None
            if isinstance(last, Joint) and isinstance(piece, Joint):
                pieces[-1] = Joint((*last.spans, *piece.spans))
            else:
                pieces.append(piece)
    made = Splice(tuple(pieces))
    whole = sum(end - first for first, end in spans)
    return made if made.kept_frames >= whole * _LEAST_COPIED_SHARE else None


def _taken_apart(span: Span, gops: Gops, least: int) -> list[Piece]:
    first, end = span
    begin = gops.begin(first, end)
    until = gops.ends.rfind(1, 0, end + 1)
    if begin is None or until - begin < least:
        return [Joint((span,))]
    sides = ((first, begin), (until, end))
    head, tail = ([Joint((side,))] if side[0] < side[1] else [] for side in sides)
    return [*head, Kept(begin, until), *tail]
