"""Webhooks: what is announced to whom (Standard Webhooks, https://www.standardwebhooks.com).

An announcement is written, and its delivery queued, in the transaction that ends the turn or the render: what
is over is announced, and nothing else.
"""

import base64
import json
import secrets
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from saycut.service import renders, turns
from saycut.service.errors import Conflict, ServiceError, TooMany
from saycut.service.jobs import Jobs
from saycut.service.tables import deliveries, webhooks

EVENTS = (
    "turn.done",
    "turn.failed",
    "turn.cancelled",
    "render.completed",
    "render.failed",
    "render.cancelled",
)
TEST = "webhook.test"
_MOST = 10
_MOST_WAITING = 10  # of which tests may be added
_SECRET_BYTES = 32
_PREFIX = "whsec_"


class WebhookNotFound(ServiceError):
    """A webhook that is not there, or somebody else's."""

    code = "webhook_not_found"
    wire_code = 1002
    http_status = 404
    exit_code = 4
    sentence_en = "This webhook was not found."
    sentence_zh = "找不到该 Webhook。"
    hint_en = ""
    hint_zh = ""


class WebhookRow(msgspec.Struct, frozen=True):
    """Where a user wants to be told, and of what; `secret` signs what is sent there."""

    id: str
    user_id: str
    url: str
    secret: str
    events: str
    created_at_s: float
    disabled_at_s: float | None = None

    @property
    def wanted(self) -> list[str]:
        found: list[str] = json.loads(self.events)
        return found

    @property
    def key(self) -> bytes:
        """What the signature is made with."""
        return base64.b64decode(self.secret.removeprefix(_PREFIX))


class DeliveryRow(msgspec.Struct, frozen=True):
    """One announcement to one webhook."""

    id: str
    webhook_id: str
    event: str
    body: str
    status: str
    attempts: int
    last_answer: str | None
    created_at_s: float
    ended_at_s: float | None = None


def add(connection: sa.Connection, user_id: str, url: str, events: Sequence[str]) -> WebhookRow:
    """A new webhook; its address has been checked. Raises Conflict for too many."""
    if len(of_user(connection, user_id)) >= _MOST:
        raise Conflict(reason=f"At most {_MOST} webhooks.", reason_zh=f"最多 {_MOST} 个 Webhook。")
    made = WebhookRow(
        id=f"whk_{secrets.token_urlsafe(12)}",
        user_id=user_id,
        url=url,
        secret=_PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode(),
        events=json.dumps(list(events)),
        created_at_s=time.time(),
    )
    connection.execute(webhooks.insert().values(**msgspec.structs.asdict(made)))
    return made


def of_user(connection: sa.Connection, user_id: str) -> list[WebhookRow]:
    """All webhooks of a user, the oldest first."""
    rows = connection.execute(
        _hooks().where(webhooks.c.user_id == user_id).order_by(webhooks.c.created_at_s, webhooks.c.id)
    )
    return [WebhookRow(*row) for row in rows]


def one_of_user(connection: sa.Connection, user_id: str, webhook_id: str) -> WebhookRow:
    """The webhook of that id when it is `user_id`'s. Raises WebhookNotFound, for others' as for none."""
    row = connection.execute(
        _hooks().where(webhooks.c.id == webhook_id, webhooks.c.user_id == user_id)
    ).first()
    if row is None:
        raise WebhookNotFound()
    return WebhookRow(*row)


def remove(connection: sa.Connection, webhook: WebhookRow) -> None:
    """Nothing is sent there any more; what waits for another attempt is dropped when its time comes."""
    connection.execute(deliveries.delete().where(deliveries.c.webhook_id == webhook.id))
    connection.execute(webhooks.delete().where(webhooks.c.id == webhook.id))


def recent(connection: sa.Connection, webhook: WebhookRow, most: int) -> list[DeliveryRow]:
    """The newest announcements to a webhook."""
    wanted = _deliveries().where(deliveries.c.webhook_id == webhook.id)
    newest = wanted.order_by(deliveries.c.created_at_s.desc(), deliveries.c.id).limit(most)
    return [DeliveryRow(*row) for row in connection.execute(newest)]


