"""The history of a session: undo, redo, any state, and versions with names. All of it is free."""

from typing import Annotated

from fastapi import APIRouter, Body
from pydantic import BaseModel, Field

from saycut.http.asking import AskingToRead, AskingToWrite, Place
from saycut.http.problems import responses
from saycut.http.routes.v1.shapes import Id
from saycut.service import revising
from saycut.service.revising import Past
from saycut.timeline.summary import summary_line

router = APIRouter(tags=["history"], prefix="/sessions/{session_id}")
_ASKED = responses(401, 404, 422)
_CHANGED = responses(401, 404, 409, 422)


class State(BaseModel):
    """One state that the project has been in."""

    place: int = Field(description="It keeps it for ever.", examples=[2])
    after: int | None = Field(description="The place it came from; null for the beginning.", examples=[1])
    on_line: bool = Field(description="Whether undo and redo lead there from the present state.")
    turn: str | None = Field(
        description="The id of the turn that led to it; null for an upload.", examples=["e-2kTzq1bW7x5pNnQd"]
    )
    said: str = Field(description="What led to it; empty for an upload.", examples=["remove the noise"])
    name: str | None = Field(description="Its version name.", examples=["before the music"])
    summary: str = Field(examples=["Timeline (1 track): 1. Video: clip.mp4 (0-3s)"])
    duration_s: float = Field(examples=[3.0])


class SessionHistory(BaseModel):
    """Every state there ever was, in the order they came (the one at place 3 is `states[3]`), and which of
    them is the present one. They are a tree: what was undone stays, beside what was done instead."""

    version: int = Field(description="Of the session; moves on with every change.")
    place: int = Field(description="The present state.", examples=[2])
    undo_steps: int = Field(description="How many turns can be taken back.", examples=[2])
    redo_steps: int = Field(description="How many can be done again.", examples=[0])
    open_turn: str | None = Field(description="The id of the turn that is being carried out.")
    states: list[State]

    @classmethod
    def of(cls, past: Past) -> "SessionHistory":
        """As it is now."""
        history, line = past.history, frozenset(past.history.line)
        states = [
            State(
                place=place,
                after=entry.after,
                on_line=place in line,
                turn=past.turns.get(place),
                said=entry.said,
                name=entry.version,
                summary=summary_line(entry.project),
                duration_s=round(float(entry.project.duration_s), 3),
            )
            for place, entry in enumerate(history.entries)
        ]
        return cls(
            version=past.session.version,
            place=history.place,
            undo_steps=history.undo_steps,
            redo_steps=history.redo_steps,
            open_turn=past.open_turn,
            states=states,
        )


class Steps(BaseModel):
    """How many turns."""

    steps: int = Field(1, ge=1, le=10_000)


class There(BaseModel):
    """Which state."""

    place: int = Field(ge=0, le=1 << 30, examples=[1])


class Versions(BaseModel):
    """The states that have a name, in order."""

    versions: list[State]


class Name(BaseModel):
    """What a version is called."""

    name: str = Field(
        min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$", examples=["before the music"]
    )


@router.get("/history", responses=_ASKED, operation_id="get_history")
def get_history(session_id: Id, user: AskingToRead, place: Place) -> SessionHistory:
    """Every state the project has been in."""
    return SessionHistory.of(revising.past_of(place, user.id, session_id))


@router.post("/undo", responses=_CHANGED, operation_id="undo")
def undo(
    session_id: Id, user: AskingToWrite, place: Place, body: Annotated[Steps | None, Body()] = None
) -> SessionHistory:
    """Take back whole turns, at most to the beginning."""
    return SessionHistory.of(revising.undone(place, user.id, session_id, _count(body)))


@router.post("/redo", responses=_CHANGED, operation_id="redo")
def redo(
    session_id: Id, user: AskingToWrite, place: Place, body: Annotated[Steps | None, Body()] = None
) -> SessionHistory:
    """Do again what was undone, at most to the end of the line."""
    return SessionHistory.of(revising.redone(place, user.id, session_id, _count(body)))


@router.post("/history/place", responses=_CHANGED, operation_id="go_to_place")
def go_to_place(session_id: Id, body: There, user: AskingToWrite, place: Place) -> SessionHistory:
    """Go to any state, on whichever branch; undo and redo then walk along the line that leads through it."""
    return SessionHistory.of(revising.gone_to(place, user.id, session_id, body.place))


@router.get("/versions", responses=_ASKED, operation_id="list_versions")
def list_versions(session_id: Id, user: AskingToRead, place: Place) -> Versions:
    """The states that were given a name."""
    history = SessionHistory.of(revising.past_of(place, user.id, session_id))
    return Versions(versions=[state for state in history.states if state.name is not None])


@router.post("/versions", responses=_CHANGED, operation_id="name_version")
def name_version(session_id: Id, body: Name, user: AskingToWrite, place: Place) -> SessionHistory:
    """Give the present state a name; a name used before moves here."""
    return SessionHistory.of(revising.named(place, user.id, session_id, body.name))


@router.post("/versions/restore", responses=_CHANGED, operation_id="restore_version")
def restore_version(session_id: Id, body: Name, user: AskingToWrite, place: Place) -> SessionHistory:
    """Go to the state of that name, on whichever branch."""
    return SessionHistory.of(revising.at_version(place, user.id, session_id, body.name))


def _count(body: Steps | None) -> int:
    return 1 if body is None else body.steps
