"""The units inside H.264 and HEVC packets, free of how a container frames them.

MP4 and Matroska put a length before each unit (ISO 14496-15), MPEG-TS a start code (H.264 annex B);
copying from one to the other changes that and nothing else.
"""

import re
from collections.abc import Iterator

_START_CODE = re.compile(rb"\x00\x00\x01")


def framing_of(codec: str, extradata: bytes) -> int | None:
    """Bytes of each length field; 0 for start codes; None for codecs without such units."""
    if codec == "h264":
        return (extradata[4] & 3) + 1 if len(extradata) > 6 and extradata[0] == 1 else 0
    if codec == "hevc":
        return (extradata[21] & 3) + 1 if len(extradata) > 22 and extradata[0] == 1 else 0
    return None


def units(packet: memoryview, framing: int | None) -> Iterator[memoryview | bytes]:
    """The units of one packet without framing and trailing zeros; the packet itself when it has none."""
    if framing is None:
        yield packet
    elif framing == 0:
        data = bytes(packet)
        starts = [match.end() for match in _START_CODE.finditer(data)]
        for start, end in zip(starts, [*(start - 3 for start in starts[1:]), len(data)], strict=True):
            yield data[start:end].rstrip(b"\0")
    else:
        position = 0
        while position + framing <= len(packet):
            length = int.from_bytes(packet[position : position + framing], "big")
            position += framing
            unit = packet[position : position + length]
            # Most units end in a set bit: only those with zeros behind them are copied to lose them.
            yield bytes(unit).rstrip(b"\0") if len(unit) and unit[-1] == 0 else unit
            position += length
