"""Jobs from the outside: queued in the transaction of what they belong to, and cancelled.

The queue is DBOS's, in the same database. Who queues is no worker: it needs no workflow code.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from dbos import DBOS, DBOSClient, EnqueueOptions
from dbos._serialization import DBOSPortableJSON

from saycut.service import tracing
from saycut.service.database import Database

TURNS, RENDERS, SPANS, DELIVERIES = "turns", "renders", "spans", "deliveries"
APPLICATION = "saycut"
# Moves only when the order of steps changes; jobs of another version wait for a worker of theirs.
STEPS_VERSION = "2"

_FORGOTTEN_AT_ONCE = 500
_TRACE = "saycut.trace"
_CANCELLED = "CANCELLED"
_OVER = ["SUCCESS", "ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED", _CANCELLED]


class Jobs:
    """The queues of one database."""

    def __init__(self, database: Database) -> None:
        DBOS.migrate(database.url)
        self._client = DBOSClient(
            system_database_url=database.url, serializer=DBOSPortableJSON, application_name=APPLICATION
        )

    def turn(self, connection: sa.Connection, turn_id: str, session_id: str) -> None:
        """Queue a turn; those of one session run one after the other."""
        self._enqueue(connection, TURNS, "run_turn", turn_id, session_id)

    def render(self, connection: sa.Connection, workflow_id: str, user_id: str) -> None:
        """Queue a render; every user has a queue of their own, so that nobody waits for all of another's."""
        self._enqueue(connection, RENDERS, "run_render", workflow_id, user_id)

    def span(self, connection: sa.Connection, span_id: str, user_id: str) -> None:
        """Queue a part of a long render; whoever has other parts waiting does not go first."""
        self._enqueue(connection, SPANS, "run_span", span_id, user_id)

    def join(self, connection: sa.Connection, join_id: str, user_id: str) -> None:
        """Queue the joining of a render whose spans are all done."""
        self._enqueue(connection, RENDERS, "run_join", join_id, user_id)

    def delivery(self, connection: sa.Connection, delivery_id: str, webhook_id: str) -> None:
        """Queue an announcement; a webhook that does not answer holds up its own only."""
        self._enqueue(connection, DELIVERIES, "run_delivery", delivery_id, webhook_id)

    def cancel(self, workflow_id: str) -> None:
        """Ask a job to stop; what it runs is gone within two seconds."""
        self._client.cancel_workflow(workflow_id)

    def over(self, workflow_ids: list[str]) -> dict[str, bool]:
        """Those of the jobs that the engine is done with, in whatever way; True for the cancelled ones."""
        if not workflow_ids:
            return {}
        ended = self._client.list_workflows(
            workflow_ids=workflow_ids, status=_OVER, load_input=False, load_output=False
        )
        return {one.workflow_id: one.status == _CANCELLED for one in ended}

    def carrier(self, job_id: str) -> tracing.Carrier | None:
        """The trace in which a job was queued."""
        found = self._client.list_workflows(workflow_ids=[job_id], load_input=False, load_output=False)
        return (found[0].attributes or {}).get(_TRACE) if found else None

    def forget(self, before_s: float) -> int:
        """Let go of what the engine keeps of jobs that ended before then; how many they were."""
        before = datetime.fromtimestamp(before_s, UTC).isoformat()
        count = 0
        while ended := self._client.list_workflows(
            status=_OVER,
            completed_before=before,
            limit=_FORGOTTEN_AT_ONCE,
            load_input=False,
            load_output=False,
        ):
            self._client.delete_workflows([one.workflow_id for one in ended])
            count += len(ended)
        return count

    def close(self) -> None:
        """Give the connections back."""
        self._client.destroy()

    def _enqueue(
        self, connection: sa.Connection, queue: str, workflow: str, workflow_id: str, partition: str
    ) -> None:
        options: EnqueueOptions = {
            "queue_name": queue,
            "workflow_name": workflow,
            "workflow_id": workflow_id,
            "queue_partition_key": partition,
            "app_version": STEPS_VERSION,
        }
        carrier = tracing.carrier()
        if carrier is not None:
            options["attributes"] = {_TRACE: carrier}
        self._client.enqueue_in_transaction(connection, options, workflow_id)
