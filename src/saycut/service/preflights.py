"""Pre-flight: what a file of a session as it stands would be, told before it is made. Found out by a task;
what was measured of its sound and its size is kept, as long as the process lives; how much room there is, is
looked at every time.
"""

import asyncio
import hashlib
import json
import shutil
from typing import Any, NamedTuple

import msgspec

from saycut.service import sessions
from saycut.service.errors import BadBody, ServiceError, TookTooLong
from saycut.service.glances import answer
from saycut.service.tasks import media
from saycut.service.workplace import Workplace
from saycut.studio.preflight import Check, Choice
from saycut.timeline.project import Project
from saycut.timeline.stored import to_text

_AT_ONCE = 2  # tasks beside those of the workers
_LONGEST_S = 90.0
_MOST_KEPT = 256


class NotForeseen(ServiceError):
    """It cannot be told in the time that somebody waits for it."""

    code = "not_foreseen"
    wire_code = 503
    http_status = 503
    sentence_en = "This takes too long to be told before; the file itself is measured when it is made."
    sentence_zh = "预先检查耗时过长；文件生成后会进行测量。"
    hint_en = ""
    hint_zh = ""


class Preflight(msgspec.Struct, frozen=True, kw_only=True):
    """The checks, and the version of the session that they are about."""

    version: int
    checks: tuple[Check, ...]


class _Asked(NamedTuple):
    """What a task is asked, and under which keys its figures are kept."""

    version: int
    request: dict[str, Any]
    sound_key: str
    size_key: str


class Preflights:
    """Those of one process: few at the same time; figures that are known are not measured again."""

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace
        self._at_once = asyncio.Semaphore(_AT_ONCE)
        self._sounds: dict[str, Any] = {}
        self._sizes: dict[str, Any] = {}

    async def made(self, user_id: str, session_id: str, choice: Choice) -> Preflight:
        """What is to be known before a file of `choice` is made. Raises SessionNotFound, BadBody,
        NothingToSee, NotForeseen, NoRoom."""
        asked = await asyncio.to_thread(self._request, user_id, session_id, choice)
        known = {"sound": self._sounds.get(asked.sound_key), "size": self._sizes.get(asked.size_key)}
        done = await self._done({**asked.request, **known})
        _keep(self._sounds, asked.sound_key, done["sound"])
        _keep(self._sizes, asked.size_key, done["size"])
        return Preflight(version=asked.version, checks=msgspec.convert(done["checks"], tuple[Check, ...]))

    async def _done(self, request: dict[str, Any]) -> dict[str, Any]:
        try:
            async with self._at_once:
                return await answer(request, _LONGEST_S)
        except TookTooLong:
            raise NotForeseen() from None

    def _request(self, user_id: str, session_id: str, choice: Choice) -> _Asked:
        here = self._workplace
        with here.database.reading() as connection:
            session = sessions.of_user(connection, user_id, session_id)
            project = sessions.project_at(connection, session)
            rows = sessions.assets_of(connection, session.id)
        if project.main is None or not project.main.segments:
            raise BadBody(
                field="session_id",
                reason="there is nothing on the timeline yet",
                reason_zh="时间线上还没有内容",
            )
        request = {
            "kind": "preflight",
            "choice": msgspec.to_builtins(choice),
            "free_bytes": shutil.disk_usage(here.settings.data_dir).free,
            "project": to_text(project),
            **media(here, rows),
        }
        mine = [session.id, [[row.id, row.sha256] for row in rows]]
        return _Asked(
            session.version,
            request,
            sound_key=_key(project.unleveled, *mine),
            size_key=_key(project, *mine, msgspec.to_builtins(choice)),
        )


def _key(project: Project, *more: object) -> str:
    return hashlib.sha256(json.dumps([to_text(project), *more]).encode()).hexdigest()


def _keep(kept: dict[str, Any], key: str, value: Any) -> None:
    """The oldest goes when there are too many."""
    kept[key] = value
    while len(kept) > _MOST_KEPT:
        kept.pop(next(iter(kept)))
