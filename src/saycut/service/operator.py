"""The operator: the user of this machine itself, not metered; and what an operator may do for others."""

import os
from pathlib import Path

import sqlalchemy as sa

from saycut.errors import NotFound
from saycut.service import accounts, ledger
from saycut.service.accounts import Issued
from saycut.service.tables import sessions, users
from saycut.service.workplace import Workplace

TOKEN_FILE = "operator-token"


def operator_token(workplace: Workplace) -> Path:
    """The file that holds the operator's token; made at the first start, for nobody else to read."""
    path = workplace.settings.data_dir / TOKEN_FILE
    if path.exists():
        return path
    with workplace.database.writing() as connection:
        found = connection.execute(sa.select(users.c.id).where(users.c.plan == "operator")).scalar()
        user_id = found or accounts.new_user(connection, "operator")
        issued = accounts.issue(connection, user_id)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(issued.token + "\n")
    return path


def mint(workplace: Workplace, user_id: str | None, plan: str, expires_at_s: float | None) -> Issued:
    """A token for a user, a new one of `plan` when none is named. Raises NotFound."""
    with workplace.database.writing() as connection:
        if user_id is None:
            user_id = accounts.new_user(connection, plan)
        elif connection.execute(sa.select(users.c.id).where(users.c.id == user_id)).first() is None:
            raise NotFound(name=user_id)
        return accounts.issue(connection, user_id, expires_at_s=expires_at_s)


def grant(workplace: Workplace, user_id: str, amount: int, reference: str, reason: str) -> ledger.Balance:
    """Credits for a user; the same reference is granted once. Raises NotFound."""
    with workplace.database.writing() as connection:
        if connection.execute(sa.select(users.c.id).where(users.c.id == user_id)).first() is None:
            raise NotFound(name=user_id)
        ledger.grant(connection, user_id, amount, reference, reason)
        return ledger.balance(connection, user_id)


def listed(workplace: Workplace) -> list[dict[str, object]]:
    """Every user with what they have; no addresses, no tokens."""
    with workplace.database.reading() as connection:
        rows = connection.execute(
            sa.select(users.c.id, users.c.plan, sa.func.count(sessions.c.id))
            .outerjoin(sessions, sessions.c.user_id == users.c.id)
            .group_by(users.c.id, users.c.plan)
            .order_by(users.c.id)
        ).all()
        told = []
        for user_id, plan, count in rows:
            has = ledger.balance(connection, user_id)
            told.append({"user_id": user_id, "plan": plan, "sessions": count, "credits": has.available})
    return told
