"""A project as text to be kept: every time exact, every field as it is, read back as the same value."""

from fractions import Fraction
from typing import Any

import msgspec

from saycut.timeline.project import Project

FORMAT = 1


class _Stored(msgspec.Struct, frozen=True):
    format: int
    project: Project


def to_text(project: Project) -> str:
    """`project` as JSON; rationals are strings such as "30000/1001"."""
    return msgspec.json.encode(_Stored(FORMAT, project), enc_hook=_encode).decode()


def from_text(text: str) -> Project:
    """The inverse of `to_text`. Raises msgspec.ValidationError on anything else."""
    return _READER.decode(text).project


def _encode(value: Any) -> Any:
    if isinstance(value, Fraction):
        return str(value)
    raise NotImplementedError(type(value))


def _decode(kind: Any, value: Any) -> Any:
    if kind is Fraction:
        return Fraction(value)
    raise NotImplementedError(kind)


# Put together here, where there is one thread: at a first use that two threads make at once msgspec 0.22 ends
# the process. With it all that a project is made of is known, whatever reads it.
_READER = msgspec.json.Decoder(_Stored, dec_hook=_decode)
