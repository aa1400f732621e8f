"""The database: one file beside the media, or a PostgreSQL that many machines share.

Every write is one short transaction, and writers take turns: on SQLite by its write lock, taken at once
(BEGIN IMMEDIATE), on PostgreSQL by an advisory lock that ends with the transaction. What looks first and then
inserts is so as right on many machines as on one, and the statements are the same. Readers never wait.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from saycut.service.migrations import upgrade

_BUSY_MS = 30_000
_POOL = 16  # a connection opened for one request and closed again costs more than the request
_WRITERS = 7_219_053  # any number, the same for every process


def sqlite_url(folder: Path) -> str:
    """The address of the embedded database in `folder`."""
    return f"sqlite:///{(folder / 'saycut.db').absolute()}"


class Database:
    """Connections to one database whose tables are there and of this version."""

    def __init__(self, url: str) -> None:
        self.url = normal_url(url)
        self.is_sqlite = self.url.startswith("sqlite")
        options: dict[str, Any] = {"pool_size": _POOL, "pool_pre_ping": not self.is_sqlite}
        self.engine = sa.create_engine(self.url, **options)
        if self.is_sqlite:
            sa.event.listen(self.engine, "connect", _prepared)
            sa.event.listen(self.engine, "begin", _begun)
        self._writer = self.engine.execution_options(saycut_writes=True)

    def migrate(self) -> None:
        """Bring the tables to this version; safe to call from several processes at once."""
        upgrade(self.engine)

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """One transaction that writes: all of it is kept, or nothing."""
        with self._writer.begin() as connection:
            if not self.is_sqlite:
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_WRITERS)))
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """One consistent look."""
        with self.engine.connect() as connection:
            yield connection

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def normal_url(url: str) -> str:
    """PostgreSQL is spoken by psycopg, whichever way the address is written."""
    made = make_url(url)
    if made.drivername in ("postgres", "postgresql"):
        made = made.set(drivername="postgresql+psycopg")
    return made.render_as_string(hide_password=False)


def _prepared(connection: Any, _: object) -> None:
    """Transactions are begun by us; a commit survives a power cut; readers never wait for a writer."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        f"busy_timeout={_BUSY_MS}",
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begun(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("saycut_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
