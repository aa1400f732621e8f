"""Who is who: anonymous users, tokens (only their hashes are kept), claims, registration."""

import hashlib
import secrets
import time
import uuid

import msgspec
import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from saycut.service import ledger
from saycut.service.errors import BadBody, ClientIdMissing, Conflict, TooMany, Unauthorized
from saycut.service.plans import EVERYTHING, FIRST_CREDITS, PLANS, TOKEN_DAYS, Plan
from saycut.service.tables import clients, tokens, users

_DAY_S = 24 * 3600
_TOKEN_BYTES = 32  # 256 bits
_PER_ADDRESS = 10
_LEAST_PASSWORD = 10
_LONGEST_PASSWORD = 200
_hasher = PasswordHasher()


_BEHIND = (  # asked by every request: put together once
    sa.select(tokens, users.c.plan)
    .join(users, users.c.id == tokens.c.user_id)
    .where(tokens.c.sha256 == sa.bindparam("hash"), tokens.c.kind == sa.bindparam("of"))
)


class User(msgspec.Struct, frozen=True):
    """Who asks, with what they may do."""

    id: str
    plan_name: str
    scopes: frozenset[str]
    session_id: str | None = None  # of a claim token: all it opens

    @property
    def plan(self) -> Plan:
        return PLANS[self.plan_name]

    def may(self, scope: str) -> bool:
        """Whether the token that was shown is good for that."""
        return scope in self.scopes or EVERYTHING in self.scopes


class Issued(msgspec.Struct, frozen=True):
    """A token in the clear, once."""

    token: str
    user_id: str
    expires_at_s: float | None


def anonymous_token(connection: sa.Connection, client_id: str | None, address: str) -> Issued:
    """A token for a client, good for seven days. A client whose token has run out gets the same user again.

    `address` is where the client calls from, "" for one that is not counted. Raises ClientIdMissing, TooMany.
    """
    client = _checked_client_id(client_id)
    now_s = time.time()
    week_ago_s = now_s - TOKEN_DAYS * _DAY_S
    known = connection.execute(sa.select(clients).where(clients.c.id == client)).first()
    if known is not None and known.issued_at_s > week_ago_s:
        raise _too_many(known.issued_at_s + TOKEN_DAYS * _DAY_S - now_s)
    if address:
        _check_address(connection, address, week_ago_s, now_s)
    if known is None:
        user_id = new_user(connection, "anonymous")
        connection.execute(
            clients.insert().values(id=client, user_id=user_id, address=address, issued_at_s=now_s)
        )
    else:
        user_id = known.user_id
        again = clients.update().where(clients.c.id == client)
        connection.execute(again.values(address=address, issued_at_s=now_s))
    return issue(connection, user_id, expires_at_s=now_s + TOKEN_DAYS * _DAY_S)


def new_user(connection: sa.Connection, plan_name: str) -> str:
    """A user with an account; the operator's is not metered and holds nothing."""
    user_id = f"usr_{secrets.token_urlsafe(12)}"
    connection.execute(users.insert().values(id=user_id, plan=plan_name, created_at_s=time.time()))
    granted = FIRST_CREDITS if PLANS[plan_name].metered else 0
    ledger.open_account(connection, user_id, granted, "first credits")
    return user_id


def issue(
    connection: sa.Connection,
    user_id: str,
    *,
    kind: str = "api",
    scopes: str | None = None,
    session_id: str | None = None,
    expires_at_s: float | None = None,
) -> Issued:
    """A new token for `user_id`; what is kept is its hash."""
    prefix = {"claim": "clm_"}.get(kind, "say_")
    token = prefix + secrets.token_urlsafe(_TOKEN_BYTES)
    plan = connection.execute(sa.select(users.c.plan).where(users.c.id == user_id)).scalar_one()
    connection.execute(
        tokens.insert().values(
            sha256=_hash(token),
            user_id=user_id,
            kind=kind,
            scopes=PLANS[plan].scopes if scopes is None else scopes,
            session_id=session_id,
            expires_at_s=expires_at_s,
            created_at_s=time.time(),
        )
    )
    return Issued(token, user_id, expires_at_s)


