"""`saycut fsck`: whether everything that was promised is there: files, states, credits."""

import hashlib
from collections.abc import Iterator

import msgspec
import sqlalchemy as sa

from saycut.errors import NotFound
from saycut.service.store import Store
from saycut.service.tables import accounts, assets, holds, ledger, objects, renders, sessions, states, turns
from saycut.service.turns import OPEN as OPEN_TURNS
from saycut.service.workplace import Workplace
from saycut.timeline.stored import from_text


class Checked(msgspec.Struct, frozen=True):
    """What was looked at, and what was found wrong."""

    objects: int
    sessions: int
    accounts: int
    wrong: tuple[str, ...]


def checked(workplace: Workplace, *, deep: bool = False) -> Checked:
    """Look at everything; `deep` also reads every object and compares its hash."""
    with workplace.database.reading() as connection:
        wrong = [
            *_wrong_objects(connection, workplace.store, deep),
            *_wrong_sessions(connection),
            *_wrong_accounts(connection),
            *_wrong_holds(connection),
        ]
        counts = [
            int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())
            for table in (objects, sessions, accounts)
        ]
    return Checked(counts[0], counts[1], counts[2], tuple(wrong))


def _wrong_objects(connection: sa.Connection, store: Store, deep: bool) -> Iterator[str]:
    for row in connection.execute(sa.select(objects)):
        size = store.size_of(row.sha256)
        if size is None:
            yield f"object {row.sha256[:12]}: it is not in the store"
        elif size != row.size_bytes:
            yield f"object {row.sha256[:12]}: {size} bytes instead of {row.size_bytes}"
        elif deep and _hash(store, row.sha256) != row.sha256:
            yield f"object {row.sha256[:12]}: its content is another"
    used = sa.union(
        sa.select(assets.c.sha256), sa.select(renders.c.sha256).where(renders.c.sha256.is_not(None))
    )
    known = set(connection.execute(sa.select(objects.c.sha256)).scalars())
    for sha256 in set(connection.execute(used).scalars()) - known:
        yield f"object {str(sha256)[:12]}: it is used and not recorded"


def _hash(store: Store, sha256: str) -> str:
    digest = hashlib.sha256()
    try:
        for block in store.read(sha256):
            digest.update(block)
    except NotFound:
        return ""
    return digest.hexdigest()


def _wrong_sessions(connection: sa.Connection) -> Iterator[str]:
    for session in connection.execute(sa.select(sessions.c.id, sessions.c.place, sessions.c.tip)):
        rows = connection.execute(
            sa.select(states.c.place, states.c.after, states.c.project)
            .where(states.c.session_id == session.id)
            .order_by(states.c.place)
        ).all()
        if [row.place for row in rows] != list(range(len(rows))) or session.place >= len(rows):
            yield f"session {session.id}: its history has a gap"
        elif not _is_tree([row.after for row in rows], session.place, session.tip):
            yield f"session {session.id}: its history does not hang together"
        here = set(
            connection.execute(sa.select(assets.c.id).where(assets.c.session_id == session.id)).scalars()
        )
        for row in rows:
            try:
                project = from_text(row.project)
            except msgspec.MsgspecError:
                yield f"session {session.id}: state {row.place} cannot be read"
                continue
            if not {asset.id for asset in project.assets if asset.id.startswith("file-")} <= here:
                yield f"session {session.id}: state {row.place} shows a file that is not there"


def _is_tree(came_from: list[int | None], place: int, tip: int) -> bool:
    """Whether every state comes from one before it, and the line to `tip` leads through `place`."""
    if any(after is not None if at == 0 else after not in range(at) for at, after in enumerate(came_from)):
        return False
    line: int | None = tip if 0 <= tip < len(came_from) else None
    while line is not None and line > place:
        line = came_from[line]
    return line == place


def _wrong_accounts(connection: sa.Connection) -> Iterator[str]:
    """available + frozen + captured = granted, and frozen = what is held."""

    def total(kind: str) -> sa.ScalarSelect[int]:
        amount = sa.func.coalesce(sa.func.sum(ledger.c.amount), 0)
        return (
            sa.select(amount)
            .where(ledger.c.user_id == accounts.c.user_id, ledger.c.kind == kind)
            .scalar_subquery()
        )

    held = (
        sa.select(sa.func.coalesce(sa.func.sum(holds.c.amount), 0))
        .where(holds.c.user_id == accounts.c.user_id, holds.c.state == "held")
        .scalar_subquery()
    )
    for row in connection.execute(sa.select(accounts, total("grant"), total("capture"), held)):
        user_id, available, frozen, granted, captured, on_hold = row
        if available + frozen + int(captured) != int(granted):
            yield f"account {user_id}: {available} + {frozen} + {captured} spent is not {granted}"
        if frozen != int(on_hold):
            yield f"account {user_id}: {frozen} frozen, {on_hold} on hold"


def _wrong_holds(connection: sa.Connection) -> Iterator[str]:
    """Only work under way holds anything; only what was done is paid (what changed nothing is free)."""
    rows = connection.execute(
        sa.select(holds.c.id, holds.c.state, turns.c.status).join(turns, turns.c.id == holds.c.id)
    )
    allowed = {
        "held": OPEN_TURNS,
        "captured": ("done",),
        "released": ("failed", "cancelled", "done"),
    }
    for row in rows:
        if row.status not in allowed[row.state]:
            yield f"hold {row.id}: {row.state}, and its turn is {row.status}"
