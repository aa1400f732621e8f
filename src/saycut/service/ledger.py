"""Credits: accounts, holds, and a ledger that only grows.

available + frozen + what was captured = what was granted, always. A price is frozen in the transaction that
queues the work, and captured or released once, whoever asks and however often: both are no-ops when the hold
is not held any more.
"""

import time

import msgspec
import sqlalchemy as sa

from saycut.service.errors import OutOfCredits
from saycut.service.tables import accounts, holds, ledger


class Balance(msgspec.Struct, frozen=True):
    """Credits of one user."""

    available: int
    frozen: int

    @property
    def total(self) -> int:
        return self.available + self.frozen


def open_account(connection: sa.Connection, user_id: str, granted: int, reason: str) -> None:
    """A new account with its first credits."""
    connection.execute(accounts.insert().values(user_id=user_id, available=0, frozen=0))
    grant(connection, user_id, granted, f"open:{user_id}"[:64], reason)


def grant(connection: sa.Connection, user_id: str, amount: int, reference: str, reason: str) -> bool:
    """Add `amount`; False, and nothing added, when `reference` has been granted before."""
    if amount <= 0:
        return False
    known = sa.select(ledger.c.number).where(ledger.c.reference == reference, ledger.c.kind == "grant")
    if connection.execute(known).first() is not None:
        return False
    _write(connection, user_id, ("grant", reference), amount, reason)
    connection.execute(_moved(user_id, available=amount))
    return True


class Entry(msgspec.Struct, frozen=True):
    """One row of the ledger."""

    number: int
    kind: str
    amount: int
    reference: str
    reason: str
    created_at_s: float


def entries(connection: sa.Connection, user_id: str, most: int, before: int | None = None) -> list[Entry]:
    """The newest rows of a user's ledger, at most so many, below the number `before`."""
    wanted = sa.select(*(ledger.c[name] for name in Entry.__struct_fields__))
    wanted = wanted.where(ledger.c.user_id == user_id)
    if before is not None:
        wanted = wanted.where(ledger.c.number < before)
    return [Entry(*row) for row in connection.execute(wanted.order_by(ledger.c.number.desc()).limit(most))]


def balance(connection: sa.Connection, user_id: str) -> Balance:
    """What `user_id` has; nothing for an unknown user."""
    row = connection.execute(
        sa.select(accounts.c.available, accounts.c.frozen).where(accounts.c.user_id == user_id)
    ).first()
    return Balance(0, 0) if row is None else Balance(row.available, row.frozen)


def hold(connection: sa.Connection, user_id: str, hold_id: str, amount: int, reason: str) -> None:
    """Freeze `amount` for the work `hold_id`; the same hold again is the same hold. Raises OutOfCredits."""
    if amount <= 0 or _state(connection, hold_id) is not None:
        return
    enough = _moved(user_id, available=-amount, frozen=amount).where(accounts.c.available >= amount)
    if connection.execute(enough).rowcount != 1:
        raise OutOfCredits(needed=str(amount), available=str(balance(connection, user_id).available))
    connection.execute(
        holds.insert().values(
            id=hold_id, user_id=user_id, amount=amount, state="held", created_at_s=time.time()
        )
    )
    _write(connection, user_id, ("hold", hold_id), amount, reason)


def capture(connection: sa.Connection, hold_id: str) -> bool:
    """Spend what is held; False when there is nothing held under that id (any more)."""
    return _settle(connection, hold_id, "captured", "capture")


def release(connection: sa.Connection, hold_id: str) -> bool:
    """Give back what is held; False when there is nothing held under that id (any more)."""
    return _settle(connection, hold_id, "released", "release")


def _settle(connection: sa.Connection, hold_id: str, state: str, kind: str) -> bool:
    settled = connection.execute(
        holds.update()
        .where(holds.c.id == hold_id, holds.c.state == "held")
        .values(state=state)
        .returning(holds.c.user_id, holds.c.amount)
    ).first()
    if settled is None:
        return False
    back = settled.amount if kind == "release" else 0
    connection.execute(_moved(settled.user_id, available=back, frozen=-settled.amount))
    _write(connection, settled.user_id, (kind, hold_id), settled.amount, "")
    return True


def _state(connection: sa.Connection, hold_id: str) -> str | None:
    state: str | None = connection.execute(sa.select(holds.c.state).where(holds.c.id == hold_id)).scalar()
    return state


def _moved(user_id: str, *, available: int = 0, frozen: int = 0) -> sa.Update:
    return (
        accounts.update()
        .where(accounts.c.user_id == user_id)
        .values(available=accounts.c.available + available, frozen=accounts.c.frozen + frozen)
    )


def _write(connection: sa.Connection, user_id: str, entry: tuple[str, str], amount: int, reason: str) -> None:
    kind, reference = entry
    connection.execute(
        ledger.insert().values(
            user_id=user_id,
            kind=kind,
            amount=amount,
            reference=reference,
            reason=reason,
            created_at_s=time.time(),
        )
    )
