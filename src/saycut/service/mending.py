"""What an engine has given up is settled all the same: no hold stays held, nothing is "processing" for ever.

A job that kills its worker again and again is not tried for ever; one may be cancelled past us, with the
engine's own tools; a database may go away in the very step that settles. The job is then over, and what it
was for is not. Every worker looks for that now and then.
"""

import time
from collections.abc import Iterator

import sqlalchemy as sa

from saycut.service import cancelling, spans
from saycut.service.renders import OPEN as OPEN_RENDERS
from saycut.service.spans import join_id
from saycut.service.tables import renders, turns
from saycut.service.turns import OPEN as OPEN_TURNS
from saycut.service.workplace import Workplace

_AT_ONCE = 200


def mend(workplace: Workplace) -> int:
    """Settle what was left; how much it was. Safe beside everything else, and in several processes."""
    mended = 0
    for page in _pages(workplace, turns.c.id, turns.c.status, OPEN_TURNS):
        for turn_id, was_cancelled in workplace.jobs.over(page).items():
            mended += cancelling.abandon_turn(workplace, turn_id, was_cancelled)
    for page in _pages(workplace, renders.c.workflow_id, renders.c.status, OPEN_RENDERS):
        for workflow_id, was_cancelled in _given_up(workplace, page):
            mended += cancelling.abandon_render(workplace, workflow_id, was_cancelled)
    return mended


def _given_up(workplace: Workplace, workflow_ids: list[str]) -> Iterator[tuple[str, bool]]:
    """Renders that nobody works on any more, and whether that was wished for.

    The spans of each are read again after the engine was asked: what a job did before it ended is in them.
    """
    with workplace.database.reading() as connection:
        divided = {each: spans.of_render(connection, each) for each in workflow_ids}
    parts = [job for each, rows in divided.items() if rows for job in (*(r.id for r in rows), join_id(each))]
    over = workplace.jobs.over([*workflow_ids, *parts])
    for each in workflow_ids:
        with workplace.database.reading() as connection:
            rows = spans.of_render(connection, each)
        left = [*(row.id for row in rows if not row.is_done), join_id(each)] if rows else [each]
        yield from ((each, over[job]) for job in left if job in over)


def _pages(
    workplace: Workplace, id_: sa.Column[str], status: sa.Column[str], open_: tuple[str, ...]
) -> Iterator[list[str]]:
    """All that are not over, the oldest first, so many at once: however many wait, none is passed over."""
    created = id_.table.c.created_at_s
    order = sa.tuple_(created, id_)
    wanted = sa.select(created, id_).where(status.in_(open_), created < time.time() - 1.0)
    page = wanted.order_by(created, id_).limit(_AT_ONCE)
    while True:
        with workplace.database.reading() as connection:
            rows = connection.execute(page).all()
        if not rows:
            return
        yield [job_id for _, job_id in rows]
        page = wanted.where(order > sa.tuple_(*rows[-1])).order_by(created, id_).limit(_AT_ONCE)
