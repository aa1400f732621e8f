"""What a session looks and sounds like at a moment, as it stands or stood: small files, made by a task, not
kept."""

import asyncio
import secrets
from typing import Any, Literal, NamedTuple

import msgspec

from saycut.language.understand import Step
from saycut.service import sessions
from saycut.service.editing import check
from saycut.service.glances import answer
from saycut.service.tasks import media
from saycut.service.workplace import Workplace
from saycut.timeline.stored import to_text

_AT_ONCE = 2  # tasks beside those of the workers
_LONGEST_S = 120.0


What = Literal["picture", "film", "sound"]
_MEDIA_TYPES: dict[What, str] = {"picture": "image/jpeg", "film": "video/mp4", "sound": "audio/mpeg"}


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """A picture at `at_s`, or `length_s` of silent film or of sound from there on (at most ten); seconds of
    the timeline.

    `place` is that of a state in the history; None for the present one. `solo` names the tracks whose sound
    is heard; None for all.
    """

    what: What
    at_s: float
    length_s: float = 10.0
    most_side: int = 640
    place: int | None = None
    solo: tuple[str, ...] | None = None

    @property
    def media_type(self) -> str:
        """Of the file."""
        return _MEDIA_TYPES[self.what]


class Made(NamedTuple):
    """The file, and how loud its sound is; None for silence and for what is only seen."""

    data: bytes
    lufs: float | None


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """Operations to be heard before anybody agrees to them, on the session as it is at `version`.

    `at_s`: from which second of the timeline on; None leaves it to us. `place` as in `Moment`.
    """

    steps: tuple[Step, ...]
    version: int
    at_s: float | None = None
    length_s: float = 10.0
    place: int | None = None


class Previews:
    """Those of one process: few at the same time."""

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace
        self._at_once = asyncio.Semaphore(_AT_ONCE)

    async def made(self, user_id: str, session_id: str, moment: Moment) -> Made:
        """What is asked for. Raises SessionNotFound, BadBody, NothingToSee, NoRoom, TookTooLong."""
        request = await asyncio.to_thread(self._request, user_id, session_id, moment)
        out = self._workplace.store.inbox / f"moment-{secrets.token_hex(8)}"  # swept there if we are killed
        try:
            async with self._at_once:
                told = await answer({**request, "out": str(out)}, _LONGEST_S)
            return Made(await asyncio.to_thread(out.read_bytes), told.get("lufs"))
        finally:
            out.unlink(missing_ok=True)

    async def heard(self, user_id: str, session_id: str, trial: Trial) -> dict[str, Any]:
        """A `studio.listening.Listening` as data; cancelled, it stops what it began.

        Raises SessionNotFound, StaleVersion, BadBody, NothingToSee, NoRoom, TookTooLong.
        """
        request = await asyncio.to_thread(self._trial, user_id, session_id, trial)
        async with self._at_once:
            return await answer(request, _LONGEST_S)

    def _trial(self, user_id: str, session_id: str, trial: Trial) -> dict[str, Any]:
        here = self._workplace
        with here.database.reading() as connection:
            session = sessions.of_user(connection, user_id, session_id)
            check(trial.steps)
            sessions.check_version(session, trial.version)
            project = sessions.project_at(connection, session, trial.place)
            rows = sessions.assets_of(connection, session.id)
        return {
            "kind": "listen",
            "steps": [{"op": step.op, "args": step.args} for step in trial.steps],
            "at_s": None if trial.at_s is None else str(trial.at_s),
            "length_s": str(trial.length_s),
            "project": to_text(project),
            **media(here, rows),
        }

    def _request(self, user_id: str, session_id: str, moment: Moment) -> dict[str, Any]:
        here = self._workplace
        with here.database.reading() as connection:
            session = sessions.of_user(connection, user_id, session_id)
            project = sessions.project_at(connection, session, moment.place)
            rows = sessions.assets_of(connection, session.id)
        return {
            "kind": "moment",
            "moment": moment.what,
            "at_s": str(moment.at_s),
            "length_s": str(moment.length_s),
            "most_side": moment.most_side,
            "solo": moment.solo,
            "project": to_text(project),
            **media(here, rows),
        }
