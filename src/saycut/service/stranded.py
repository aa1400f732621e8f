"""Jobs that the engine calls running and that nobody runs: those of a worker that died, and those of a living
one whose end could not be written down, because the disk was full or the database away for a moment.

Three private things of the pinned release are used here: the public ways either need a paid service or would
move jobs past our limits (docs/explanation/service.md).
"""

import time

from dbos import DBOS
from dbos._utils import INTERNAL_QUEUE_NAME

from saycut.service.tables import workers
from saycut.service.workplace import Workplace

_DEAD_AFTER_S = 12.0
_RUNNING = "PENDING"  # in the engine's words; what waits is ENQUEUED


def take_over(workplace: Workplace, worker_id: str) -> None:
    """Whoever has not been heard of for twelve seconds is dead; the first to see it takes the jobs."""
    with workplace.database.writing() as connection:
        dead = connection.execute(
            workers.delete()
            .where(workers.c.beat_at_s < time.time() - _DEAD_AFTER_S, workers.c.id != worker_id)
            .returning(workers.c.id)
        ).scalars()
        names = list(dead)
    if names:
        DBOS._recover_pending_workflows(names)


class Unended:
    """This worker's own: called running, and not run. Seen twice in a row they are queued again; of what they
    had done and written down nothing is done again."""

    def __init__(self, engine: DBOS, worker_id: str) -> None:
        self._engine = engine
        self._worker_id = worker_id
        self._seen: set[str] = set()

    def queue_again(self) -> None:
        """Those that were so at the last look, and still are: what is just begun or ended is not of them."""
        called_running = DBOS.list_workflows(
            status=_RUNNING, executor_id=self._worker_id, load_input=False, load_output=False
        )
        idle = {job.workflow_id for job in called_running}.difference(
            self._engine._active_workflows_set.activeList()
        )
        for job_id in idle & self._seen:
            self._engine._sys_db.reenqueue_for_recovery(job_id, [self._worker_id], INTERNAL_QUEUE_NAME)
        self._seen = idle
