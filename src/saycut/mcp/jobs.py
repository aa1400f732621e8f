"""Tools about work under way: how far it is, stopping it, what was measured; and what every export shares."""

import asyncio
import json
from typing import Annotated, Any, Literal

from mcp.types import CallToolResult, ContentBlock, ResourceLink, TextContent
from pydantic import Field

from saycut import __version__
from saycut.mcp import waiting
from saycut.mcp.desk import Asked, Desk
from saycut.mcp.shapes import Exported, Job, Report
from saycut.service import cancelling, exports, renders, sessions
from saycut.service.accounts import User
from saycut.service.asked_again import the_same
from saycut.service.renders import NoReceipt, RenderNotFound, RenderRow

JobId = Annotated[str, Field(max_length=64, description="Of apply_edit or export.")]
Format = exports.Format
Quality = Annotated[Literal["high", "low"], Field(description="low makes a small file")]


class Jobs:
    """Tools of one door."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def job_status(self, job_id: JobId, context: Asked) -> Job:
        """How far an edit or an export is, and what became of it."""
        user = self._desk.user(context, "read")
        return await asyncio.to_thread(waiting.job, self._desk, user, job_id)

    async def cancel_job(self, job_id: JobId, context: Asked) -> Job:
        """Stop an edit or an export; the work behind it is gone within two seconds. What is over stays."""
        user = self._desk.user(context, "write")
        turn = job_id.startswith(waiting.TURN)
        stop = cancelling.cancel_turn if turn else cancelling.cancel_render
        await asyncio.to_thread(stop, self._desk.workplace, user.id, job_id)
        return await asyncio.to_thread(waiting.job, self._desk, user, job_id)

    async def report(self, job_id: JobId, context: Asked) -> Report:
        """What was measured on a finished export: lengths, loudness, true peak, noise, whether the picture
        was copied, what each operation found; and whose the music is."""
        user = self._desk.user(context, "read")
        row = await asyncio.to_thread(of_user, self._desk, user, job_id)
        if row.receipt is None:
            raise NoReceipt()
        told = json.loads(row.receipt)
        return Report(
            job_id=row.id,
            receipt=told["receipt"],
            notes=[en for en, _ in told["notes"]],
            credits=told["credits"],
        )


def of_user(desk: Desk, user: User, job_id: str) -> RenderRow:
    """That export. Raises RenderNotFound."""
    with desk.workplace.database.reading() as connection:
        return renders.of_user(connection, user.id, job_id)


def begun(desk: Desk, user: User, session_id: str, version: int, asked: dict[str, str]) -> RenderRow:
    """The export of a session as it is at `version`; asked for again it is the same, unless that failed or
    was cancelled. `asked` has format and quality. Raises as `exports.submit`."""
    with desk.workplace.database.reading() as connection:
        session = sessions.of_user(connection, user.id, session_id)
    render_id, known = the_same(
        [session.id, version, asked],
        lambda digest, attempt: f"export_{digest}_{attempt}",
        lambda render_id: _known(desk, user, render_id),
    )
    if known is not None:
        return known
    body: dict[str, Any] = {"id": render_id, "sessionId": session.id, "output": asked}
    attribution = {"X-Skill-Source": "mcp", "X-Skill-Version": __version__, "X-Skill-Platform": "mcp"}
    return exports.submit(desk.workplace, user, body, attribution, version)


async def made(
    desk: Desk, context: Asked, session_id: str, version: int, asked: dict[str, str], *, wait_s: float
) -> tuple[Job, RenderRow]:
    """The export as it is when it is over, or the wait is. Raises as `begun`."""
    user = desk.user(context, "render")
    row = await asyncio.to_thread(begun, desk, user, session_id, version, asked)
    seen = await waiting.over(desk, user, row.id, wait_s, context)
    return seen, await asyncio.to_thread(of_user, desk, user, row.id)


def _known(desk: Desk, user: User, render_id: str) -> RenderRow | None:
    try:
        return of_user(desk, user, render_id)
    except RenderNotFound:
        return None


def exported(seen: Job, row: RenderRow, uri: str | None, name: str | None) -> CallToolResult:
    """An export as it is, with a link to its file once there is one."""
    told = Exported(**seen.model_dump())
    content: list[ContentBlock] = []
    if uri is not None:
        told.uri, told.file = uri, name
        told.media_type = exports.media_type(name or "")
        told.size_bytes = json.loads(row.receipt or "{}")["receipt"]["size_bytes"]
        told.duration_s = None if row.duration_ms is None else row.duration_ms / 1000
        content = [
            ResourceLink(uri=uri, name=name or row.id, mime_type=told.media_type, size=told.size_bytes)
        ]
    return CallToolResult(
        content=[TextContent(text=told.model_dump_json()), *content],
        structured_content=told.model_dump(mode="json"),
    )
