"""What every job works with: the workplace of this worker, and what it says when something goes wrong."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, ParamSpec, TypeVar

from dbos import DBOS
from sqlalchemy.exc import SQLAlchemyError

from saycut.service import sessions, telling, tracing
from saycut.service.room import NoRoom, is_full
from saycut.service.tasks import TaskFailed, media
from saycut.service.tracing import Traced
from saycut.service.workplace import Workplace

P = ParamSpec("P")
R = TypeVar("R")
_ATTEMPTS = 3
_SETTLED_WITHIN_S = 600.0
_AGAIN_S = 1.0
Work = Callable[P, Coroutine[Any, Any, R]]
_place: list[Workplace] = []  # set once, before jobs are taken


def work_at(workplace: Workplace) -> None:
    """Everything from now on is done at `workplace`."""
    _place[:] = [workplace]


def place() -> Workplace:
    """Where the jobs of this process are done."""
    return _place[0]


def step(name: str) -> Callable[[Work[P, R]], Work[P, R]]:
    """A step that runs for long: ended with its worker, tried again when that may help."""
    made: Callable[[Work[P, R]], Work[P, R]] = DBOS.step(
        name=name,
        preemptible=True,
        retries_allowed=True,
        max_attempts=_ATTEMPTS,
        should_retry=_is_transient,
    )
    return made


def _is_transient(error: BaseException) -> bool:
    """Worth another try: neither what a task said, nor what we refuse."""
    return not isinstance(error, TaskFailed) and isinstance(error, OSError)


@asynccontextmanager
async def traced(name: str, job_id: str) -> AsyncIterator[Traced]:
    """A job as a part of the trace in which it was queued."""
    of = await asyncio.to_thread(place().jobs.carrier, job_id) if tracing.is_on() else None
    with tracing.span(name, of=of, saycut__job=job_id) as span:
        yield span


async def patiently(settle: Callable[..., None], *arguments: object) -> None:
    """Settle something, in another thread, as soon as the database takes it: a disk that is full for a moment
    must not leave it open for ever."""
    given_up_s = time.monotonic() + _SETTLED_WITHIN_S
    while True:
        try:
            await asyncio.to_thread(settle, *arguments)
            return
        except SQLAlchemyError:
            if time.monotonic() > given_up_s:
                raise
        await asyncio.sleep(_AGAIN_S)


def told_of(error: Exception) -> dict[str, Any]:
    """An error as tasks tell theirs."""
    if isinstance(error, TaskFailed):
        return error.told
    if is_full(error):
        full = NoRoom()
        return {"code": full.code, "http_status": 507, "en": full.sentence("en"), "zh": full.sentence("zh")}
    fault = telling.FAULT
    return {"code": "internal", "http_status": 500, "en": fault.en, "zh": fault.zh}


def media_of(session_id: str) -> dict[str, Any]:
    """The files of a session and the operator's music, for a task's request."""
    here = place()
    with here.database.reading() as connection:
        rows = sessions.assets_of(connection, session_id)
    return media(here, rows)
