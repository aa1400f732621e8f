"""Renders: asked for, looked at, downloaded."""

import hashlib
import hmac
import json
import re
import time
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Body, Query, Request
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.responses import Response

from saycut.http.answers import FILE, RENDER, RenderState, Submitted, refusing, told
from saycut.http.asking import AskingToRead, AskingToRender, Place, attribution_of
from saycut.service import renders, sessions
from saycut.service.errors import BadBody, ExportBlocked
from saycut.service.renders import RenderNotFound, RenderRow
from saycut.service.workplace import Workplace
from saycut.timeline.draft import project_from_draft
from saycut.timeline.history import History
from saycut.timeline.project import Project
from saycut.timeline.stored import to_text
from saycut.timeline.value import but

router = APIRouter(tags=["exporting"])
FORMATS = ("mp4", "mov", "mkv", "webm", "gif", "wav", "mp3", "m4a", "flac", "ogg")
_ADDRESS_S = 3600
_TYPES = {
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "mkv": "video/x-matroska",
    "webm": "video/webm",
    "gif": "image/gif",
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "flac": "audio/flac",
    "ogg": "audio/ogg",
}


@router.post(
    "/api/render/proxy/lambda",
    operation_id="submit_render",
    responses=told(Submitted, 401, 402, 404, 409, 422, 429),
    openapi_extra=RENDER,
)
def submit(
    request: Request, user: AskingToRender, place: Place, body: Annotated[dict[str, Any], Body()]
) -> JSONResponse:
    """Queue a render; the same id and body again is the same render."""
    attribution = attribution_of(request)
    if not user.plan.exports:
        raise ExportBlocked(reason="This plan has no exports.", reason_zh="当前套餐不支持导出。")
    render_id, session_id = _text(body, "id"), _text(body, "sessionId")
    body_sha256 = renders.body_hash(body)
    with place.database.writing() as connection:
        row = renders.known(connection, user.id, render_id, body_sha256)
        if row is None:
            session = sessions.of_user(connection, user.id, session_id)
            project = _asked_for(body.get("draft"), sessions.history(connection, session))
            _ready(project)
            project = _of_quality(project, body.get("output"))
            asked = {
                "session_id": session.id,
                "body_sha256": body_sha256,
                "project": to_text(project),
                "options": json.dumps(_options(body, session.name)),
                "attribution": json.dumps(attribution),
            }
            row = renders.begin(connection, user.id, render_id, asked, user.plan)
            place.jobs.render(connection, row.workflow_id, user.id)
    return JSONResponse({"code": 0, "id": row.id, "status": _status(row)})


@router.get(
    "/api/render/proxy/lambda/{render_id}",
    operation_id="render_state",
    responses=told(RenderState, 401, 404, 422),
)
def look(render_id: str, request: Request, user: AskingToRead, place: Place) -> JSONResponse:
    """How far it is, and where the file is."""
    with place.database.reading() as connection:
        row = renders.of_user(connection, user.id, render_id)
    told: dict[str, Any] = {"code": 0, "id": row.id, "status": _status(row), "progress": row.progress}
    if row.eta_s is not None:
        told["eta_s"] = row.eta_s
    if row.status == "completed" and row.sha256 is not None:
        told["output"] = {
            "url": _signed(place, request, row),
            "size": json.loads(row.receipt or "{}")["receipt"]["size_bytes"],
            "duration_ms": row.duration_ms,
        }
    if row.status in ("failed", "cancelled"):
        told["error"] = json.loads(row.error)["en"] if row.error else "It was stopped."
    return JSONResponse(told)


@router.get(
    "/api/render/proxy/{render_id}/download",
    operation_id="download_render",
    response_class=Response,
    responses={**FILE, **refusing(401, 404, 422)},
)
def download(render_id: str, request: Request, user: AskingToRead, place: Place) -> Response:
    """The file, or a part of it."""
    with place.database.reading() as connection:
        return _file(place, request, renders.of_user(connection, user.id, render_id))


