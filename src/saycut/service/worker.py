"""The worker: a process that takes jobs. One comes with `saycut serve`; `saycut worker` starts more.

Every worker has an id of its own that it keeps: started again after a crash it finishes what it had begun.
What a worker that never comes back had begun is taken over by the others.
"""

import math
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from dbos import DBOS, DBOSConfig
from dbos._serialization import DBOSPortableJSON
from sqlalchemy.exc import SQLAlchemyError

from saycut.errors import Internal
from saycut.service import delivering, planning, rendering, workflows, working
from saycut.service.jobs import APPLICATION, DELIVERIES, RENDERS, SPANS, STEPS_VERSION, TURNS
from saycut.service.logs import log
from saycut.service.mending import mend
from saycut.service.retention import sweep
from saycut.service.stranded import Unended, take_over
from saycut.service.tables import workers
from saycut.service.workplace import Workplace

# Somebody waits for the first word of a turn; nobody notices a quarter of a second of a render. Every look
# costs: with 0.05 s on all queues an idle worker took 20 % of a busy shared core, so it takes 11.
_TURN_POLL_S = 0.1
_RENDER_POLL_S = 0.25
_DELIVERY_POLL_S = 0.5
_BEAT_S = 2.0
_SWEEP_S = 3600.0
_MEND_S = 10.0
_PATIENCE_S = 10  # for jobs that are nearly done; with everything else a stop takes less than 20 s
_TURNS_AT_ONCE = 4
_RENDERS_OF_A_USER = 2
_SPANS_OF_A_USER = 64
_DELIVERIES_OF_A_WEBHOOK = 20
# What a worker can do; the engine knows it by its being imported.
_JOBS = (
    workflows.run_turn,
    rendering.run_render,
    rendering.run_span,
    rendering.run_join,
    delivering.run_delivery,
)


def run(workplace: Workplace, worker_id: str, stop: threading.Event) -> None:
    """Take jobs until `stop`; what is running then is stopped and taken up again later."""
    working.work_at(workplace)
    planning.warm_up()
    config: DBOSConfig = {
        "name": APPLICATION,
        "system_database_url": workplace.database.url,
        "executor_id": worker_id,
        "application_version": STEPS_VERSION,
        "serializer": DBOSPortableJSON,
        "log_level": "ERROR",
    }
    engine = DBOS(config=config)
    DBOS.launch()
    _register_queues(workplace.settings.workers)
    chores = (
        _Chore(_BEAT_S, lambda: _beat(workplace, worker_id)),
        _Chore(_BEAT_S, lambda: take_over(workplace, worker_id)),
        _Chore(_BEAT_S, Unended(engine, worker_id).queue_again),
        _Chore(_SWEEP_S, lambda: sweep(workplace)),
        _Chore(_MEND_S, lambda: mend(workplace)),
    )
    try:
        while not stop.wait(_BEAT_S):
            for chore in chores:
                chore.done_when_due()
    except SQLAlchemyError as error:
        # What could not be written meanwhile is not known: started again it takes up all that is open.
        log("worker_gives_up", reason=type(error).__name__)
        raise Internal(reason="the database was away; the worker has to be started again") from error
    finally:
        with suppress(SQLAlchemyError):
            _gone(workplace, worker_id)
        DBOS.destroy(workflow_completion_timeout_sec=_PATIENCE_S)


class _Chore:
    """What is done now and then."""

    def __init__(self, every_s: float, work: Callable[[], object]) -> None:
        self._every_s = every_s
        self._work = work
        self._done_at_s = -math.inf

    def done_when_due(self) -> None:
        """Once more, when it was not done lately."""
        now_s = time.monotonic()
        if now_s - self._done_at_s >= self._every_s:
            self._done_at_s = now_s
            self._work()


def _register_queues(at_once: int) -> None:
    DBOS.register_queue(
        TURNS,
        worker_concurrency=max(_TURNS_AT_ONCE, at_once),
        partition_concurrency=1,
        polling_interval_sec=_TURN_POLL_S,
    )
    DBOS.register_queue(
        RENDERS,
        worker_concurrency=at_once,
        partition_concurrency=_RENDERS_OF_A_USER,
        polling_interval_sec=_RENDER_POLL_S,
    )
    # A render that waits for its spans runs nowhere; in turns by user, as many at once as there are hands.
    DBOS.register_queue(
        SPANS,
        worker_concurrency=at_once,
        partition_concurrency=_SPANS_OF_A_USER,
        polling_interval_sec=_RENDER_POLL_S,
    )
    # Most of them wait for their next attempt: what is limited is what one deaf receiver holds up.
    DBOS.register_queue(
        DELIVERIES, partition_concurrency=_DELIVERIES_OF_A_WEBHOOK, polling_interval_sec=_DELIVERY_POLL_S
    )


def stop_on_signals() -> threading.Event:
    """Set on SIGTERM and SIGINT."""
    stop = threading.Event()
    for which in (signal.SIGTERM, signal.SIGINT):
        signal.signal(which, lambda *_: stop.set())
    return stop


def _beat(workplace: Workplace, worker_id: str) -> None:
    with workplace.database.writing() as connection:
        row = workers.update().where(workers.c.id == worker_id).values(beat_at_s=time.time())
        if connection.execute(row).rowcount == 0:
            connection.execute(workers.insert().values(id=worker_id, beat_at_s=time.time()))


def _gone(workplace: Workplace, worker_id: str) -> None:
    """What is left undone here may be taken over at once."""
    with workplace.database.writing() as connection:
        connection.execute(workers.update().where(workers.c.id == worker_id).values(beat_at_s=0.0))
