"""The session routes of the Agent Development Kit: its own clients drive this service with them."""

import sys
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Path, Request, Security
from fastapi.responses import JSONResponse
from pydantic import AliasChoices, BaseModel, Field

from saycut import __version__
from saycut.http.answers import NOTHING, AgentSession, refusing, told
from saycut.http.asking import AskingToRead, Place, user_of
from saycut.service import agent, cancelling, sessions
from saycut.service.accounts import User
from saycut.service.errors import BadBody, NoSuchAgent, SessionNotFound
from saycut.service.sessions import APP

router = APIRouter(tags=["agent"])
_SESSIONS = "/apps/{app_name}/users/{user_id}/sessions"
_SESSION = _SESSIONS + "/{session_id}"


class NewSession(BaseModel):
    """A session to begin with."""

    session_id: str | None = Field(None, validation_alias=AliasChoices("sessionId", "session_id"))
    state: dict[str, Any] | None = None
    events: list[Any] | None = Field(None, description="Histories are not taken over: leave it empty.")


class ChangedState(BaseModel):
    """What of the state changes; the rest stays."""

    state_delta: dict[str, Any] = Field(validation_alias=AliasChoices("state_delta", "stateDelta"))


def _asking(
    app_name: Annotated[str, Path(description=f"Always `{APP}`.")],
    user_id: Annotated[str, Path(description="`me`, or the id that came with the token.")],
    user: Annotated[User, Depends(user_of)],
    request: Request,
) -> User:
    """Who asks, for their own. Raises NoSuchAgent, and SessionNotFound for what is somebody else's."""
    if user_id not in ("me", user.id):
        raise SessionNotFound(session_id=request.path_params.get("session_id", ""))
    if app_name != APP:
        raise NoSuchAgent(known=APP)
    return user


# `user_of` behind `_asking` is held to the scope that is named here.
ReadingTheirs = Annotated[User, Security(_asking, scopes=["read"])]
WritingTheirs = Annotated[User, Security(_asking, scopes=["write"])]


@router.get("/list-apps", operation_id="list_apps", responses=refusing(401))
def list_apps(_: AskingToRead) -> list[str]:
    """The agents that there are."""
    return [APP]


@router.get("/version", operation_id="version")
def version() -> dict[str, str]:
    """Of this service."""
    python = ".".join(str(part) for part in sys.version_info[:3])
    return {"version": __version__, "language": "python", "language_version": python}


@router.get("/health", operation_id="health")
def health() -> dict[str, str]:
    """Whether anybody answers."""
    return {"status": "ok"}


@router.get(_SESSIONS, operation_id="list_sessions", responses=told(list[AgentSession], 401, 404, 422))
def list_sessions(user: ReadingTheirs, place: Place) -> JSONResponse:
    """The newest thousand sessions of the user, without their events."""
    with place.database.reading() as connection:
        rows = sessions.all_of_user(connection, user.id, 1000)
        return JSONResponse([agent.shown(connection, row, with_events=False) for row in rows])


@router.post(_SESSIONS, operation_id="create_session", responses=told(AgentSession, 401, 404, 409, 422))
def create_session(
    user: WritingTheirs,
    place: Place,
    body: Annotated[NewSession | None, Body()] = None,
) -> JSONResponse:
    """An empty timeline, under a name of the client's own if it says one."""
    if body is None:
        return _created(place, user, None, None)
    if body.events:
        raise BadBody(field="events", reason="histories are not taken over", reason_zh="不支持导入历史事件")
    return _created(place, user, body.session_id, body.state)


@router.post(_SESSION, operation_id="create_named_session", responses=told(AgentSession, 401, 404, 409, 422))
def create_named_session(
    session_id: str,
    user: WritingTheirs,
    place: Place,
    body: Annotated[dict[str, Any] | None, Body()] = None,
) -> JSONResponse:
    """The same with the name in the path; the body is the state."""
    return _created(place, user, session_id, body)


@router.get(_SESSION, operation_id="get_session", responses=told(AgentSession, 401, 404, 422))
def get_session(session_id: str, user: ReadingTheirs, place: Place) -> JSONResponse:
    """A session with its state and all that was said."""
    with place.database.reading() as connection:
        return JSONResponse(agent.shown(connection, sessions.of_user(connection, user.id, session_id)))


@router.patch(_SESSION, operation_id="update_session", responses=told(AgentSession, 401, 404, 422))
def update_session(session_id: str, body: ChangedState, user: WritingTheirs, place: Place) -> JSONResponse:
    """The session after a change of its state; nothing runs."""
    with place.database.writing() as connection:
        session = sessions.of_user(connection, user.id, session_id)
        return JSONResponse(agent.shown(connection, agent.changed(connection, session, body.state_delta)))


@router.delete(_SESSION, operation_id="delete_session", responses={**NOTHING, **refusing(401, 404, 422)})
def delete_session(session_id: str, user: WritingTheirs, place: Place) -> JSONResponse:
    """Take it away, and stop whatever is still done for it."""
    cancelling.delete_session(place, user.id, session_id)
    return JSONResponse(None)


def _created(place: Place, user: User, alias: str | None, state: dict[str, Any] | None) -> JSONResponse:
    with place.database.writing() as connection:
        return JSONResponse(agent.shown(connection, agent.begin(connection, user.id, alias, state)))
