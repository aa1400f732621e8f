"""The operations that there are, and what each takes: what a page makes its fields from."""

from functools import cache
from typing import Any, Literal

import msgspec
import msgspec.inspect as shapes
from fastapi import APIRouter
from pydantic import BaseModel, Field

from saycut.http.asking import AskingToRead
from saycut.http.problems import responses
from saycut.operations.catalogue import OPERATIONS

router = APIRouter(tags=["edits"], prefix="/operations")
Kind = Literal["choice", "number", "flag", "text", "mixed", "other"]


class Argument(BaseModel):
    """One argument; `mixed` is a number or a text, `other` what no simple field holds."""

    name: str = Field(examples=["strength"])
    kind: Kind
    choices: list[str | int] = Field(examples=[["light", "medium", "strong"]])
    whole: bool = Field(description="Whether a number is one of pieces.")
    least: float | None
    most: float | None
    optional: bool = Field(description="Whether it may be left open (null).")
    default: Any = Field(description="Null where there is none.", examples=["medium"])


class Verb(BaseModel):
    """One operation."""

    op: str = Field(examples=["denoise"])
    arguments: list[Argument]


class Vocabulary(BaseModel):
    """All operations."""

    operations: list[Verb]


@router.get("", responses=responses(401), operation_id="list_operations")
def list_operations(_: AskingToRead) -> Vocabulary:
    """Every operation, with what it takes."""
    return _vocabulary()


@cache
def _vocabulary() -> Vocabulary:
    return Vocabulary(
        operations=[
            Verb(op=name, arguments=[_argument(field) for field in _fields(kind)])
            for name, kind in OPERATIONS.items()
        ]
    )


def _fields(kind: type[Any]) -> tuple[shapes.Field, ...]:
    told = shapes.type_info(kind)
    assert isinstance(told, shapes.StructType)
    return told.fields


def _argument(field: shapes.Field) -> Argument:
    parts = field.type.types if isinstance(field.type, shapes.UnionType) else (field.type,)
    meant = [part for part in parts if not isinstance(part, shapes.NoneType)]
    one = meant[0] if len(meant) == 1 else None
    number = isinstance(one, shapes.IntType | shapes.FloatType)
    return Argument(
        name=field.name,
        kind=_kind(one) if one is not None else _mixed(meant),
        choices=_choices(one),
        whole=isinstance(one, shapes.IntType),
        least=_bound(one, "ge", "gt") if number else None,
        most=_bound(one, "le", "lt") if number else None,
        optional=len(meant) < len(parts),
        default=None if field.default is msgspec.NODEFAULT else field.default,
    )


def _choices(part: shapes.Type | None) -> list[str | int]:
    values = part.values if isinstance(part, shapes.LiteralType) else ()
    return [value for value in values if isinstance(value, str | int)]


def _mixed(parts: list[shapes.Type]) -> Kind:
    kinds = {_kind(part) for part in parts}
    return "mixed" if kinds <= {"number", "text", "choice"} else "other"


def _kind(part: shapes.Type) -> Kind:
    if isinstance(part, shapes.LiteralType):
        return "choice"
    if isinstance(part, shapes.IntType | shapes.FloatType):
        return "number"
    if isinstance(part, shapes.BoolType):
        return "flag"
    return "text" if isinstance(part, shapes.StrType) else "other"


def _bound(part: Any, *names: str) -> float | None:
    said = [getattr(part, name) for name in names]
    return next((float(value) for value in said if value is not None), None)
