"""Renders: asked for, looked at, downloaded."""

import json
import re
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Body, Query, Request
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.responses import Response

from saycut.http.answers import FILE, RENDER, RenderState, Submitted, refusing, told
from saycut.http.asking import AskingToRead, AskingToRender, Place, attribution_of
from saycut.service import exports, renders
from saycut.service.renders import RenderNotFound, RenderRow
from saycut.service.workplace import Workplace

router = APIRouter(tags=["exporting"])


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
    row = exports.submit(place, user, body, attribution_of(request))
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
            "url": exports.signed_address(place, row, str(request.base_url)),
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
    if not exports.is_signed(place, workflow_id, until, signature):
        raise RenderNotFound()
    with place.database.reading() as connection:
        row = renders.of_workflow(connection, workflow_id)
    if row is None:
        raise RenderNotFound()
    return _file(place, request, row)


def _status(row: RenderRow) -> str:
    """Clients of the cloud service know four words."""
    return "failed" if row.status == "cancelled" else row.status


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
    media_type = exports.media_type(name)
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