def delivery(connection: sa.Connection, delivery_id: str) -> tuple[DeliveryRow, WebhookRow] | None:
    """An announcement and where it goes; None when either is gone."""
    row = connection.execute(_deliveries().where(deliveries.c.id == delivery_id)).first()
    if row is None:
        return None
    told = DeliveryRow(*row)
    hook = connection.execute(_hooks().where(webhooks.c.id == told.webhook_id)).first()
    return None if hook is None else (told, WebhookRow(*hook))


def attempted(connection: sa.Connection, delivery_id: str, answer: str, status: str) -> None:
    """Record an attempt: what came back, and what that makes of the delivery."""
    ended_at_s = None if status == "waiting" else time.time()
    connection.execute(
        deliveries.update()
        .where(deliveries.c.id == delivery_id)
        .values(
            attempts=deliveries.c.attempts + 1, last_answer=answer[:255], status=status, ended_at_s=ended_at_s
        )
    )


def disable(connection: sa.Connection, webhook_id: str) -> None:
    """Whoever answers 410 wants to hear nothing more."""
    connection.execute(webhooks.update().where(webhooks.c.id == webhook_id).values(disabled_at_s=time.time()))


def turn_ended(connection: sa.Connection, jobs: Jobs, turn_id: str) -> None:
    """Announce a turn that is over."""
    turn = turns.of_id(connection, turn_id)
    if turn is not None and turn.is_over:
        data = {"id": turn.id, "session_id": turn.session_id, "status": turn.status}
        announce(connection, jobs, turn.user_id, f"turn.{turn.status}", data)


def render_ended(connection: sa.Connection, jobs: Jobs, workflow_id: str) -> None:
    """Announce a render that is over."""
    row = renders.of_workflow(connection, workflow_id)
    if row is not None and row.is_over:
        data = {"id": row.id, "session_id": row.session_id, "status": row.status, "name": row.name}
        announce(connection, jobs, row.user_id, f"render.{row.status}", data)


def announce(connection: sa.Connection, jobs: Jobs, user_id: str, event: str, data: dict[str, Any]) -> None:
    """Queue a delivery to every webhook of the user that wants to hear of `event`."""
    mine = _hooks().where(webhooks.c.user_id == user_id)
    # Held until the end of the transaction: none may be removed while something is written to it.
    for row in connection.execute(mine.with_for_update(read=True, key_share=True)).all():
        webhook = WebhookRow(*row)
        if event in webhook.wanted and webhook.disabled_at_s is None:
            send(connection, jobs, webhook, event, data)


def tried(connection: sa.Connection, jobs: Jobs, webhook: WebhookRow) -> DeliveryRow:
    """Queue a test. Raises TooMany while several announcements wait there already."""
    waiting = sa.select(sa.func.count()).where(
        deliveries.c.webhook_id == webhook.id, deliveries.c.status == "waiting"
    )
    if connection.execute(waiting).scalar_one() >= _MOST_WAITING:
        raise TooMany(
            reason="Several messages wait for this webhook already.",
            reason_zh="该 Webhook 已有多条消息在等待发送。",
            retry_after_s=60,
        )
    return send(connection, jobs, webhook, TEST, {})


def send(
    connection: sa.Connection, jobs: Jobs, webhook: WebhookRow, event: str, data: dict[str, Any]
) -> DeliveryRow:
    """Queue a delivery to one webhook."""
    now_s = time.time()
    body = {"type": event, "timestamp": datetime.fromtimestamp(now_s, UTC).isoformat(), "data": data}
    made = DeliveryRow(
        id=f"msg_{secrets.token_urlsafe(12)}",
        webhook_id=webhook.id,
        event=event,
        body=json.dumps(body, ensure_ascii=False),
        status="waiting",
        attempts=0,
        last_answer=None,
        created_at_s=now_s,
    )
    connection.execute(deliveries.insert().values(**msgspec.structs.asdict(made)))
    jobs.delivery(connection, made.id, webhook.id)
    return made


def _hooks() -> sa.Select[Any]:
    return sa.select(*(webhooks.c[name] for name in WebhookRow.__struct_fields__))


def _deliveries() -> sa.Select[Any]:
    return sa.select(*(deliveries.c[name] for name in DeliveryRow.__struct_fields__))
