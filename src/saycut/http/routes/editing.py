"""Sessions, uploads and the state of a session."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from saycut.http.answers import UPLOAD, Envelope, Latest, NewSessionIds, Uploaded, told
from saycut.http.asking import AskingToRead, AskingToUpload, AskingToWrite, Place
from saycut.http.envelope import ok
from saycut.http.uploading import MOST_FILES, received
from saycut.render.canvas import canvas
from saycut.service import sessions, uploads
from saycut.service.accounts import User
from saycut.service.errors import BadBody
from saycut.service.sessions import APP
from saycut.service.workplace import Workplace
from saycut.timeline.draft import draft_of
from saycut.timeline.project import Project
from saycut.timeline.summary import summary_line

_MOST_UPLOADED_BYTES = 1 << 50  # each file is held to the plan's limit while it arrives
router = APIRouter(tags=["editing"])


class NewTask(BaseModel):
    """What a session is called, and its language."""

    task_name: str = "Untitled"
    language: str = "en"


@router.post(
    f"/api/tasks/me/with-session/{APP}",
    operation_id="new_session",
    responses=told(Envelope[NewSessionIds], 401, 422),
)
def new_session(
    user: AskingToWrite, place: Place, body: Annotated[NewTask | None, Body()] = None
) -> JSONResponse:
    """An empty timeline."""
    asked = body or NewTask()
    with place.database.writing() as connection:
        made = sessions.create(connection, user.id, asked.task_name[:255], asked.language[:8])
    return ok({"task_id": made.task_id, "session_id": made.id, "user_id": user.id})


@router.post(
    f"/api/upload-video/{APP}/me/{{session_id}}",
    operation_id="upload",
    max_body_size=_MOST_UPLOADED_BYTES,
    responses=told(Envelope[Uploaded], 401, 404, 413, 415, 422, 507),
    openapi_extra=UPLOAD,
)
async def upload(session_id: str, request: Request, user: AskingToUpload, place: Place) -> JSONResponse:
    """One or several files; either all are taken, or the one that is not is named."""

    def found() -> sessions.SessionRow:
        with place.database.reading() as connection:
            return sessions.of_user(connection, user.id, session_id)

    session = await asyncio.to_thread(found)
    coming_bytes = int(request.headers.get("content-length") or 0)
    await asyncio.to_thread(uploads.check_room, place, user, session, coming_bytes)
    if request.headers.get("content-type", "").startswith("application/json"):
        files = await _from_links(await _links(request), user, place)
        added = await asyncio.to_thread(uploads.add, place, user, session, files)
        return ok({"files": [uploads.described(row) for row in added]})
    async with received(request, place.store, user.plan.upload_bytes) as parts:
        files = [await asyncio.to_thread(uploads.receive, place, *part) for part in parts.files]
        added = await asyncio.to_thread(uploads.add, place, user, session, files)
    return ok({"files": [uploads.described(row) for row in added]})


async def _links(request: Request) -> list[str]:
    try:
        body = await request.json()
    except ValueError:
        body = None
    urls = body.get("urls") if isinstance(body, dict) else None
    if not isinstance(urls, list) or not urls or not all(isinstance(url, str) for url in urls):
        raise BadBody(field="urls", reason="a list of links is needed here", reason_zh="此处需要链接列表")
    if len(urls) > MOST_FILES:
        raise BadBody(field="urls", reason=f"at most {MOST_FILES}", reason_zh=f"最多 {MOST_FILES} 个")
    return urls


async def _from_links(urls: list[str], user: User, place: Workplace) -> list[uploads.Received]:
    """All that the links lead to, one after the other; nothing is kept when one of them fails."""

    def one(url: str) -> uploads.Received:
        with place.store.incoming(user.plan.upload_bytes) as incoming:
            name = uploads.fetched(place, user, url, incoming)
            return uploads.receive(place, name, incoming)

    return [await asyncio.to_thread(one, url) for url in urls]


@router.get(
    f"/api/state/{APP}/me/{{session_id}}/latest",
    operation_id="latest_state",
    responses=told(Envelope[Latest], 401, 404, 422),
)
def state(session_id: str, user: AskingToRead, place: Place) -> JSONResponse:
    """Everything a client may want to look at."""
    with place.database.reading() as connection:
        session = sessions.of_user(connection, user.id, session_id)
        project = sessions.project_at(connection, session)
        rows = sessions.assets_of(connection, session.id)
    told: dict[str, Any] = {
        "draft": draft_of(project),
        "summary": summary_line(project),
        "video_infos": [uploads.described(row) for row in rows],
        "canvas_config": _canvas(project),
        "generated_media": [
            {"name": a.name, "kind": "music", "mood": a.bed.mood} for a in project.assets if a.bed is not None
        ],
    }
    return ok({"user_id": user.id, "state": told, "version": session.version})


def _canvas(project: Project) -> dict[str, Any]:
    """The size and rate of the picture that an export would have; nothing for sound alone."""
    if not project.has_picture:
        return {}
    width, height = canvas(project)
    return {"width": width, "height": height, "frame_rate": round(float(project.frame_rate or 0), 3)}
