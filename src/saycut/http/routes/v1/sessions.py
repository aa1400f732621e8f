"""Sessions as a list."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel, Field

from saycut.http.asking import AskingToRead, AskingToWrite, Place
from saycut.http.problems import responses
from saycut.http.routes.v1.shapes import After, Id, Limit, moment
from saycut.service import cancelling, sessions
from saycut.service.sessions import SessionRow

router = APIRouter(tags=["sessions"])


class Session(BaseModel):
    """A session without its project."""

    id: str = Field(examples=["ses_5pNnQd2kTzq1bW7x"])
    alias: str | None = Field(description="The name that its client gave it.", examples=["demo"])
    task_id: str
    name: str = Field(examples=["Lecture 4"])
    language: str = Field(examples=["en"])
    version: int = Field(description="Moves on with every change.", examples=[7])
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, row: SessionRow) -> "Session":
        """As it is in the database."""
        return cls(
            id=row.id,
            alias=row.alias,
            task_id=row.task_id,
            name=row.name,
            language=row.language,
            version=row.version,
            created_at=moment(row.created_at_s),
            updated_at=moment(row.updated_at_s),
        )


class Sessions(BaseModel):
    """The newest first."""

    sessions: list[Session]
    next: str | None = Field(description="Ask for more with `after`; null at the end.")


@router.get("/sessions", responses=responses(401, 404, 422), operation_id="list_my_sessions")
def list_my_sessions(user: AskingToRead, place: Place, limit: Limit = 50, after: After = None) -> Sessions:
    """The sessions of the user, the newest first."""
    with place.database.reading() as connection:
        rows = sessions.all_of_user(connection, user.id, limit, after)
    return Sessions(
        sessions=[Session.of(row) for row in rows], next=rows[-1].id if len(rows) == limit else None
    )


@router.get("/sessions/{session_id}", responses=responses(401, 404, 422), operation_id="get_my_session")
def get_my_session(session_id: Id, user: AskingToRead, place: Place) -> Session:
    """One session."""
    with place.database.reading() as connection:
        return Session.of(sessions.of_user(connection, user.id, session_id))


@router.delete(
    "/sessions/{session_id}",
    status_code=204,
    responses=responses(401, 404, 422),
    operation_id="delete_my_session",
)
def delete_my_session(session_id: Id, user: AskingToWrite, place: Place) -> None:
    """Take it away; what is still done for it is stopped, and what that held is given back."""
    cancelling.delete_session(place, user.id, session_id)
