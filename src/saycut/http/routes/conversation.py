"""`/run_sse`: what a person says, answered by a stream of events (API.md)."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Body, Header
from fastapi.responses import JSONResponse, Response, StreamingResponse

from saycut.http.asking import Asking, Place
from saycut.service import sessions, turns
from saycut.service.accounts import User
from saycut.service.errors import BadBody, SessionNotFound
from saycut.service.turns import TurnRow
from saycut.service.workplace import Workplace

router = APIRouter()
_POLL_S = 0.04
_HEARTBEAT_S = 12.0
_LONGEST_TEXT = 20_000
_NO_STORE = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@router.post("/run_sse")
async def run_sse(
    user: Asking,
    place: Place,
    body: Annotated[dict[str, Any], Body()],
    last_event_id: Annotated[str | None, Header()] = None,
) -> Response:
    """One turn. A client that comes back with `Last-Event-ID` and the invocation goes on where it was."""
    invocation = body.get("invocation_id") or body.get("invocationId")
    try:
        turn = await asyncio.to_thread(_turn, place, user, body, invocation)
    except SessionNotFound:
        said = body.get("session_id") or body.get("sessionId")
        return JSONResponse(
            {"code": 1002, "message": "Session not found", "detail": f"Session not found: {said}"}, 404
        )
    after = int(last_event_id) if last_event_id is not None and last_event_id.isdecimal() else 0
    frames = _frames(place, turn, after)
    return StreamingResponse(frames, media_type="text/event-stream", headers=_NO_STORE)


def _turn(place: Workplace, user: User, body: dict[str, Any], invocation: str | None) -> TurnRow:
    """The turn that is asked for: a new one in the session's queue, or one that is told again."""
    session_id = body.get("session_id") or body.get("sessionId")
    if not isinstance(session_id, str):
        raise BadBody(field="session_id", reason="it is missing", reason_zh="缺少该字段")
    with place.database.writing() as connection:
        session = sessions.of_user(connection, user.id, session_id)
        if invocation is not None:
            known = turns.of_id(connection, str(invocation))
            if known is not None and known.session_id == session.id:
                return known
        turn = turns.begin(connection, session, _text_of(body))
        place.jobs.turn(connection, turn.id, session.id)
    return turn


def _text_of(body: dict[str, Any]) -> str:
    message = body.get("new_message") or body.get("newMessage")
    parts = message.get("parts") if isinstance(message, dict) else None
    if not isinstance(parts, list):
        raise BadBody(field="new_message.parts", reason="it is missing", reason_zh="缺少该字段")
    texts = [part["text"] for part in parts if isinstance(part, dict) and isinstance(part.get("text"), str)]
    text = "\n".join(texts).strip()
    if not text:
        raise BadBody(field="new_message.parts", reason="there are no words in it", reason_zh="没有文字内容")
    return text[:_LONGEST_TEXT]


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
