"""The one tool a model may use; its schema is made from the operations, so a new verb is in it by itself."""

from functools import cache
from typing import Any

import msgspec

from saycut.language import data
from saycut.operations.catalogue import OPERATIONS

NAME = "plan"
MOST_STEPS = 20
MOVES = ("undo", "redo")


def features() -> tuple[str, ...]:
    """What can be named as not doable here."""
    return tuple(data.table("unsupported.toml"))


@cache
def tool() -> dict[str, Any]:
    """The tool as the protocol takes it."""
    kinds = list(OPERATIONS.values())
    arguments, made = msgspec.json.schema_components(kinds, ref_template="#/$defs/{name}")
    shapes: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(made))  # lists where defaults are tuples
    steps = [
        _step(name, argument, (OPERATIONS[name].__doc__ or "").split("\n\n")[0])
        for name, argument in zip(OPERATIONS, arguments, strict=True)
    ]
    steps += [_step(move, _moves(), "The last changes taken back, or done again.") for move in MOVES]
    steps.append(
        _step("unsupported", _unsupported(), "A part of the request that none of the others can do.")
    )
    return {
        "type": "function",
        "function": {
            "name": NAME,
            "description": "The edit that was asked for, as steps in the order they take effect.",
            "parameters": {
                "type": "object",
                "properties": {
                    "steps": {"type": "array", "maxItems": MOST_STEPS, "items": {"anyOf": steps}},
                    "question": {"type": ["string", "null"], "maxLength": 200},
                    "choices": {"type": "array", "maxItems": 3, "items": {"type": "string", "maxLength": 80}},
                },
                "required": ["steps"],
                "additionalProperties": False,
                "$defs": shapes,
            },
        },
    }


def _step(name: str, arguments: dict[str, Any], says: str) -> dict[str, Any]:
    return {
        "type": "object",
        "description": " ".join(says.split()),
        "properties": {"op": {"const": name}, "args": arguments},
        "required": ["op"],
        "additionalProperties": False,
    }


def _moves() -> dict[str, Any]:
    steps = {"anyOf": [{"type": "integer", "minimum": 1, "maximum": 100}, {"const": "all"}]}
    return {"type": "object", "properties": {"steps": steps}, "additionalProperties": False}


def _unsupported() -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"feature": {"enum": list(features())}},
        "required": ["feature"],
        "additionalProperties": False,
    }
