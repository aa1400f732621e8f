"""Media over HTTP: fetched from links, and results behind an address that holds for an hour."""

import asyncio
from contextlib import ExitStack
from pathlib import PurePosixPath
from typing import Annotated
from urllib.parse import urlsplit

from mcp.types import CallToolResult
from pydantic import Field

from saycut.mcp import jobs
from saycut.mcp.desk import Asked, Desk
from saycut.mcp.editing import USUAL_WAIT_S, OpenSession, OpenVersion, SessionId, Version, WaitS
from saycut.mcp.jobs import Format, Quality
from saycut.mcp.sessions import session_for
from saycut.mcp.shapes import Exported, Timeline
from saycut.service import exports, uploads
from saycut.service.accounts import User
from saycut.studio.opening import MAX_FILES


class Remote:
    """Tools of the door over HTTP."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def open_media(
        self,
        links: Annotated[
            list[Annotated[str, Field(max_length=2000)]],
            Field(min_length=1, max_length=MAX_FILES, description="Addresses of files (http or https)."),
        ],
        context: Asked,
        session_id: OpenSession = None,
        version: OpenVersion = None,
    ) -> Timeline:
        """Open videos, pictures and recordings behind links, all of them or none. Pictures lie on the
        timeline one after the other; sound beside a picture waits until an edit names or needs it. A session
        that files were uploaded to is open already: get_timeline shows it."""
        user = self._desk.user(context, "upload")
        opened = await asyncio.to_thread(self._added, user, session_id, version, links)
        return await asyncio.to_thread(self._desk.timeline, user, opened)

    async def export(
        self,
        *,
        session_id: SessionId,
        version: Version,
        context: Asked,
        format: Format = "mp4",  # noqa: A002 - what clients call it
        quality: Quality = "high",
        wait_s: WaitS = USUAL_WAIT_S,
    ) -> Annotated[CallToolResult, Exported]:
        """Make the file; its address holds for an hour and needs no token. When the wait is over before it is
        made, call it again with the same arguments: it waits on, and nothing is made twice."""
        output: dict[str, str] = {"format": format, "quality": quality}
        seen, row = await jobs.made(self._desk, context, session_id, version, output, wait_s=wait_s)
        if seen.status != "done" or row.sha256 is None:
            return jobs.exported(seen, row, None, None)
        request = context.request_context.request
        base = "" if request is None else str(request.base_url)
        return jobs.exported(seen, row, exports.signed_address(self._desk.workplace, row, base), row.name)

    def _added(self, user: User, session_id: str | None, version: int | None, links: list[str]) -> str:
        """All that the links lead to becomes part of the session, or none of it; its id."""
        here = self._desk.workplace
        with ExitStack() as stack:
            name = PurePosixPath(urlsplit(links[0]).path).stem
            session = stack.enter_context(session_for(here, user, session_id, version, name))
            uploads.check_room(here, user, session, 0)
            received = []
            for link in links:
                incoming = stack.enter_context(here.store.incoming(user.plan.upload_bytes))
                received.append(uploads.receive(here, uploads.fetched(here, user, link, incoming), incoming))
            uploads.add(here, user, session, received)
        return session.id
