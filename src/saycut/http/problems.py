"""Errors of `/api/v1/`: problem details (RFC 9457)."""

from http import HTTPStatus
from typing import Any

from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """What went wrong. `type` stays the same for the same problem, whatever the language of the words."""

    type: str = Field(examples=["urn:saycut:problem:session_not_found"])
    title: str = Field(examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["This session was not found. Create a new one."])
    code: int = Field(description="As in the envelope of the other routes.", examples=[1002])


def problem(kind: str, status: int, detail: str, code: int, headers: dict[str, str]) -> JSONResponse:
    """The answer that says so."""
    told = Problem(
        type=f"urn:saycut:problem:{kind}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        code=code,
    )
    return JSONResponse(told.model_dump(), status, headers, media_type=MEDIA_TYPE)


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI says of these statuses."""
    return {
        status: {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in statuses
    }
