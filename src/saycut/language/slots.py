"""Typed slots: times, levels, names … each held in the line as one private character.

A slot's character lies in the block of its kind, so a pattern can ask for "a time" with a
character class and no stage can mistake a slot for a word.
"""

from typing import Any

import msgspec

_FIRST = 0xE000
_PER_KIND = 48
KINDS = (
    *("quote", "file", "url", "time", "number", "percent", "db", "lufs", "factor", "dims", "fps", "kbps"),
    *("megabytes", "degrees", "aspect", "clip", "range", "point", "lasting", "limit", "by_time", "longer"),
    *("keeping", "every", "offset", "percent_to", "percent_by", "swap", "steps", "count", "share"),
    *("ordinal", "audio_track", "clip_place", "clip_count", "threshold", "between"),
)
_BLOCK = {kind: _FIRST + index * _PER_KIND for index, kind in enumerate(KINDS)}
ANY = f"[{chr(_FIRST)}-{chr(_FIRST + len(KINDS) * _PER_KIND - 1)}]"
ANY_PRIVATE = "[\ue000-\uf8ff]"


def char_class(kind: str) -> str:
    """The regular-expression class of one slot of `kind`."""
    first = _BLOCK[kind]
    return f"[{chr(first)}-{chr(first + _PER_KIND - 1)}]"


class Slot(msgspec.Struct, frozen=True):
    """One typed value: `kind` from KINDS, `value` as the kind has it (seconds, percent, dB, name …)."""

    kind: str
    value: Any


_UNITS = dict.fromkeys(("time", "lasting", "limit", "by_time", "longer", "keeping", "offset"), "{} s") | {
    "every": "every {} s",
    "percent": "{} %",
    "percent_to": "to {} %",
    "percent_by": "by {} %",
    "share": "{} % of the speed",
    "db": "{} dB",
    "threshold": "{} dB",
    "lufs": "{} LUFS",
    "factor": "{} times",
    "fps": "{} frames/s",
    "kbps": "{} kbit/s",
    "megabytes": "{} MB",
    "degrees": "{}°",
    "clip": "clip {}",
    "audio_track": "audio track {}",
    "steps": "{} steps",
    "count": "{} times",
}


def slot_said(slot: Slot) -> str:
    """The value of `slot` for people, with its unit: "0 s to 10 s", "by 50 %", "clip 2"."""
    if slot.kind == "range":
        return f"{_moment(slot.value['start'])} to {_moment(slot.value['end'])}"
    if slot.kind == "point":
        return ", ".join(map(_moment, slot.value if isinstance(slot.value, list) else [slot.value]))
    if slot.kind in _UNITS:
        return _UNITS[slot.kind].format(_plain(slot.value))
    return str(slot.value)


def _moment(value: Any) -> str:
    return f"{_plain(value)} s" if isinstance(value, int | float) else str(value)


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value)


class SlotBook:
    """The slots of one sentence and the characters that stand for them."""

    def __init__(self) -> None:
        self._slots: dict[str, Slot] = {}
        self._used: dict[str, int] = {}

    def write(self, kind: str, value: Any) -> str | None:
        """A new slot's character; None when the sentence already holds as many as a kind can have."""
        used = self._used.get(kind, 0)
        if used >= _PER_KIND:
            return None
        self._used[kind] = used + 1
        char = chr(_BLOCK[kind] + used)
        self._slots[char] = Slot(kind, value)
        return char

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of which the sentence holds a slot."""
        return frozenset(self._used)

    def read(self, char: str) -> Slot:
        """The slot that `char` stands for."""
        return self._slots[char]

    def get(self, char: str) -> Slot | None:
        """The slot that `char` stands for, or None for an ordinary character."""
        return self._slots.get(char)
