"""Every table of the service. Times are seconds since 1970 (UTC); sizes are bytes; JSON is text of ours.

Nothing here is ever rewritten in place that a crash could leave half done: states move forward by
conditional updates, and the ledger only grows.
"""

import sqlalchemy as sa

metadata = sa.MetaData()

_ID = sa.String(64)
_NAME = sa.String(255)
_TIME_S = sa.Double


def _at(name: str = "created_at_s") -> sa.Column[float]:
    return sa.Column(name, _TIME_S, nullable=False)


users = sa.Table(
    "users",
    metadata,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("plan", sa.String(32), nullable=False),
    sa.Column("email", sa.String(320), unique=True),
    sa.Column("password_hash", sa.String(255)),
    _at(),
)

clients = sa.Table(  # who asked for an anonymous token: the same client gets the same user
    "clients",
    metadata,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("user_id", _ID, sa.ForeignKey("users.id"), nullable=False),
    sa.Column("address", sa.String(64), nullable=False),
    _at("issued_at_s"),
    sa.Index("clients_by_address", "address", "issued_at_s"),
)

tokens = sa.Table(
    "tokens",
    metadata,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("user_id", _ID, sa.ForeignKey("users.id"), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),  # api, claim, browser
    sa.Column("scopes", sa.String(64), nullable=False),  # words with a space between
    sa.Column("session_id", _ID),  # of a claim token: all it opens
    sa.Column("expires_at_s", _TIME_S),
    sa.Column("revoked_at_s", _TIME_S),
    _at(),
)

accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("user_id", _ID, sa.ForeignKey("users.id"), primary_key=True),
    sa.Column("available", sa.Integer, sa.CheckConstraint("available >= 0"), nullable=False),
    sa.Column("frozen", sa.Integer, sa.CheckConstraint("frozen >= 0"), nullable=False),
)

holds = sa.Table(
    "holds",
    metadata,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("user_id", _ID, sa.ForeignKey("accounts.user_id"), nullable=False),
    sa.Column("amount", sa.Integer, sa.CheckConstraint("amount > 0"), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),  # held, captured, released
    _at(),
)

ledger = sa.Table(
    "ledger",
    metadata,
    sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("user_id", _ID, sa.ForeignKey("accounts.user_id"), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),  # grant, hold, capture, release
    sa.Column("amount", sa.Integer, nullable=False),
    sa.Column("reference", _ID, nullable=False),  # of a grant its own; else the hold
    sa.Column("reason", _NAME, nullable=False),
    _at(),
    sa.UniqueConstraint("reference", "kind"),
)

sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("task_id", _ID, nullable=False),
    sa.Column("user_id", _ID, sa.ForeignKey("users.id"), nullable=False),
    sa.Column("app", sa.String(64), nullable=False),
    sa.Column("name", _NAME, nullable=False),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("place", sa.Integer, nullable=False),  # in the history
    sa.Column("tip", sa.Integer, nullable=False, server_default="0"),  # of the line in use
    sa.Column("version", sa.Integer, nullable=False),  # of everything a client may see; only grows
    sa.Column("alias", _ID),  # the name that its client gave it; another user may use the same
    sa.Column("agent_state", sa.Text, nullable=False),  # what its client keeps with it, as JSON
    sa.Column("deleted_at_s", _TIME_S),
    _at(),
    _at("updated_at_s"),
    sa.UniqueConstraint("user_id", "alias"),
    sa.Index("sessions_of_user", "user_id", "created_at_s"),
)

states = sa.Table(  # the history, a tree: one row for every turn that changed the project; none is dropped
    "states",
    metadata,
    sa.Column("session_id", _ID, sa.ForeignKey("sessions.id"), primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True),
    sa.Column("project", sa.Text, nullable=False),
    sa.Column("said", sa.Text, nullable=False),
    sa.Column("version_name", _NAME),
    sa.Column("steps", sa.Text),  # what the turn that led here did and measured, as JSON; null: nothing
    sa.Column("after", sa.Integer),  # the place that it came from; null: it is the beginning
    sa.Column("turn_id", _ID),  # what led here; null: an upload, or a turn of before this was kept
    _at(),
)

objects = sa.Table(  # what lies in the store, by content
    "objects",
    metadata,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    _at(),
)

assets = sa.Table(
    "assets",
    metadata,
    sa.Column("session_id", _ID, sa.ForeignKey("sessions.id"), primary_key=True),
    sa.Column("id", _ID, primary_key=True),
    sa.Column("sha256", sa.String(64), sa.ForeignKey("objects.sha256"), nullable=False),
    sa.Column("name", _NAME, nullable=False),
    sa.Column("info", sa.Text, nullable=False),  # media.info as JSON
    sa.Column("position", sa.Integer, nullable=False),
    _at(),
)

