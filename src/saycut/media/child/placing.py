"""Put decoded pieces at the places that their time stamps name, as one unbroken run of samples."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

_Samples = NDArray[np.float32]

_TOLERANCE_S = 0.020  # time stamps in the wild jitter (Matroska: 1 ms, phones: 15 ms); samples do not
_AFTER_FAULT_S = 0.002
_LEAD_IN_S = 0.1  # before the wanted start, for the resampler to settle
_PIECE = 1 << 16


class Placer:
    """Counts samples at the source's own rate from the source's zero."""

    def __init__(self, rate_hz: int, tick_s: Fraction, zero_s: Fraction, end_s: Fraction | None) -> None:
        self._rate_hz = rate_hz
        # place = stamp * scale - zero, in whole numbers: there is one of these for every packet
        scale, zero = tick_s * rate_hz, zero_s * rate_hz
        self._scale = scale.numerator * zero.denominator
        self._shift = zero.numerator * scale.denominator
        self._over = scale.denominator * zero.denominator
        self._end = None if end_s is None else round(end_s * rate_hz)
        self.silenced = 0
        self.dropped = 0
        self.lead_out = 0
        """Output samples before the wanted start, to be dropped after resampling."""

    def placed(
        self,
        pieces: Iterable[tuple[int | None, bool, _Samples]],
        start_s: Fraction,
        wanted_s: Fraction | None,
        out_rate_hz: int,
    ) -> Iterator[_Samples]:
        """Samples from a little before `start_s` to soon after `wanted_s` (None: the end of the sound).

        The first sample lies where both rates have a sample, so that any start gives the same
        samples as decoding the whole and cutting.
        """
        first = self._anchor(start_s, out_rate_hz)
        last = None if wanted_s is None else round(wanted_s * self._rate_hz) + self._rate_hz
        return self._run(pieces, first, last)

    def _anchor(self, start_s: Fraction, out_rate_hz: int) -> int:
        start_out = round(start_s * out_rate_hz)
        if out_rate_hz == self._rate_hz:
            self.lead_out = 0
            return start_out
        common = Fraction(self._rate_hz, out_rate_hz)  # source samples per output sample, in lowest terms
        block_out = common.denominator
        blocks = (start_out - round(_LEAD_IN_S * out_rate_hz)) // block_out
        self.lead_out = start_out - blocks * block_out
        return blocks * common.numerator

    def _run(
        self, pieces: Iterable[tuple[int | None, bool, _Samples]], first: int, last: int | None
    ) -> Iterator[_Samples]:
        given = first  # the place of the next sample to give
        heard: int | None = None  # where the next piece lies when its time stamp is believed to jitter
        for stamp, after_fault, samples in pieces:
            place = self._place(stamp, heard, after_fault)
            heard = place + len(samples)
            kept = samples
            if self._end is not None:
                place, kept = min(place, self._end), samples[: max(self._end - place, 0)]
            if place > given:
                yield from _zeros(
                    place - given if last is None else min(place, last) - given, samples.shape[1]
                )
                given = place
            kept = kept[given - place :]
            if len(kept):
                yield kept
                given += len(kept)
            if last is not None and given >= last:
                return

    def _place(self, stamp: int | None, heard: int | None, after_fault: bool) -> int:
        if stamp is None:
            return heard if heard is not None else 0
        stamped = (2 * (stamp * self._scale - self._shift) + self._over) // (2 * self._over)
        if heard is None:
            return stamped
        tolerance = (_AFTER_FAULT_S if after_fault else _TOLERANCE_S) * self._rate_hz
        if abs(stamped - heard) <= tolerance:
            return heard
        self.silenced += max(stamped - heard, 0)
        self.dropped += max(heard - stamped, 0)
        return stamped


def _zeros(count: int, channels: int) -> Iterator[_Samples]:
    while count > 0:
        piece = min(count, _PIECE)
        yield np.zeros((piece, channels), np.float32)
        count -= piece
