"""Standard MIDI Files: notes and controls in, bytes out (format 1, 480 ticks a quarter)."""

from dataclasses import dataclass, field

TICKS = 480
DRUMS = 9
"""The channel of the percussion in General MIDI (counted from 0)."""


@dataclass
class Part:
    """One instrument: a channel (0..15), a General MIDI program (0..127), and its events in ticks."""

    channel: int
    program: int
    name: str = ""
    events: list[tuple[int, int, bytes]] = field(default_factory=list)

    def note(self, start: float, quarters: float, pitch: int, velocity: int) -> None:
        """A note; pitch and velocity are held within 1..127, a start before the beginning is moved to it."""
        begin = max(0, round(start * TICKS))
        end = max(begin + 1, round((start + quarters) * TICKS))
        key, force = min(127, max(1, pitch)), min(127, max(1, velocity))
        self.events.append((begin, 1, bytes([0x90 | self.channel, key, force])))
        self.events.append((end, 0, bytes([0x80 | self.channel, key, 0])))  # ends come before beginnings

    def control(self, at: float, number: int, value: int) -> None:
        """A controller change (7 volume, 10 pan, 11 expression, 64 pedal, 91 reverb, 93 chorus)."""
        level = min(127, max(0, value))
        self.events.append((max(0, round(at * TICKS)), 0, bytes([0xB0 | self.channel, number, level])))


def midi_file(parts: list[Part], tempo_bpm: float, meter: tuple[int, int] = (4, 4)) -> bytes:
    """The file; `meter` is (beats, unit), the unit a power of two."""
    micros = round(60e6 / tempo_bpm).to_bytes(3, "big")
    unit = (meter[1].bit_length() - 1).to_bytes(1, "big")
    head = (
        b"\x00\xff\x51\x03" + micros + b"\x00\xff\x58\x04" + meter[0].to_bytes(1, "big") + unit + b"\x18\x08"
    )
    tracks = [head, *(_track(part) for part in parts)]
    chunks = b"".join(_chunk(b"MTrk", track + b"\x00\xff\x2f\x00") for track in tracks)
    header = b"".join(number.to_bytes(2, "big") for number in (1, len(tracks), TICKS))
    return _chunk(b"MThd", header) + chunks


def _track(part: Part) -> bytes:
    name = part.name.encode()
    out = b"\x00\xff\x03" + _variable(len(name)) + name
    out += b"\x00" + bytes([0xC0 | part.channel, part.program])
    last = 0
    for tick, _, message in sorted(part.events):
        out += _variable(tick - last) + message
        last = tick
    return out


def _chunk(kind: bytes, content: bytes) -> bytes:
    return kind + len(content).to_bytes(4, "big") + content


def _variable(number: int) -> bytes:
    """A length as MIDI writes it: seven bits a byte, the highest bit says that more follow."""
    out = [number & 0x7F]
    while number := number >> 7:
        out.append(0x80 | number & 0x7F)
    return bytes(reversed(out))