resumables = sa.Table(  # uploads under way; how much there is, is what lies on the disk
    "resumables",
    metadata,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("user_id", _ID, sa.ForeignKey("users.id"), nullable=False),
    sa.Column("session_id", _ID, sa.ForeignKey("sessions.id"), nullable=False),
    sa.Column("name", _NAME, nullable=False),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("asset_id", _ID),
    _at(),
)

turns = sa.Table(
    "turns",
    metadata,
    sa.Column("id", _ID, primary_key=True),  # the invocation id; also the workflow's
    sa.Column("session_id", _ID, sa.ForeignKey("sessions.id"), nullable=False),
    sa.Column("user_id", _ID, sa.ForeignKey("users.id"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),  # queued, running, done, failed, cancelled
    sa.Column("steps", sa.Text, nullable=False),  # what was carried out, for "do the same again"
    sa.Column("choices", sa.Text, nullable=False),  # of the question it ended with
    sa.Column("on_place", sa.Integer),  # of the state that it is to be done to; null: the present one
    _at(),
    sa.Column("ended_at_s", _TIME_S),
    sa.UniqueConstraint("session_id", "number"),
)

events = sa.Table(  # what the stream of a turn says, in order; replayed to whoever comes back
    "events",
    metadata,
    sa.Column("turn_id", _ID, sa.ForeignKey("turns.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("key", _ID, nullable=False),  # what it tells of: work that is done again tells nothing twice
    sa.Column("body", sa.Text, nullable=False),
    sa.UniqueConstraint("turn_id", "key"),
)

renders = sa.Table(
    "renders",
    metadata,
    sa.Column("user_id", _ID, sa.ForeignKey("users.id"), primary_key=True),
    sa.Column("id", _ID, primary_key=True),
    sa.Column("session_id", _ID, sa.ForeignKey("sessions.id"), nullable=False),
    sa.Column("body_sha256", sa.String(64), nullable=False),
    sa.Column("project", sa.Text, nullable=False),
    sa.Column("options", sa.Text, nullable=False),
    sa.Column("workflow_id", _ID, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),  # pending, processing, completed, failed, cancelled
    sa.Column("progress", sa.Integer, nullable=False),
    sa.Column("eta_s", _TIME_S),
    sa.Column("stage", sa.String(64)),  # what is done just now; null when it waits or is over
    sa.Column("error", sa.Text),
    sa.Column("receipt", sa.Text),
    sa.Column("sha256", sa.String(64), sa.ForeignKey("objects.sha256")),
    sa.Column("name", _NAME),
    sa.Column("duration_ms", sa.Integer),
    sa.Column("attribution", sa.Text, nullable=False),
    _at(),
    sa.Column("ended_at_s", _TIME_S),
    sa.Index("renders_of_session", "session_id", "created_at_s"),
)

spans = sa.Table(  # of a long render that is under way: its picture in parts, made by any worker
    "spans",
    metadata,
    sa.Column("workflow_id", _ID, primary_key=True),  # of the render
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("first_frame", sa.Integer, nullable=False),
    sa.Column("end_frame", sa.Integer, nullable=False),
    sa.Column("is_done", sa.Boolean, nullable=False),
    sa.Column("progress", sa.Integer, nullable=False),
    sa.Column("started_at_s", _TIME_S),
)

workers = sa.Table(  # heartbeats: whose jobs have to be taken over
    "workers",
    metadata,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("beat_at_s", _TIME_S, nullable=False),
)

webhooks = sa.Table(
    "webhooks",
    metadata,
    sa.Column("id", _ID, primary_key=True),
    sa.Column("user_id", _ID, sa.ForeignKey("users.id"), nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("secret", _NAME, nullable=False),  # signs what is sent there: it is needed in the clear
    sa.Column("events", sa.Text, nullable=False),
    _at(),
    sa.Column("disabled_at_s", _TIME_S),
    sa.Index("webhooks_of_user", "user_id"),
)

deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("id", _ID, primary_key=True),  # also the workflow's, and the message's
    sa.Column("webhook_id", _ID, sa.ForeignKey("webhooks.id"), nullable=False),
    sa.Column("event", sa.String(32), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("status", sa.String(16), nullable=False),  # waiting, delivered, failed
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("last_answer", _NAME),
    _at(),
    sa.Column("ended_at_s", _TIME_S),
    sa.Index("deliveries_of_webhook", "webhook_id", "created_at_s"),
)
