"""What is let go, and when: sessions that were deleted, results that are old, announcements
that arrived long ago, files that nobody refers to.

Rows go first and files after: a file without a row is only lost room, which the next sweep gives back; a row
without its file would be a broken promise.
"""

import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
import sqlalchemy as sa

from saycut.service.renders import OPEN as OPEN_RENDERS
from saycut.service.tables import (
    assets,
    deliveries,
    events,
    objects,
    renders,
    resumables,
    sessions,
    spans,
    states,
    tokens,
    turns,
)
from saycut.service.turns import OPEN as OPEN_TURNS
from saycut.service.workplace import Workplace

_DAY_S = 24 * 3600.0
_DELETED_S = 7 * _DAY_S  # a deleted session can be brought back by an operator for so long
_DELIVERIES_S = 30 * _DAY_S  # for looking up what was announced, and what came back
_TOKENS_S = 30 * _DAY_S
_JOBS_S = 7 * _DAY_S  # what the engine keeps of a job that is over; renders and turns have rows of their own
_UNUSED_S = _DAY_S  # an object may be on its way to its row


class Swept(msgspec.Struct, frozen=True):
    """How much went."""

    sessions: int
    renders: int
    objects: int
    deliveries: int
    tokens: int
    jobs: int


def sweep(workplace: Workplace, now_s: float | None = None) -> Swept:
    """Let go of what is due. Safe beside everything else, and in several processes at once."""
    now_s = time.time() if now_s is None else now_s
    with workplace.database.writing() as connection:
        gone_renders = _old_renders(connection, workplace.settings.keep_results_days, now_s)
        gone_sessions = _deleted_sessions(connection, now_s)
        gone_deliveries = _ended_deliveries(connection, now_s)
        gone_tokens = _worthless_tokens(connection, now_s)
    unused = _unused_objects(workplace, now_s) + _unrecorded_objects(workplace, now_s)
    _parts(workplace)
    _left(workplace.store.fetched.iterdir(), now_s)
    _left(workplace.store.inbox.iterdir(), now_s)
    _left(_job_folders(workplace), now_s)
    jobs = workplace.jobs.forget(now_s - _JOBS_S)
    return Swept(gone_sessions, gone_renders, unused, gone_deliveries, gone_tokens, jobs)


def _old_renders(connection: sa.Connection, keep_days: float, now_s: float) -> int:
    """The files of old renders; their rows and receipts stay. 0 days: for ever."""
    if keep_days <= 0:
        return 0
    old = renders.update().where(
        renders.c.ended_at_s < now_s - keep_days * _DAY_S, renders.c.sha256.is_not(None)
    )
    return connection.execute(old.values(sha256=None)).rowcount


def _deleted_sessions(connection: sa.Connection, now_s: float) -> int:
    """Everything of sessions that were deleted long enough ago and that no job works on."""
    busy = sa.select(turns.c.session_id).where(turns.c.status.in_(OPEN_TURNS))
    rendering = sa.select(renders.c.session_id).where(renders.c.status.in_(OPEN_RENDERS))
    due = list(
        connection.execute(
            sa.select(sessions.c.id).where(
                sessions.c.deleted_at_s < now_s - _DELETED_S,
                sessions.c.id.not_in(busy),
                sessions.c.id.not_in(rendering),
            )
        ).scalars()
    )
    for session_id in due:
        of_session = sa.select(turns.c.id).where(turns.c.session_id == session_id)
        connection.execute(events.delete().where(events.c.turn_id.in_(of_session)))
        for table in (turns, renders, states, assets, resumables):
            connection.execute(table.delete().where(table.c.session_id == session_id))
        connection.execute(sessions.delete().where(sessions.c.id == session_id))
    return len(due)


def _ended_deliveries(connection: sa.Connection, now_s: float) -> int:
    """What has arrived, or never will; what waits for another attempt stays, however old it is."""
    old = deliveries.delete().where(deliveries.c.ended_at_s < now_s - _DELIVERIES_S)
    return connection.execute(old).rowcount


def _worthless_tokens(connection: sa.Connection, now_s: float) -> int:
    """Those that ran out or were revoked long ago: nobody asks any more why they do not work."""
    ended_s = sa.func.coalesce(tokens.c.revoked_at_s, tokens.c.expires_at_s)
    return connection.execute(tokens.delete().where(ended_s < now_s - _TOKENS_S)).rowcount


def _unused_objects(workplace: Workplace, now_s: float) -> int:
    """Objects without a row that refers to them, each in a transaction of its own."""
    used = sa.union(
        sa.select(assets.c.sha256), sa.select(renders.c.sha256).where(renders.c.sha256.is_not(None))
    )
    old = sa.select(objects.c.sha256).where(
        objects.c.created_at_s < now_s - _UNUSED_S, objects.c.sha256.not_in(used)
    )
    with workplace.database.reading() as connection:
        due = list(connection.execute(old).scalars())
    count = 0
    for sha256 in due:
        with workplace.database.writing() as connection:
            still = objects.delete().where(objects.c.sha256 == sha256, objects.c.sha256.not_in(used))
            if not workplace.store.is_untouched(sha256, now_s - _UNUSED_S):  # it is on its way to a row again
                continue
            if connection.execute(still).rowcount == 1:
                workplace.store.remove(sha256)
                count += 1
    return count


def _parts(workplace: Workplace) -> None:
    """Parts of renders that are over: that were cancelled, or whose worker died while it cleaned up."""
    left = workplace.store.renders_with_parts()  # before the rows: what is divided later is not in it
    with workplace.database.reading() as connection:
        under_way = set(connection.execute(sa.select(spans.c.workflow_id).distinct()).scalars())
    for workflow_id in left - under_way:
        workplace.store.drop_parts(workflow_id)


def _unrecorded_objects(workplace: Workplace, now_s: float) -> int:
    """Objects that came and whose row did not: the database was full, or we were killed between the two."""
    with workplace.database.reading() as connection:
        recorded = set(connection.execute(sa.select(objects.c.sha256)).scalars())
    count = 0
    for sha256 in workplace.store.untouched(now_s - _UNUSED_S):
        if sha256 in recorded:
            continue
        with workplace.database.writing() as connection:
            known = sa.select(objects.c.sha256).where(objects.c.sha256 == sha256)
            if connection.execute(known).first() is None:
                workplace.store.remove(sha256)
                count += 1
    return count


def _job_folders(workplace: Workplace) -> Iterator[Path]:
    """Where renders worked that are over: their workers never came back to tidy up."""
    with workplace.database.reading() as connection:
        open_ = sa.select(renders.c.workflow_id).where(renders.c.status.in_(OPEN_RENDERS))
        under_way = set(connection.execute(open_).scalars())
    for place in workplace.work.glob("rnd_*"):
        if place.name.partition(".")[0] not in under_way:
            yield place


def _left(places: Iterable[Path], now_s: float) -> None:
    """What nothing was done with for a day: links (or copies) of objects, which are made again when needed,
    and what was on its way when somebody was killed."""
    for place in places:
        with suppress(FileNotFoundError):  # its owner was sooner
            if place.stat().st_mtime >= now_s - _UNUSED_S:
                continue
            if place.is_dir():
                shutil.rmtree(place, ignore_errors=True)
            else:
                place.unlink()
