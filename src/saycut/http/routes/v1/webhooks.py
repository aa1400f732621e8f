"""Webhooks: where a user wants to be told that something is over."""

import asyncio
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from saycut.http.asking import AskingToRead, AskingToWrite, Place
from saycut.http.problems import responses
from saycut.http.routes.v1.shapes import Limit, moment
from saycut.service import hooks
from saycut.service.delivering import rules_of
from saycut.service.fetch.posting import check_address
from saycut.service.hooks import DeliveryRow, WebhookRow

router = APIRouter(tags=["webhooks"], prefix="/webhooks")
WebhookId = Annotated[str, Path(max_length=64, examples=["whk_2kTzq1bW7x5pNnQd"])]
Event = Literal[
    "turn.done", "turn.failed", "turn.cancelled", "render.completed", "render.failed", "render.cancelled"
]


class NewWebhook(BaseModel):
    """Where to, and of what."""

    url: str = Field(max_length=2000, examples=["https://example.com/saycut"])
    events: list[Event] = Field(["render.completed", "render.failed"], min_length=1, max_length=6)


class Webhook(BaseModel):
    """Where announcements go."""

    id: str
    url: str
    events: list[Event]
    created_at: datetime
    disabled: bool = Field(description="The receiver answered 410: nothing is sent there any more.")


class CreatedWebhook(Webhook):
    """With the secret, which is shown this once."""

    secret: str = Field(examples=["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])


class Webhooks(BaseModel):
    """The oldest first."""

    webhooks: list[Webhook]


class Delivery(BaseModel):
    """One announcement; its id is the `webhook-id` that the receiver sees."""

    id: str
    event: str
    status: Literal["waiting", "delivered", "failed"]
    attempts: int
    last_answer: str | None = Field(description="A status, or why there was none.", examples=["200"])
    created_at: datetime

    @classmethod
    def of(cls, row: DeliveryRow) -> "Delivery":
        """As it is in the database."""
        return cls.model_validate(
            {
                "id": row.id,
                "event": row.event,
                "status": row.status,
                "attempts": row.attempts,
                "last_answer": row.last_answer,
                "created_at": moment(row.created_at_s),
            }
        )


class Deliveries(BaseModel):
    """The newest first."""

    deliveries: list[Delivery]


@router.post("", responses=responses(401, 409, 422), operation_id="create_webhook")
async def create_webhook(body: NewWebhook, user: AskingToWrite, place: Place) -> CreatedWebhook:
    """Be told of these. Messages are signed as Standard Webhooks says; private addresses are refused."""

    def added() -> WebhookRow:
        check_address(body.url, rules_of(place.settings))  # asks for names, which may take long
        with place.database.writing() as connection:
            return hooks.add(connection, user.id, body.url, body.events)

    made = await asyncio.to_thread(added)
    return CreatedWebhook(**_shown(made).model_dump(), secret=made.secret)


@router.get("", responses=responses(401), operation_id="list_webhooks")
def list_webhooks(user: AskingToRead, place: Place) -> Webhooks:
    """All webhooks of the user."""
    with place.database.reading() as connection:
        return Webhooks(webhooks=[_shown(row) for row in hooks.of_user(connection, user.id)])


@router.delete(
    "/{webhook_id}", status_code=204, responses=responses(401, 404, 422), operation_id="delete_webhook"
)
def delete_webhook(webhook_id: WebhookId, user: AskingToWrite, place: Place) -> None:
    """Send nothing there any more, and drop what waits."""
    with place.database.writing() as connection:
        hooks.remove(connection, hooks.one_of_user(connection, user.id, webhook_id))


@router.get("/{webhook_id}/deliveries", responses=responses(401, 404, 422), operation_id="list_deliveries")
def list_deliveries(webhook_id: WebhookId, user: AskingToRead, place: Place, limit: Limit = 50) -> Deliveries:
    """What was sent there, and what became of it."""
    with place.database.reading() as connection:
        rows = hooks.recent(connection, hooks.one_of_user(connection, user.id, webhook_id), limit)
    return Deliveries(deliveries=[Delivery.of(row) for row in rows])


@router.post("/{webhook_id}/test", responses=responses(401, 404, 422, 429), operation_id="test_webhook")
def test_webhook(webhook_id: WebhookId, user: AskingToWrite, place: Place) -> Delivery:
    """Send a `webhook.test` there."""
    with place.database.writing() as connection:
        webhook = hooks.one_of_user(connection, user.id, webhook_id)
        return Delivery.of(hooks.tried(connection, place.jobs, webhook))


def _shown(row: WebhookRow) -> Webhook:
    return Webhook.model_validate(
        {
            "id": row.id,
            "url": row.url,
            "events": row.wanted,
            "created_at": moment(row.created_at_s),
            "disabled": row.disabled_at_s is not None,
        }
    )
