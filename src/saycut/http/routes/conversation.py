"""`/run_sse` and `/run`: what a person says, answered by events (API.md)."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Header
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import AliasChoices, BaseModel, Field

from saycut.http.answers import STREAM, refusing, told
from saycut.http.asking import AskingToWrite, Place
from saycut.service import agent, sessions, turns
from saycut.service.accounts import User
from saycut.service.errors import BadBody, TooSlow
from saycut.service.planning import LONGEST_TEXT
from saycut.service.turns import TurnRow
from saycut.service.workplace import Workplace

router = APIRouter(tags=["conversation"])
_POLL_S = 0.04
_HEARTBEAT_S = 12.0
_NO_STORE = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class Part(BaseModel):
    """One part of a message; parts without words are passed over."""

    text: str | None = None


class Message(BaseModel):
    """What the person says."""

    role: str | None = None
    parts: list[Part] = []


class Said(BaseModel):
    """One turn. With `invocation_id` a turn that was begun before is told again."""

    session_id: str = Field(validation_alias=AliasChoices("session_id", "sessionId"))
    new_message: Message | None = Field(None, validation_alias=AliasChoices("new_message", "newMessage"))
    invocation_id: str | None = Field(None, validation_alias=AliasChoices("invocation_id", "invocationId"))
    state_delta: dict[str, Any] | None = Field(
        None, validation_alias=AliasChoices("state_delta", "stateDelta")
    )

    def words(self) -> str:
        """Raises BadBody when there are none."""
        if self.new_message is None or not self.new_message.parts:
            raise BadBody(field="new_message.parts", reason="it is missing", reason_zh="缺少该字段")
        text = "\n".join(part.text for part in self.new_message.parts if part.text).replace("\0", "").strip()
        if not text:
            raise BadBody(
                field="new_message.parts", reason="there are no words in it", reason_zh="没有文字内容"
            )
        return text[:LONGEST_TEXT]


@router.post(
    "/run_sse",
    operation_id="run_sse",
    response_class=StreamingResponse,
    responses={**STREAM, **refusing(401, 404, 422)},
)
async def run_sse(
    user: AskingToWrite, place: Place, body: Said, last_event_id: Annotated[str | None, Header()] = None
) -> Response:
    """One turn. A client that comes back with `Last-Event-ID` and the invocation goes on where it was."""
    turn = await asyncio.to_thread(_turn, place, user, body)
    known = last_event_id is not None and last_event_id.isdecimal() and len(last_event_id) < 10
    after = int(last_event_id) if last_event_id is not None and known else 0
    frames = _frames(place, turn, after)
    return StreamingResponse(frames, media_type="text/event-stream", headers=_NO_STORE)


@router.post("/run", operation_id="run", responses=told(list[dict[str, Any]], 401, 404, 422, 504))
async def run(user: AskingToWrite, place: Place, body: Said) -> JSONResponse:
    """One turn, and all of its events when it is over."""
    turn = await asyncio.to_thread(_turn, place, user, body)
    loop = asyncio.get_running_loop()
    begun_s = loop.time()
    while True:
        events, over = await asyncio.to_thread(_told, place, turn.id, 0)
        if over:
            return JSONResponse(agent.kept(events))
        if loop.time() - begun_s > place.settings.turn_limit_s:
            raise TooSlow()
        await asyncio.sleep(_POLL_S)


def _turn(place: Workplace, user: User, body: Said) -> TurnRow:
    """The turn that is asked for: a new one in the session's queue, or one that is told again."""
    with place.database.writing() as connection:
        session = sessions.of_user(connection, user.id, body.session_id)
        if body.invocation_id is not None:
            known = turns.of_id(connection, body.invocation_id)
            if known is not None and known.session_id == session.id:
                return known
        if body.state_delta:
            agent.changed(connection, session, body.state_delta)
        turn = turns.begin(connection, session, body.words())
        place.jobs.turn(connection, turn.id, session.id)
    return turn


async def _frames(place: Workplace, turn: TurnRow, after: int) -> AsyncIterator[bytes]:
    """Every event as one frame in one piece; a comment when there was nothing for a while."""
    loop = asyncio.get_running_loop()
    spoken_s = begun_s = loop.time()
    while True:
        events, over = await asyncio.to_thread(_told, place, turn.id, after)
        for number, event in events:
            after, spoken_s = number, loop.time()
            yield f"id: {number}\ndata: {event}\n\n".encode()
        if over:
            return
        if loop.time() - begun_s > place.settings.turn_limit_s:
            yield _crash("TimeoutError", "the turn took too long; it goes on, look at the state")
            return
        if loop.time() - spoken_s > _HEARTBEAT_S:
            spoken_s = loop.time()
            yield b": heartbeat\n\n"
        await asyncio.sleep(_POLL_S)


def _told(place: Workplace, turn_id: str, after: int) -> tuple[list[tuple[int, str]], bool]:
    """What is new, and whether that is all: the state first, so that nothing is told after the end."""
    with place.database.reading() as connection:
        turn = turns.of_id(connection, turn_id)
        over = turn is None or turn.is_over
        return turns.told_after(connection, turn_id, after), over


def _crash(kind: str, message: str) -> bytes:
    frame = {"error": f"{kind}: {message}", "error_details": {"error_type": kind, "error_message": message}}
    return f"data: {json.dumps(frame)}\n\n".encode()
