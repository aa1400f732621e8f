"""Frozen values, changed by making the next one."""

from typing import Any, TypeVar

import msgspec

ValueT = TypeVar("ValueT", bound=msgspec.Struct)


def but(value: ValueT, **changes: Any) -> ValueT:
    """The same value with some fields changed."""
    return msgspec.structs.replace(value, **changes)
