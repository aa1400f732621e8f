"""A full disk is known for what it is, whoever says so; nothing else is taken for it."""

import errno
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from saycut.errors import DiskFull, LimitExceeded
from saycut.service.database import Database, sqlite_url
from saycut.service.room import NoRoom, is_full


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_files(number: int) -> None:
    assert is_full(OSError(number, "said by the system"))
    assert is_full(DiskFull(folder="anywhere"))


def test_a_database_that_cannot_grow(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path))
    database.migrate()

    def grown() -> None:
        with database.writing() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1")  # as small as it is
            connection.exec_driver_sql("CREATE TABLE more (data BLOB)")
            connection.exec_driver_sql("INSERT INTO more VALUES (zeroblob(1000000))")

    with pytest.raises(sa.exc.OperationalError) as full:
        grown()
    assert is_full(full.value)
    with pytest.raises(sa.exc.OperationalError) as wrong, database.reading() as connection:
        connection.exec_driver_sql("SELECT nothing FROM nowhere")
    assert not is_full(wrong.value)
    database.close()


def test_postgresql() -> None:
    full = psycopg.errors.DiskFull("could not extend file")
    assert is_full(sa.exc.OperationalError("INSERT", {}, full))
    assert not is_full(sa.exc.OperationalError("INSERT", {}, psycopg.errors.DeadlockDetected("")))


def test_what_is_something_else() -> None:
    for error in (OSError(errno.EACCES, ""), LimitExceeded(reason="", reason_zh=""), ValueError()):
        assert not is_full(error)


def test_it_says_nothing_of_where_it_is() -> None:
    for language in ("en", "zh"):
        assert "/" not in NoRoom().sentence(language) + NoRoom().hint(language)
