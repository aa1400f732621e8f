"""Several files, one by one, each with its own words and its own render, in one session.

A timeline holds everything that was sent, so before the next file the history is taken back to where it was
empty: that is free, and what was rendered is rendered. A service may bring the files before back with the
next edit; they are left out of what is rendered. One without a history gets a session for each file.
"""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

from saycut.client import refusals, said
from saycut.client.connection import Connection
from saycut.client.delivery import Delivery
from saycut.client.failures import ClientError, NoSuchFile, Refused, Stopped
from saycut.client.shown import Delivered, Shown, Text

_ALL = 10_000  # steps, more than any history has
TakeTurn = Callable[[str], Generator[Shown, None, bool]]
Explain = Callable[[ClientError], list[Shown]]


@dataclass(frozen=True, slots=True)
class Job:
    """One file, what is to be done to it, and as what it is wanted."""

    path: Path
    words: str
    suffix: str = "mp4"


def batched(
    connection: Connection, delivery: Delivery, take_turn: TakeTurn, explain: Explain, jobs: Sequence[Job]
) -> Generator[Shown, None, None]:
    """All of `jobs`. One that fails is said, and the others go on. Raises Stopped."""
    language, left = connection.language, []
    before: set[str] = set()  # files of the jobs that are over
    for number, job in enumerate(jobs, 1):
        facts = {"number": number, "count": len(jobs), "name": job.path.name}
        yield Text(said.FILE_OF_BATCH.said(language, **facts))
        try:
            done = yield from _one(connection, delivery, take_turn, job, before)
        except Stopped:
            raise
        except ClientError as error:
            yield from explain(error)
            delivery.running = done = None
        if done is None:
            left.append(job.path.name)
    yield Text(said.BATCH_DONE.said(language, done=len(jobs) - len(left), count=len(jobs)))
    if left:
        yield Text(said.BATCH_LEFT.said(language, names=", ".join(left)))


def _one(
    connection: Connection, delivery: Delivery, take_turn: TakeTurn, job: Job, before: set[str]
) -> Generator[Shown, None, Delivered | None]:
    """One file, on a timeline of its own; None when it came to nothing."""
    if not job.path.is_file():
        raise NoSuchFile(job.path.name)
    yield from _emptied(connection)
    files = yield from connection.sent([job.path])
    try:
        fine = yield from take_turn(job.words)
        return (yield from delivery.export(job.suffix, job.path.stem, before)) if fine else None
    finally:
        before |= {str(file["file_id"]) for file in files if "file_id" in file}


def _emptied(connection: Connection) -> Generator[Shown, None, None]:
    """An empty timeline."""
    state = yield from connection.state()
    if not state.is_ready:
        return
    name = connection.session.name if connection.session else ""
    no_history = frozenset[refusals.Remedy]({"new_session"})
    try:
        history = yield from connection.asked(
            lambda: connection.wire.move(connection.session_id, "undo", {"steps": _ALL}), without=no_history
        )
    except Refused:
        history = {}
    if history.get("place") != 0:
        yield from connection.open(name)
