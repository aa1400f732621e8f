"""Turns: what a person said once, carried out as a durable job, and the events its stream is made of."""

import json
import secrets
import time
from typing import Any

import msgspec
import sqlalchemy as sa

from saycut.language.understand import Step
from saycut.service.errors import Conflict, ServiceError
from saycut.service.sessions import SessionRow
from saycut.service.tables import events, turns

OPEN = ("queued", "running")


class TurnNotFound(ServiceError):
    """A turn that is not there, or somebody else's."""

    code = "turn_not_found"
    wire_code = 1002
    http_status = 404
    exit_code = 4
    sentence_en = "This turn was not found."
    sentence_zh = "找不到该轮对话。"
    hint_en = ""
    hint_zh = ""


class TurnRow(msgspec.Struct, frozen=True):
    """One turn."""

    id: str
    session_id: str
    user_id: str
    number: int
    text: str
    status: str
    created_at_s: float
    on_place: int | None = None
    """Of the state that it is done to; None for the present one."""

    @property
    def is_over(self) -> bool:
        return self.status not in OPEN


class Remembered(msgspec.Struct, frozen=True):
    """What was done and asked before, for what refers to it."""

    steps: tuple[Step, ...] = ()
    choices: tuple[str, ...] = ()


def begin(
    connection: sa.Connection,
    session: SessionRow,
    text: str,
    *,
    turn_id: str | None = None,
    steps: tuple[Step, ...] = (),
    on_place: int | None = None,
) -> TurnRow:
    """A new turn at the end of the session's queue. With `steps` it does these, `text` or not; with
    `on_place` to that state of the history."""
    newest: int = connection.execute(
        sa.select(sa.func.coalesce(sa.func.max(turns.c.number), 0)).where(turns.c.session_id == session.id)
    ).scalar_one()
    made = TurnRow(
        id=turn_id or f"e-{secrets.token_urlsafe(12)}",
        session_id=session.id,
        user_id=session.user_id,
        number=newest + 1,
        text=text,
        status="queued",
        created_at_s=time.time(),
        on_place=on_place,
    )
    row = {**msgspec.structs.asdict(made), "steps": _written(steps), "choices": "[]"}
    connection.execute(turns.insert().values(**row))
    return made


def of_id(connection: sa.Connection, turn_id: str) -> TurnRow | None:
    """The turn of that id."""
    row = connection.execute(_columns().where(turns.c.id == turn_id)).first()
    return None if row is None else TurnRow(*row)


def asked(connection: sa.Connection, turn_id: str) -> tuple[Step, ...]:
    """The operations that an open turn was begun with; none where its words are to be understood."""
    told = connection.execute(sa.select(turns.c.steps).where(turns.c.id == turn_id)).scalar_one()
    return tuple(Step(each["op"], each["args"]) for each in json.loads(told))


def of_user(connection: sa.Connection, user_id: str, turn_id: str) -> TurnRow:
    """The turn of that id when it is `user_id`'s. Raises TurnNotFound, for others' as for none."""
    turn = of_id(connection, turn_id)
    if turn is None or turn.user_id != user_id:
        raise TurnNotFound()
    return turn


def of_session(connection: sa.Connection, session_id: str) -> list[TurnRow]:
    """All turns of a session, in order."""
    rows = connection.execute(_columns().where(turns.c.session_id == session_id).order_by(turns.c.number))
    return [TurnRow(*row) for row in rows]


def is_open(connection: sa.Connection, turn_id: str) -> bool:
    """Whether a turn is not over; inside of a transaction that writes it stays so until its end."""
    status = connection.execute(
        sa.select(turns.c.status).where(turns.c.id == turn_id).with_for_update()
    ).scalar()
    return status in OPEN


def open_of(connection: sa.Connection, session_id: str) -> str | None:
    """The first turn of a session that is not over."""
    waited_for = sa.select(turns.c.id).where(turns.c.session_id == session_id, turns.c.status.in_(OPEN))
    return connection.execute(waited_for.order_by(turns.c.number).limit(1)).scalar()


def check_idle(connection: sa.Connection, session_id: str) -> None:
    """Raises Conflict while a turn is waited for."""
    if open_of(connection, session_id) is not None:
        raise Conflict(
            reason="A turn is being carried out: wait for it, or cancel it.",
            reason_zh="有一轮编辑正在进行：请等待完成或先取消。",
        )


def running(connection: sa.Connection, turn_id: str) -> bool:
    """Mark a turn as begun; False when it is over (it was cancelled while it waited)."""
    done = connection.execute(
        turns.update().where(turns.c.id == turn_id, turns.c.status.in_(OPEN)).values(status="running")
    )
    return done.rowcount == 1


def end(
    connection: sa.Connection,
    turn_id: str,
    status: str,
    steps: tuple[Step, ...] = (),
    choices: tuple[str, ...] = (),
) -> bool:
    """Mark a turn as over, once; False when it was so already."""
    done = connection.execute(
        turns.update()
        .where(turns.c.id == turn_id, turns.c.status.in_(OPEN))
        .values(
            status=status,
            steps=_written(steps),
            choices=json.dumps(choices, ensure_ascii=False),
            ended_at_s=time.time(),
        )
    )
    return done.rowcount == 1


def remembered(connection: sa.Connection, session_id: str, most: int = 20) -> Remembered:
    """What the last turns did, newest last, and what the last one asked."""
    rows = connection.execute(
        sa.select(turns.c.steps, turns.c.choices)
        .where(turns.c.session_id == session_id, turns.c.status == "done")
        .order_by(turns.c.number.desc())
        .limit(most)
    ).all()
    steps = [Step(each["op"], each["args"]) for row in reversed(rows) for each in json.loads(row.steps)]
    return Remembered(tuple(steps), tuple(json.loads(rows[0].choices)) if rows else ())


def tell(connection: sa.Connection, turn_id: str, key: str, event: dict[str, Any]) -> None:
    """Add an event to the stream of a turn; what was told before under that key is not told again, and
    nothing is told of a turn that is over."""
    if not is_open(connection, turn_id):
        return
    known = sa.select(events.c.number).where(events.c.turn_id == turn_id, events.c.key == key)
    if connection.execute(known).first() is not None:
        return
    newest: int = connection.execute(
        sa.select(sa.func.coalesce(sa.func.max(events.c.number), 0)).where(events.c.turn_id == turn_id)
    ).scalar_one()
    connection.execute(
        events.insert().values(
            turn_id=turn_id, number=newest + 1, key=key, body=json.dumps(event, ensure_ascii=False)
        )
    )


def told_after(connection: sa.Connection, turn_id: str, number: int) -> list[tuple[int, str]]:
    """The events after that number: (number, JSON), in order."""
    rows = connection.execute(
        sa.select(events.c.number, events.c.body)
        .where(events.c.turn_id == turn_id, events.c.number > number)
        .order_by(events.c.number)
    )
    return [(row.number, row.body) for row in rows]


def _written(steps: tuple[Step, ...]) -> str:
    return json.dumps([{"op": step.op, "args": step.args} for step in steps], ensure_ascii=False)


def _columns() -> sa.Select[Any]:
    return sa.select(*(turns.c[name] for name in TurnRow.__struct_fields__))
