"""The operator: the user of this machine itself, not metered; and what an operator may do for others."""

import os
import time
from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa

from saycut.errors import NotFound, Usage
from saycut.service import accounts, ledger
from saycut.service.accounts import Issued
from saycut.service.plans import EVERYTHING, SCOPES
from saycut.service.tables import sessions, tokens, users
from saycut.service.workplace import Workplace

TOKEN_FILE = "operator-token"
TOKEN_ID = 16  # hexadecimal digits


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


def mint(
    workplace: Workplace,
    user_id: str | None,
    plan: str,
    expires_at_s: float | None,
    scopes: Sequence[str] | None = None,
) -> Issued:
    """A token for a user, a new one of `plan` when none is named; with the scopes of the plan when none are.

    Raises NotFound, Usage.
    """
    unknown = sorted(set(scopes or ()) - {*SCOPES, EVERYTHING})
    if unknown:
        known = ", ".join((*SCOPES, EVERYTHING))
        raise Usage(
            reason=f"There is no scope “{unknown[0]}”; there are {known}.",
            reason_zh=f"没有权限“{unknown[0]}”；可用的有 {known}。",
        )
    with workplace.database.writing() as connection:
        if user_id is None:
            user_id = accounts.new_user(connection, plan)
        elif connection.execute(sa.select(users.c.id).where(users.c.id == user_id)).first() is None:
            raise NotFound(name=user_id)
        said = None if scopes is None else " ".join(scopes)
        return accounts.issue(connection, user_id, scopes=said, expires_at_s=expires_at_s)


def good_tokens(workplace: Workplace, user_id: str | None) -> list[dict[str, object]]:
    """The tokens that open something, of one user or of all, the oldest first. `id` is the beginning of what
    is kept of a token, which leads nowhere."""
    wanted = sa.select(tokens).where(
        tokens.c.revoked_at_s.is_(None),
        sa.or_(tokens.c.expires_at_s.is_(None), tokens.c.expires_at_s >= time.time()),
    )
    if user_id is not None:
        wanted = wanted.where(tokens.c.user_id == user_id)
    with workplace.database.reading() as connection:
        rows = connection.execute(wanted.order_by(tokens.c.created_at_s, tokens.c.sha256)).all()
    return [
        {
            "id": row.sha256[:TOKEN_ID],
            "user_id": row.user_id,
            "kind": row.kind,
            "scopes": row.scopes.split(),
            "created_at_s": round(row.created_at_s, 3),
            "expires_at_s": row.expires_at_s,
        }
        for row in rows
    ]


def revoke_listed(workplace: Workplace, token_id: str) -> bool:
    """Make the token of that `id` worthless; False when there is none, or it is so already."""
    with workplace.database.writing() as connection:
        done = connection.execute(
            tokens.update()
            .where(sa.func.substr(tokens.c.sha256, 1, TOKEN_ID) == token_id, tokens.c.revoked_at_s.is_(None))
            .values(revoked_at_s=time.time())
        )
    return done.rowcount == 1


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
