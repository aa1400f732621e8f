"""How loud the result of a session is along its length, as it stands or stood: made by a task, and kept as
long as the process lives."""

import asyncio
import hashlib
import json
import secrets
from typing import Any

from saycut.media.peaks import together
from saycut.service import sessions
from saycut.service.glances import MOST_PEAKS, answer
from saycut.service.tasks import media
from saycut.service.workplace import Workplace
from saycut.timeline.stored import to_text

_MOST_KEPT = 64
_AT_ONCE = 1  # the whole is listened to: nobody waits for it, and previews should not either
_LONGEST_S = 300.0


class Levels:
    """Those of one web process."""

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace
        self._at_once = asyncio.Semaphore(_AT_ONCE)
        self._kept: dict[str, list[float]] = {}

    async def made(self, user_id: str, session_id: str, place: int | None, count: int) -> list[float]:
        """RMS levels of `count` equal stretches of the mix before its final level; `count` divides 4096.

        Cancelled, it stops what it began. Raises SessionNotFound, BadBody, NothingToSee, NoRoom,
        TookTooLong.
        """
        request, key = await asyncio.to_thread(self._request, user_id, session_id, place)
        levels = self._kept.get(key)
        if levels is None:
            async with self._at_once:  # perhaps whoever was before us asked for the same
                levels = self._kept.get(key) or await self._listened(request)
            self._kept[key] = levels
            for oldest in list(self._kept)[:-_MOST_KEPT]:
                del self._kept[oldest]
        return together(levels, count)

    async def _listened(self, request: dict[str, Any]) -> list[float]:
        out = self._workplace.store.inbox / f"levels-{secrets.token_hex(8)}"  # swept there if we are killed
        try:
            await answer({**request, "out": str(out)}, _LONGEST_S)
            levels: list[float] = json.loads(await asyncio.to_thread(out.read_bytes))
        finally:
            out.unlink(missing_ok=True)
        return levels

    def _request(self, user_id: str, session_id: str, place: int | None) -> tuple[dict[str, Any], str]:
        here = self._workplace
        with here.database.reading() as connection:
            session = sessions.of_user(connection, user_id, session_id)
            project = sessions.project_at(connection, session, place)
            rows = sessions.assets_of(connection, session.id)
        heard = to_text(project.unleveled)
        contents = [[row.id, row.sha256] for row in rows]
        key = hashlib.sha256(json.dumps([heard, contents]).encode()).hexdigest()
        return {"kind": "levels", "count": MOST_PEAKS, "project": heard, **media(here, rows)}, key