def whose(connection: sa.Connection, token: str | None, kind: str = "api") -> User:
    """The user behind a token of that kind. Raises Unauthorized."""
    if not token:
        raise Unauthorized()
    row = connection.execute(_BEHIND, {"hash": _hash(token), "of": kind}).first()
    gone = row is None or row.revoked_at_s is not None
    if row is None or gone or (row.expires_at_s is not None and row.expires_at_s < time.time()):
        raise Unauthorized()
    return User(row.user_id, row.plan, frozenset(row.scopes.split()), row.session_id)


def revoke(connection: sa.Connection, token: str) -> bool:
    """Make a token worthless; False when it was so already."""
    done = connection.execute(
        tokens.update()
        .where(tokens.c.sha256 == _hash(token), tokens.c.revoked_at_s.is_(None))
        .values(revoked_at_s=time.time())
    )
    return done.rowcount == 1


def register(connection: sa.Connection, user_id: str, email: str, password: str) -> None:
    """An anonymous user becomes a registered one and keeps everything. Raises BadBody, Conflict,
    Unauthorized."""
    email = email.strip().casefold()
    if "@" not in email or len(email) > 320 or any(c.isspace() for c in email):
        raise BadBody(field="email", reason="this is no address", reason_zh="不是有效的邮箱地址")
    if not _LEAST_PASSWORD <= len(password) <= _LONGEST_PASSWORD:
        raise BadBody(
            field="password",
            reason=f"at least {_LEAST_PASSWORD} characters, at most {_LONGEST_PASSWORD}",
            reason_zh=f"长度应为 {_LEAST_PASSWORD} 至 {_LONGEST_PASSWORD} 个字符",
        )
    taken = connection.execute(sa.select(users.c.id).where(users.c.email == email)).first()
    if taken is not None:
        raise Conflict(reason="This address is registered already.", reason_zh="该邮箱已注册。")
    done = connection.execute(
        users.update()
        .where(users.c.id == user_id, users.c.plan == "anonymous")
        .values(plan="registered", email=email, password_hash=_hasher.hash(password))
    )
    if done.rowcount != 1:
        raise Unauthorized()


def signed_in(connection: sa.Connection, email: str, password: str) -> str:
    """The user of that address and password. Raises Unauthorized, for either wrong as slowly."""
    row = connection.execute(
        sa.select(users.c.id, users.c.password_hash).where(users.c.email == email.strip().casefold())
    ).first()
    try:
        _hasher.verify(row.password_hash if row is not None else _NOBODY, password)
    except VerificationError:
        raise Unauthorized() from None
    if row is None:
        raise Unauthorized()
    user_id: str = row.id
    return user_id


_NOBODY = _hasher.hash(secrets.token_urlsafe())


def _checked_client_id(client_id: str | None) -> str:
    try:
        return str(uuid.UUID((client_id or "").strip()))
    except ValueError:
        raise ClientIdMissing() from None


def _check_address(connection: sa.Connection, address: str, since_s: float, now_s: float) -> None:
    recent = connection.execute(
        sa.select(sa.func.count(), sa.func.min(clients.c.issued_at_s)).where(
            clients.c.address == address, clients.c.issued_at_s > since_s
        )
    ).one()
    if recent[0] >= _PER_ADDRESS:
        raise _too_many(recent[1] + TOKEN_DAYS * _DAY_S - now_s)


def _too_many(wait_s: float) -> TooMany:
    return TooMany(
        reason="This client has a token already; one is given every seven days.",
        reason_zh="该客户端已有令牌；每七天只发放一个。",
        retry_after_s=max(int(wait_s) + 1, 1),
    )


def _hash(token: str) -> str:
    """Tokens have 256 random bits: a plain hash cannot be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()
