"""Spans: the parts in which the picture of a long render is encoded, each a job of its own, on any worker.

The rows say who of them is done; they are there as long as their render is under way.
"""

import time

import msgspec
import sqlalchemy as sa

from saycut.service.jobs import Jobs
from saycut.service.tables import spans

_JOIN = "join"


class SpanRow(msgspec.Struct, frozen=True):
    """One span: frames [first_frame, end_frame) of the result, and how far it is."""

    workflow_id: str
    number: int
    first_frame: int
    end_frame: int
    is_done: bool
    progress: int
    started_at_s: float | None

    @property
    def id(self) -> str:
        """Of its job."""
        return f"{self.workflow_id}.{self.number}"

    @property
    def frames(self) -> int:
        return self.end_frame - self.first_frame


def join_id(workflow_id: str) -> str:
    """The job that joins the spans of that render."""
    return f"{workflow_id}.{_JOIN}"


def render_of(job_id: str) -> str:
    """The render that a span's job, or the joining one, belongs to."""
    return job_id.rpartition(".")[0]


def divide(
    connection: sa.Connection, jobs: Jobs, workflow_id: str, user_id: str, frames: list[tuple[int, int]]
) -> None:
    """Queue a job for every span; nothing happens when that was done before."""
    if of_render(connection, workflow_id):
        return
    for number, (first, end) in enumerate(frames):
        row = SpanRow(workflow_id, number, first, end, False, 0, None)
        connection.execute(spans.insert().values(**msgspec.structs.asdict(row)))
        jobs.span(connection, row.id, user_id)


def of_render(connection: sa.Connection, workflow_id: str) -> list[SpanRow]:
    """The spans of a render in the order they are shown; none when it is over or was never divided."""
    columns = [spans.c[name] for name in SpanRow.__struct_fields__]
    wanted = sa.select(*columns).where(spans.c.workflow_id == workflow_id).order_by(spans.c.number)
    return [SpanRow(*row) for row in connection.execute(wanted)]


def advance(connection: sa.Connection, row: SpanRow, percent: int) -> None:
    """How far one is; never back."""
    here = sa.and_(spans.c.workflow_id == row.workflow_id, spans.c.number == row.number)
    begun = sa.func.coalesce(spans.c.started_at_s, time.time())
    connection.execute(
        spans.update().where(here, spans.c.progress <= percent).values(progress=percent, started_at_s=begun)
    )


def finish(connection: sa.Connection, jobs: Jobs, row: SpanRow, user_id: str) -> None:
    """One is done and lies in the store; the last one calls for the joining."""
    here = sa.and_(spans.c.workflow_id == row.workflow_id, spans.c.number == row.number)
    done = connection.execute(
        spans.update().where(here, sa.not_(spans.c.is_done)).values(is_done=True, progress=100)
    )
    if done.rowcount == 1 and all(each.is_done for each in of_render(connection, row.workflow_id)):
        jobs.join(connection, join_id(row.workflow_id), user_id)


def percent(rows: list[SpanRow]) -> float:
    """How far all of them are together."""
    done = sum(row.frames * row.progress for row in rows)
    return done / sum(row.frames for row in rows)


def begun_at_s(rows: list[SpanRow]) -> float | None:
    """When the first of them was begun."""
    return min((row.started_at_s for row in rows if row.started_at_s is not None), default=None)


def drop(connection: sa.Connection, workflow_id: str) -> None:
    """Their render is over."""
    connection.execute(spans.delete().where(spans.c.workflow_id == workflow_id))
