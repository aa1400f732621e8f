"""Turns: how far one is, what it has said so far, and stopping it."""

import json
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from saycut.http.asking import AskingToRead, AskingToWrite, Place
from saycut.http.problems import responses
from saycut.http.routes.v1.shapes import moment
from saycut.service import cancelling, turns
from saycut.service.turns import TurnRow

router = APIRouter(tags=["turns"], prefix="/turns/{turn_id}")
TurnId = Annotated[
    str, Path(max_length=64, description="The `invocationId` of its events.", examples=["e-2kTzq1bW7x5pNnQd"])
]


class Turn(BaseModel):
    """One turn."""

    id: str
    session_id: str
    number: int = Field(description="In its session, from 1.")
    text: str = Field(examples=["remove the noise"])
    status: Literal["queued", "running", "done", "failed", "cancelled"]
    created_at: datetime

    @classmethod
    def of(cls, row: TurnRow) -> "Turn":
        """As it is in the database."""
        return cls.model_validate(
            {
                "id": row.id,
                "session_id": row.session_id,
                "number": row.number,
                "text": row.text,
                "status": row.status,
                "created_at": moment(row.created_at_s),
            }
        )


class Told(BaseModel):
    """One event of the stream, with the number that `Last-Event-ID` knows it by."""

    number: int
    event: dict[str, Any]


class Stream(BaseModel):
    """What the stream has said."""

    status: Literal["queued", "running", "done", "failed", "cancelled"]
    events: list[Told]


@router.get("", responses=responses(401, 404, 422), operation_id="get_turn")
def get_turn(turn_id: TurnId, user: AskingToRead, place: Place) -> Turn:
    """How far it is."""
    with place.database.reading() as connection:
        return Turn.of(turns.of_user(connection, user.id, turn_id))


@router.get("/events", responses=responses(401, 404, 422), operation_id="get_turn_events")
def get_turn_events(
    turn_id: TurnId,
    user: AskingToRead,
    place: Place,
    after: Annotated[int, Query(ge=0, le=1 << 30, description="Only those after this number.")] = 0,
) -> Stream:
    """The events so far, for clients that cannot read a stream."""
    with place.database.reading() as connection:
        turn = turns.of_user(connection, user.id, turn_id)
        told = turns.told_after(connection, turn.id, after)
    events = [{"number": number, "event": json.loads(body)} for number, body in told]
    return Stream.model_validate({"status": turn.status, "events": events})


@router.post("/cancel", responses=responses(401, 404, 422), operation_id="cancel_turn")
def cancel_turn(turn_id: TurnId, user: AskingToWrite, place: Place) -> Turn:
    """Stop it. Its hold is given back and its stream ends at once, the work behind it within two seconds; a
    turn that is over stays what it is."""
    return Turn.of(cancelling.cancel_turn(place, user.id, turn_id))
