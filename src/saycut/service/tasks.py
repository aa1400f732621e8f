"""Running `task` from a worker: asked on stdin, heard line by line, stopped by closing its stdin."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from saycut.service.sessions import AssetRow
from saycut.service.workplace import Workplace

# Together under two seconds, within which whatever is cancelled is gone.
_LOOK_S = 0.2
_GRACE_S = 1.2  # then the whole group is killed; its own children die with it
_LONGEST_LINE = 64 << 20


class TaskFailed(Exception):
    """What a task said went wrong; `told` is how it said it."""

    def __init__(self, told: dict[str, Any]) -> None:
        super().__init__(told["en"])
        self.told = told


class Stopped(Exception):
    """Nobody waits for the result any more; the task is gone."""


def media(workplace: Workplace, rows: Sequence[AssetRow]) -> dict[str, Any]:
    """What a request tells a task of the files it works with, on this machine."""
    music = workplace.settings.music_folder
    return {
        "assets": [
            {"id": r.id, "path": str(workplace.store.path_of(r.sha256, r.name)), "info": r.info_json}
            for r in rows
        ],
        "music_folder": None if music is None else str(music),
    }


async def lines(
    request: dict[str, Any], is_over: Callable[[], bool] = lambda: False
) -> AsyncGenerator[dict[str, Any], None]:
    """Everything the task says, the answer ({"done": …}) last. Raises TaskFailed, Stopped.

    Leaving the loop early, or being cancelled in it, stops the task; so does `is_over` (asked in another
    thread, again and again), which knows whether what the task works for was cancelled.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "saycut.service.task"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        limit=_LONGEST_LINE,
        start_new_session=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    watching = asyncio.create_task(_stopped_when(is_over, process))
    try:
        process.stdin.write(json.dumps(request).encode() + b"\n")
        await process.stdin.drain()
        answered = False
        async for line in process.stdout:
            said = json.loads(line)
            if "error" in said:
                raise TaskFailed(said["error"])
            answered = "done" in said
            yield said
        if watching.done() and not answered:
            raise Stopped
        if not answered:
            raise TaskFailed({"code": "engine_failed", "http_status": 500, "en": "it ended without a word"})
    except (BrokenPipeError, ConnectionResetError):
        if watching.done():
            raise Stopped from None
        raise
    finally:
        watching.cancel()
        await _stopped(process)


async def _stopped_when(is_over: Callable[[], bool], process: asyncio.subprocess.Process) -> None:
    over = False
    while not over:
        await asyncio.sleep(_LOOK_S)
        with suppress(SQLAlchemyError):  # a database that is away for a moment is no wish to stop
            over = await asyncio.to_thread(is_over)
    await _stopped(process)


async def _stopped(process: asyncio.subprocess.Process) -> None:
    """Returns when the process is gone, however often it is cancelled meanwhile: an engine that shuts down
    cancels a job and each of its steps, and closes the loop as soon as all of them have returned."""
    ending = asyncio.create_task(_ended(process))
    cancelled: asyncio.CancelledError | None = None
    while not ending.done():
        try:
            await asyncio.shield(ending)
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled


async def _ended(process: asyncio.subprocess.Process) -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        await asyncio.wait_for(asyncio.shield(process.wait()), _GRACE_S)
    except TimeoutError:
        with suppress(ProcessLookupError):  # it went a moment ago
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
