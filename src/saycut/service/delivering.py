"""Webhooks delivered: a durable job for each, which tries again for a day and a half.

An attempt may be made twice when a machine dies in it: receivers know a message by its `webhook-id`.
"""

import asyncio
import base64
import hashlib
import hmac
import time

from dbos import DBOS

from saycut.errors import UrlFailed, UrlRefused
from saycut.service import hooks
from saycut.service.fetch.posting import post
from saycut.service.fetch.rules import FetchRules
from saycut.service.hooks import DeliveryRow, WebhookRow
from saycut.service.working import place
from saycut.service.workplace import ServiceSettings, Workplace

_WAITS_S = (1.0, 5.0, 60.0, 300.0, 1800.0, 7200.0, 18_000.0, 36_000.0, 72_000.0)
_GONE = 410
_PATIENCE_S = 20.0


def rules_of(settings: ServiceSettings) -> FetchRules:
    """Where messages may go, and how long one may take."""
    return FetchRules(
        allowed_networks=settings.fetch_networks,
        ports=settings.fetch_ports,
        connect_s=5.0,
        total_s=_PATIENCE_S,
    )


def signed(delivery: DeliveryRow, webhook: WebhookRow, at_s: int) -> dict[str, str]:
    """The headers by which a receiver knows that it is us (Standard Webhooks, symmetric signatures)."""
    said = f"{delivery.id}.{at_s}.{delivery.body}".encode()
    signature = base64.b64encode(hmac.new(webhook.key, said, hashlib.sha256).digest()).decode()
    return {
        "webhook-id": delivery.id,
        "webhook-timestamp": str(at_s),
        "webhook-signature": f"v1,{signature}",
        "Content-Type": "application/json",
        "User-Agent": "saycut",
        "Connection": "close",
    }


@DBOS.workflow(name="run_delivery")
async def run_delivery(delivery_id: str) -> None:
    """One announcement, until it has arrived, is refused for good, or nobody waits for it any more."""
    for wait_s in (*_WAITS_S, None):
        if not await _attempt(delivery_id, wait_s is None):
            return
        await DBOS.sleep_async(wait_s or 0.0)


@DBOS.step(name="attempt")
async def _attempt(delivery_id: str, last: bool) -> bool:
    return await asyncio.to_thread(_attempted, delivery_id, last)


def _attempted(delivery_id: str, last: bool) -> bool:
    """Whether it is worth another attempt."""
    here = place()
    with here.database.reading() as connection:
        found = hooks.delivery(connection, delivery_id)
    if found is None or found[0].status != "waiting":
        return False
    delivery, webhook = found
    status, answer = 0, "disabled"
    if webhook.disabled_at_s is None:
        status, answer = _posted(here, delivery, webhook)
    again = not last and webhook.disabled_at_s is None and status != _GONE and not 200 <= status < 300
    ended = "waiting" if again else "delivered" if 200 <= status < 300 else "failed"
    with here.database.writing() as connection:
        hooks.attempted(connection, delivery_id, answer, ended)
        if status == _GONE:
            hooks.disable(connection, webhook.id)
    return again


def _posted(here: Workplace, delivery: DeliveryRow, webhook: WebhookRow) -> tuple[int, str]:
    headers = signed(delivery, webhook, int(time.time()))
    try:
        status = post(webhook.url, delivery.body.encode(), headers, rules=rules_of(here.settings))
    except (UrlRefused, UrlFailed) as error:
        return 0, error.sentence("en")
    return status, str(status)
