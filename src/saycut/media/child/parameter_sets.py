"""The parameter sets of an H.264 stream: their numbers, and the head of an MP4 track that holds several.

A slice names its picture parameter set by number, so streams of two encoders can stand in one track as
long as the numbers differ. ITU-T H.264 7.3.2 (syntax), ISO/IEC 14496-15 5.3.3 (the record).
"""

from __future__ import annotations

from saycut.media import refusals
from saycut.media.child.nal import units
from saycut.media.child.refusing import Refused

SPS, PPS, IDR = 7, 8, 5
_WITH_CHROMA_FORMAT = (100, 110, 122, 144)


def kind(unit: memoryview | bytes) -> int:
    """nal_unit_type; 0 for an empty unit."""
    return unit[0] & 31 if len(unit) else 0


class ParameterSets:
    """All parameter sets of one stream, each number once. Refuses a stream that redefines one."""

    def __init__(self) -> None:
        self.sps: dict[int, bytes] = {}
        self.pps: dict[int, bytes] = {}

    def add_head(self, extradata: bytes) -> None:
        """What stands before the packets: an avcC record, or units behind start codes."""
        if extradata[:1] != b"\x01":
            for unit in units(memoryview(extradata), 0):
                self.take(unit)
            return
        position = 5
        for mask in (31, 255):
            count, position = extradata[position] & mask, position + 1
            for _ in range(count):
                length = int.from_bytes(extradata[position : position + 2], "big")
                position += 2
                self.take(extradata[position : position + length])
                position += length

    def take(self, unit: memoryview | bytes) -> bool:
        """Whether `unit` is a parameter set; then it is kept."""
        which = {SPS: self.sps, PPS: self.pps}.get(kind(unit))
        if which is None:
            return False
        number = _number(bytes(unit))
        if which.setdefault(number, bytes(unit)) != bytes(unit):
            raise Refused("unreadable", refusals.DAMAGED)
        return True

    def free_number(self) -> int:
        """One that neither kind of set uses."""
        return next(n for n in range(32) if n not in self.sps and n not in self.pps)

    def record(self) -> bytes:
        """The avcC record of a track with these sets, for packets with lengths of four bytes."""
        sps, pps = list(self.sps.values()), list(self.pps.values())
        profile, level = max(unit[1] for unit in sps), max(unit[3] for unit in sps)
        constraints = 255
        for unit in sps:
            constraints &= unit[2]
        made = bytearray((1, profile, constraints, level, 0xFC | 3, 0xE0 | len(sps)))
        for unit in sps:
            made += len(unit).to_bytes(2, "big") + unit
        made.append(len(pps))
        for unit in pps:
            made += len(unit).to_bytes(2, "big") + unit
        if profile in _WITH_CHROMA_FORMAT:
            made += bytes((0xFC | 1, 0xF8, 0xF8, 0))  # 4:2:0, 8 bits, no extensions
        return bytes(made)


def _number(unit: bytes) -> int:
    """seq_parameter_set_id or pic_parameter_set_id: the first Exp-Golomb number after the fixed bytes."""
    bits = unit[4:] if kind(unit) == SPS else unit[1:]
    value = int.from_bytes(bits[:8].ljust(8, b"\0"), "big")
    zeros = 64 - value.bit_length()
    if zeros > 8 or not bits:
        raise Refused("unreadable", refusals.DAMAGED)
    return (value >> (63 - 2 * zeros)) - 1
