"""Resumable uploads: tus 1.0, core, creation and termination (https://tus.io/protocols/resumable-upload)."""

import asyncio
import base64
import binascii
from typing import Annotated

from fastapi import APIRouter, Header, Path, Request
from fastapi.responses import Response
from starlette.requests import ClientDisconnect

from saycut.errors import Cancelled
from saycut.http.asking import AskingToUpload, Place
from saycut.http.problems import problem, responses
from saycut.service import resumable
from saycut.service.errors import BadBody
from saycut.service.fetch.naming import cleaned
from saycut.service.resumable import Resumable
from saycut.service.workplace import Workplace

router = APIRouter(tags=["uploads"], prefix="/uploads")
_VERSION = "1.0.0"
_HEADERS = {"Tus-Resumable": _VERSION, "Cache-Control": "no-store"}
_MOST_DIGITS = 15
_MOST_BYTES = 1 << 50  # announced sizes are checked against the plan; nothing more than announced is taken
UploadId = Annotated[str, Path(max_length=64, examples=["upl_2kTzq1bW7x5pNnQd"])]
TusVersion = Annotated[str | None, Header(alias="Tus-Resumable", examples=[_VERSION])]


@router.options("", status_code=204, operation_id="tus_options", response_class=Response)
def options() -> Response:
    """What is spoken here."""
    headers = {**_HEADERS, "Tus-Version": _VERSION, "Tus-Extension": "creation,termination"}
    return Response(status_code=204, headers=headers)


@router.post(
    "",
    status_code=201,
    operation_id="tus_create",
    response_class=Response,
    responses=responses(401, 404, 412, 413, 422, 507),
)
def create(
    *,
    user: AskingToUpload,
    place: Place,
    request: Request,
    tus: TusVersion = None,
    upload_length: Annotated[str | None, Header(description="Bytes of the whole file.")] = None,
    upload_metadata: Annotated[
        str | None, Header(description="`filename` and `session_id`, each in base64.")
    ] = None,
) -> Response:
    """Announce a file; its address is in `Location`."""
    if tus != _VERSION:
        return _other_version()
    size_bytes = _number("Upload-Length", upload_length)
    said = _metadata(upload_metadata or "")
    if "session_id" not in said:
        raise BadBody(field="Upload-Metadata", reason="session_id is missing", reason_zh="缺少 session_id")
    name = cleaned(said.get("filename", "")) or "file"
    made = resumable.begin(place, user, said["session_id"], name, size_bytes)
    location = f"{str(request.base_url).rstrip('/')}/api/v1/uploads/{made.id}"
    return Response(status_code=201, headers={**_HEADERS, "Location": location})


@router.head(
    "/{upload_id}",
    operation_id="tus_offset",
    response_class=Response,
    responses=responses(401, 404, 412, 413, 415, 422, 507),
)
def look(upload_id: UploadId, user: AskingToUpload, place: Place, tus: TusVersion = None) -> Response:
    """How much of it is here."""
    if tus != _VERSION:
        return _other_version()
    upload = resumable.finished(place, user, resumable.of_user(place, user, upload_id))
    return Response(status_code=200, headers=_told(place, upload))


@router.patch(
    "/{upload_id}",
    status_code=204,
    operation_id="tus_append",
    response_class=Response,
    max_body_size=_MOST_BYTES,
    responses=responses(401, 404, 409, 412, 413, 415, 422, 423, 507),
)
async def append(
    *,
    upload_id: UploadId,
    user: AskingToUpload,
    place: Place,
    request: Request,
    tus: TusVersion = None,
    upload_offset: Annotated[str | None, Header(description="Bytes that are here already.")] = None,
) -> Response:
    """The next bytes. With the last one the file becomes an asset of its session."""
    if tus != _VERSION:
        return _other_version()
    if request.headers.get("content-type") != "application/offset+octet-stream":
        return problem("tus_type", 415, "Send application/offset+octet-stream.", 415, _HEADERS)
    at_byte = _number("Upload-Offset", upload_offset)
    upload = await asyncio.to_thread(resumable.of_user, place, user, upload_id)
    at = await _written(request, place, upload, at_byte)
    if at == upload.size_bytes:
        await asyncio.to_thread(resumable.finish, place, user, upload)
    return Response(status_code=204, headers={**_HEADERS, "Upload-Offset": str(at)})


@router.delete(
    "/{upload_id}",
    status_code=204,
    operation_id="tus_drop",
    response_class=Response,
    responses=responses(401, 404, 412, 422),
)
def drop(upload_id: UploadId, user: AskingToUpload, place: Place, tus: TusVersion = None) -> Response:
    """Give it up."""
    if tus != _VERSION:
        return _other_version()
    resumable.drop(place, resumable.of_user(place, user, upload_id))
    return Response(status_code=204, headers=_HEADERS)


async def _written(request: Request, place: Workplace, upload: Resumable, offset: int) -> int:
    """Where the file ends now. A connection that breaks off leaves what it brought."""
    with resumable.writing(place, upload, offset) as writing:
        try:
            async for block in request.stream():
                await asyncio.to_thread(writing.write, block)
        except ClientDisconnect:
            raise Cancelled() from None
        return writing.offset


def _told(place: Workplace, upload: Resumable) -> dict[str, str]:
    at = resumable.offset(place, upload)
    told = {**_HEADERS, "Upload-Offset": str(at), "Upload-Length": str(upload.size_bytes)}
    return told if upload.asset_id is None else {**told, "Saycut-Asset": upload.asset_id}


def _metadata(header: str) -> dict[str, str]:
    """`key base64, key base64` as tus writes it."""
    said: dict[str, str] = {}
    for pair in header.split(","):
        key, _, value = pair.strip().partition(" ")
        try:
            said[key] = base64.b64decode(value, validate=True).decode("utf-8")
        except (binascii.Error, UnicodeDecodeError):
            raise BadBody(
                field="Upload-Metadata", reason="it is no base64", reason_zh="不是 base64"
            ) from None
    return said


def _number(field: str, header: str | None) -> int:
    """A size or a place in a file. Raises BadBody."""
    if header is None or not header.isdecimal() or len(header) > _MOST_DIGITS:
        raise BadBody(field=field, reason="a number is needed here", reason_zh="此处需要数字")
    return int(header)


def _other_version() -> Response:
    headers = {**_HEADERS, "Tus-Version": _VERSION}
    return problem("tus_version", 412, f"Send Tus-Resumable: {_VERSION}.", 412, headers)