@router.get(
    "/api/files/{workflow_id}",
    operation_id="download_signed",
    response_class=Response,
    responses={**FILE, **refusing(404, 422)},
)
def signed_download(
    workflow_id: str,
    request: Request,
    place: Place,
    until: Annotated[int, Query()],
    signature: Annotated[str, Query()],
) -> Response:
    """The same file behind an address that is good for an hour and needs no token."""
    if until < time.time() or not _same(signature, _signature(place, workflow_id, until)):
        raise RenderNotFound()
    with place.database.reading() as connection:
        row = renders.of_workflow(connection, workflow_id)
    if row is None:
        raise RenderNotFound()
    return _file(place, request, row)


def _text(body: dict[str, Any], field: str) -> str:
    value = body.get(field)
    if not isinstance(value, str) or not 1 <= len(value) <= 64:
        raise BadBody(field=field, reason="a short text is needed here", reason_zh="此处需要一段短文本")
    return value


def _asked_for(draft: object, history: History) -> Project:
    """What the client sends is what is rendered; without a draft, what the session shows. Raises BadDraft."""
    if draft is None or draft == {}:
        return history.project
    known = {asset.id: asset for entry in history.entries for asset in entry.project.assets}
    return project_from_draft(draft, known)


def _of_quality(project: Project, output: object) -> Project:
    """Clients of the cloud service always say "high", which is how we encode anyway; "low" makes it small."""
    asked = output.get("quality") if isinstance(output, dict) else None
    if asked not in ("low", "small"):
        return project
    return but(project, output=but(project.output, quality="small"))


def _ready(project: Project) -> None:
    if project.main is None or not project.main.segments:
        raise BadBody(
            field="draft.t", reason="there is nothing on the timeline yet", reason_zh="时间线上还没有内容"
        )


def _options(body: dict[str, Any], session_name: str) -> dict[str, str]:
    output = body.get("output") or {}
    asked = output.get("format", "mp4") if isinstance(output, dict) else "mp4"
    if asked not in FORMATS:
        raise BadBody(
            field="output.format",
            reason=f"one of {', '.join(FORMATS)} is needed here",
            reason_zh=f"应为 {'、'.join(FORMATS)} 之一",
        )
    return {"format": asked, "name": f"{session_name or 'video'}.{asked}"}


def _status(row: RenderRow) -> str:
    """Clients of the cloud service know four words."""
    return "failed" if row.status == "cancelled" else row.status


def _signed(place: Workplace, request: Request, row: RenderRow) -> str:
    until = int(time.time()) + _ADDRESS_S
    base = (place.settings.public_url or str(request.base_url)).rstrip("/")
    signature = _signature(place, row.workflow_id, until)
    return f"{base}/api/files/{row.workflow_id}?until={until}&signature={signature}"


def _signature(place: Workplace, workflow_id: str, until: int) -> str:
    said = f"{workflow_id}:{until}".encode()
    return hmac.new(place.secret, said, hashlib.sha256).hexdigest()


def _same(said: str, meant: str) -> bool:
    """Compared in a time that tells nothing; what is said may be anything."""
    return hmac.compare_digest(said.encode(errors="replace"), meant.encode())


def _file(place: Workplace, request: Request, row: RenderRow) -> Response:
    if row.sha256 is None:
        raise RenderNotFound()
    size: int = json.loads(row.receipt or "{}")["receipt"]["size_bytes"]
    name = row.name or "video.mp4"
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "ETag": f'"{row.sha256}"',
        "X-Content-Type-Options": "nosniff",
    }
    media_type = _TYPES.get(name.rsplit(".", 1)[-1], "application/octet-stream")
    wanted = _range(request.headers.get("range"), size)
    if wanted is None:
        headers["Content-Length"] = str(size)
        return StreamingResponse(place.store.read(row.sha256), media_type=media_type, headers=headers)
    first, end = wanted
    if first >= end:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{size}"})
    headers |= {"Content-Length": str(end - first), "Content-Range": f"bytes {first}-{end - 1}/{size}"}
    return StreamingResponse(
        place.store.read(row.sha256, first, end), status_code=206, media_type=media_type, headers=headers
    )


def _range(header: str | None, size: int) -> tuple[int, int] | None:
    """[first, end) of one range (RFC 9110, 14.1.2); None for the whole file, empty where there is none."""
    found = re.fullmatch(r"bytes=(\d*)-(\d*)", header or "")
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        return (max(size - int(last), 0), size) if int(last) else (0, 0)
    return int(first), min(int(last) + 1, size) if last else size
