"""Renders: a project asked for as a file, and what became of it. The same id and body is the same render."""

import hashlib
import json
import secrets
import time
from typing import Any

import msgspec
import sqlalchemy as sa

from saycut.service import spans
from saycut.service.errors import Conflict, ServiceError, TooMany
from saycut.service.plans import Plan
from saycut.service.tables import renders

OPEN = ("pending", "processing")  # waiting, or under way
_LONGEST_STAGE = 64


class RenderNotFound(ServiceError):
    """A render that is not there, or somebody else's."""

    code = "render_not_found"
    wire_code = 1002
    http_status = 404
    exit_code = 4
    sentence_en = "This render was not found."
    sentence_zh = "找不到该渲染任务。"
    hint_en = ""
    hint_zh = ""


class NoReceipt(ServiceError):
    """A receipt is asked for that is not there yet, or never will be."""

    code = "no_receipt"
    wire_code = 409
    http_status = 409
    sentence_en = "This render has no receipt: it is not completed."
    sentence_zh = "该渲染尚未完成，没有回执。"
    hint_en = ""
    hint_zh = ""


class RenderRow(msgspec.Struct, frozen=True):
    """One render."""

    user_id: str
    id: str
    session_id: str
    body_sha256: str
    project: str
    options: str
    workflow_id: str
    status: str
    progress: int
    eta_s: float | None
    stage: str | None
    error: str | None
    receipt: str | None
    sha256: str | None
    name: str | None
    duration_ms: int | None
    created_at_s: float
    ended_at_s: float | None

    @property
    def is_over(self) -> bool:
        return self.status in ("completed", "failed", "cancelled")


def body_hash(body: dict[str, Any]) -> str:
    """What makes two requests the same, whatever the order of their keys."""
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def known(connection: sa.Connection, user_id: str, render_id: str, body_sha256: str) -> RenderRow | None:
    """The render of that id when it was asked for before. Raises Conflict when that was another."""
    row = _row(connection, renders.c.user_id == user_id, renders.c.id == render_id)
    if row is not None and row.body_sha256 != body_sha256:
        raise Conflict(
            reason="A render of this id was asked for with another body.",
            reason_zh="该渲染 id 已用于不同的请求。",
        )
    return row


def begin(
    connection: sa.Connection,
    user_id: str,
    render_id: str,
    asked: dict[str, str],
    plan: Plan,
) -> RenderRow:
    """A new render; `asked` has session_id, body_sha256, project, options, attribution. Raises TooMany."""
    waiting: int = connection.execute(
        sa.select(sa.func.count())
        .select_from(renders)
        .where(renders.c.user_id == user_id, renders.c.status.in_(OPEN))
    ).scalar_one()
    if waiting >= plan.waiting_renders:
        raise TooMany(
            reason=f"{waiting} renders are waiting already.",
            reason_zh=f"已有 {waiting} 个渲染任务在排队。",
            retry_after_s=30,
        )
    connection.execute(
        renders.insert().values(
            user_id=user_id,
            id=render_id,
            workflow_id=f"rnd_{secrets.token_urlsafe(12)}",
            status="pending",
            progress=0,
            created_at_s=time.time(),
            **asked,
        )
    )
    return of_user(connection, user_id, render_id)


def of_user(connection: sa.Connection, user_id: str, render_id: str) -> RenderRow:
    """The render of that id when it is `user_id`'s. Raises RenderNotFound, for others' as for none."""
    row = _row(connection, renders.c.user_id == user_id, renders.c.id == render_id)
    if row is None:
        raise RenderNotFound()
    return row


def all_of_user(
    connection: sa.Connection,
    user_id: str,
    most: int,
    *,
    session_id: str | None = None,
    after: str | None = None,
) -> list[RenderRow]:
    """The newest renders of a user, at most so many, from the one `after` on. Raises RenderNotFound for an
    `after` that is not there."""
    columns = [renders.c[name] for name in RenderRow.__struct_fields__]
    wanted = sa.select(*columns).where(renders.c.user_id == user_id)
    if session_id is not None:
        wanted = wanted.where(renders.c.session_id == session_id)
    order = sa.tuple_(renders.c.created_at_s, renders.c.id)
    if after is not None:
        last = of_user(connection, user_id, after)
        wanted = wanted.where(order < sa.tuple_(last.created_at_s, last.id))
    newest = wanted.order_by(renders.c.created_at_s.desc(), renders.c.id.desc()).limit(most)
    return [RenderRow(*row) for row in connection.execute(newest)]


def of_workflow(connection: sa.Connection, workflow_id: str) -> RenderRow | None:
    """The render that this job is for."""
    return _row(connection, renders.c.workflow_id == workflow_id)


def open_of_session(connection: sa.Connection, session_id: str) -> list[str]:
    """The jobs that are not over yet."""
    return list(
        connection.execute(
            sa.select(renders.c.workflow_id).where(
                renders.c.session_id == session_id, renders.c.status.in_(OPEN)
            )
        ).scalars()
    )


def advance(
    connection: sa.Connection,
    workflow_id: str,
    progress: int,
    eta_s: float | None,
    stage: str | None = None,
) -> None:
    """How far it is, in percent, and what is done just now; the percentage never goes back, nor over the end:
    a stage that turns out to be long once more is told all the same."""
    percent = min(progress, 99)
    connection.execute(
        renders.update()
        .where(
            renders.c.workflow_id == workflow_id,
            renders.c.status.in_(OPEN),
        )
        .values(
            status="processing",
            progress=sa.case((renders.c.progress > percent, renders.c.progress), else_=percent),
            eta_s=eta_s,
            stage=None if stage is None else stage[:_LONGEST_STAGE],
        )
    )


def end(connection: sa.Connection, workflow_id: str, status: str, **result: Any) -> bool:
    """Mark a render as over, once; False when it was so already."""
    done = connection.execute(
        renders.update()
        .where(renders.c.workflow_id == workflow_id, renders.c.status.in_(OPEN))
        .values(status=status, eta_s=None, stage=None, ended_at_s=time.time(), **result)
    )
    spans.drop(connection, workflow_id)
    return done.rowcount == 1


def _row(connection: sa.Connection, *where: sa.ColumnElement[bool]) -> RenderRow | None:
    columns = [renders.c[name] for name in RenderRow.__struct_fields__]
    row = connection.execute(sa.select(*columns).where(*where)).first()
    return None if row is None else RenderRow(*row)
