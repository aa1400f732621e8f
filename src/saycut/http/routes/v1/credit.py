"""Credits: what the user has, and every movement."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from saycut.http.asking import AskingToRead, Place
from saycut.http.problems import responses
from saycut.http.routes.v1.shapes import Limit, moment
from saycut.service import ledger

router = APIRouter(tags=["credits"], prefix="/credits")


class Credits(BaseModel):
    """What the user has; `total` is the sum of the other two."""

    available: int = Field(examples=[95])
    frozen: int = Field(description="Held for work that is not over.", examples=[0])
    total: int = Field(examples=[95])
    metered: bool = Field(description="False for the operator: nothing is counted.")


class Movement(BaseModel):
    """One row of the ledger, which only grows."""

    number: int
    kind: Literal["grant", "hold", "capture", "release"]
    amount: int = Field(examples=[5])
    reference: str = Field(description="The turn, or where a grant comes from.")
    reason: str = Field(examples=["remove the noise"])
    created_at: datetime


class Movements(BaseModel):
    """The newest first."""

    movements: list[Movement]
    next: int | None = Field(description="Ask for more with `before`; null at the end.")


@router.get("", responses=responses(401), operation_id="get_credits")
def get_credits(user: AskingToRead, place: Place) -> Credits:
    """What the user has."""
    with place.database.reading() as connection:
        has = ledger.balance(connection, user.id)
    return Credits(available=has.available, frozen=has.frozen, total=has.total, metered=user.plan.metered)


@router.get("/ledger", responses=responses(401, 422), operation_id="get_ledger")
def get_ledger(
    user: AskingToRead,
    place: Place,
    limit: Limit = 50,
    before: Annotated[int | None, Query(ge=1, le=1 << 60, description="Only rows below this one.")] = None,
) -> Movements:
    """Every grant, hold, capture and release."""
    with place.database.reading() as connection:
        rows = ledger.entries(connection, user.id, limit, before)
    movements = [
        Movement.model_validate(
            {
                "number": row.number,
                "kind": row.kind,
                "amount": row.amount,
                "reference": row.reference,
                "reason": row.reason,
                "created_at": moment(row.created_at_s),
            }
        )
        for row in rows
    ]
    return Movements(movements=movements, next=rows[-1].number if len(rows) == limit else None)
