"""Media on this machine: read from the root folders, and results saved there."""

import asyncio
import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

from mcp.server.mcpserver import ListRoots, Resolve
from mcp.types import CallToolResult, ListRootsResult
from pydantic import Field

from saycut.mcp import jobs
from saycut.mcp.desk import Asked, Desk
from saycut.mcp.editing import USUAL_WAIT_S, OpenSession, OpenVersion, SessionId, Version, WaitS
from saycut.mcp.fence import Fence
from saycut.mcp.jobs import Format, Quality
from saycut.mcp.sessions import session_for
from saycut.mcp.shapes import Exported, Timeline
from saycut.media.publish import publishing
from saycut.service import exports, uploads
from saycut.service.accounts import User
from saycut.service.renders import RenderRow
from saycut.studio.opening import MAX_FILES

_BLOCK_BYTES = 1 << 20


def client_roots(context: Asked) -> ListRoots | ListRootsResult | None:
    """What the client shows of itself, when it says that it does."""
    capabilities = context.client_capabilities
    return ListRoots() if capabilities is not None and capabilities.roots is not None else None


Shown = Annotated[ListRootsResult | None, Resolve(client_roots)]


class Local:
    """Tools of the door on stdio."""

    def __init__(self, desk: Desk, fence: Fence) -> None:
        self._desk = desk
        self._fence = fence

    async def open_media(
        self,
        files: Annotated[
            list[Annotated[str, Field(max_length=4096)]],
            Field(min_length=1, max_length=MAX_FILES, description="Paths, from the first root folder on."),
        ],
        context: Asked,
        roots: Shown,
        session_id: OpenSession = None,
        version: OpenVersion = None,
    ) -> Timeline:
        """Open videos, pictures and recordings, all of them or none. Pictures lie on the timeline one after
        the other; sound beside a picture waits until an edit names or needs it. The files are copied, never
        altered."""
        user = self._desk.user(context, "upload")
        fence = self._fence.narrowed(_uris(roots))
        opened = await asyncio.to_thread(self._added, user, session_id, version, fence, files)
        return await asyncio.to_thread(self._desk.timeline, user, opened)

    async def export(
        self,
        *,
        session_id: SessionId,
        version: Version,
        context: Asked,
        roots: Shown,
        save_as: Annotated[
            str | None,
            Field(min_length=1, max_length=4096, description="A path, from the first root folder on."),
        ] = None,
        format: Format | None = None,  # noqa: A002 - what clients call it
        quality: Quality = "high",
        wait_s: WaitS = USUAL_WAIT_S,
    ) -> Annotated[CallToolResult, Exported]:
        """Make the file and save it into a root folder, under a name that no file has. When the wait is over
        before it is made, call it again with the same arguments: it waits on, and nothing is made twice."""
        fence = self._fence.narrowed(_uris(roots))
        asked = Path(save_as or "").suffix.lower().removeprefix(".")
        made_as = format or (asked if asked in exports.FORMATS else "mp4")
        name = None
        if save_as is not None:
            name = save_as if asked == made_as else f"{save_as}.{made_as}"
            next(fence.free_names(name))  # refused before the work, not after it
        output = {"format": made_as, "quality": quality}
        seen, row = await jobs.made(self._desk, context, session_id, version, output, wait_s=wait_s)
        if seen.status != "done" or row.sha256 is None:
            return jobs.exported(seen, row, None, None)
        path = await asyncio.to_thread(self._saved, row, fence, name or _usual_name(row))
        return jobs.exported(seen, row, path.as_uri(), fence.shown(path))

    def _added(
        self, user: User, session_id: str | None, version: int | None, fence: Fence, files: list[str]
    ) -> str:
        """All of the files become part of the session, or none does; its id."""
        here = self._desk.workplace
        with ExitStack() as stack:
            session = stack.enter_context(session_for(here, user, session_id, version, Path(files[0]).stem))
            received = []
            uploads.check_room(here, user, session, 0)
            for name in files:
                path, file = stack.enter_context(fence.reading(name))
                incoming = stack.enter_context(here.store.incoming(user.plan.upload_bytes))
                while block := file.read(_BLOCK_BYTES):
                    incoming.write(block)
                received.append(uploads.receive(here, path.name, incoming))
            uploads.add(here, user, session, received)
        return session.id

    def _saved(self, row: RenderRow, fence: Fence, name: str) -> Path:
        """The file among the root folders; what lies there already is not written again, and never over."""
        assert row.sha256 is not None
        store = self._desk.workplace.store
        path = next(_fresh(fence.free_names(name), row.sha256, store.size_of(row.sha256)))
        if not path.exists():
            with publishing(path, replace=False) as temporary, temporary.open("wb") as file:
                for block in store.read(row.sha256):
                    file.write(block)
        return path


def _usual_name(row: RenderRow) -> str:
    """As the command line names results: talk.mp4 becomes talk-saycut.mp4."""
    made = Path(Path(row.name or "video").name)
    return f"{made.stem}-saycut{made.suffix}"


def _fresh(names: Iterator[Path], sha256: str, size_bytes: int | None) -> Iterator[Path]:
    """Names that no file has, or one of that very content."""
    for path in names:
        if path.is_symlink():
            continue
        if not path.exists():
            yield path
        elif path.is_file() and path.stat().st_size == size_bytes:
            with path.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() == sha256:
                    yield path


def _uris(roots: ListRootsResult | None) -> list[str] | None:
    return None if roots is None else [str(root.uri) for root in roots.roots]
