"""What an engine has given up is settled all the same: no hold stays held, nothing is "processing" for ever.

A job that kills its worker again and again is not tried for ever; one may be cancelled past us, with the
engine's own tools; a database may go away in the very step that settles. The job is then over, and what it
was for is not. Every worker looks for that now and then.
"""

import time

import sqlalchemy as sa

from saycut.service import cancelling
from saycut.service.tables import renders, turns
from saycut.service.workplace import Workplace

_AT_ONCE = 200


def mend(workplace: Workplace) -> int:
    """Settle what was left; how much it was. Safe beside everything else, and in several processes."""
    with workplace.database.reading() as connection:
        open_turns = _open(connection, turns.c.id, turns.c.status, ("queued", "running"))
        open_renders = _open(connection, renders.c.workflow_id, renders.c.status, ("pending", "processing"))
    over = workplace.jobs.over([*open_turns, *open_renders])
    mended = 0
    for job_id, was_cancelled in over.items():
        settle = cancelling.abandon_turn if job_id in open_turns else cancelling.abandon_render
        mended += settle(workplace, job_id, was_cancelled)
    return mended


def _open(
    connection: sa.Connection, id_: sa.Column[str], status: sa.Column[str], open_: tuple[str, ...]
) -> list[str]:
    """The oldest that are not over: what was left behind is older than what goes on."""
    created = id_.table.c.created_at_s
    waited = created < time.time() - 1.0
    rows = sa.select(id_).where(status.in_(open_), waited).order_by(created).limit(_AT_ONCE)
    return list(connection.execute(rows).scalars())
