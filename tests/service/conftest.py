"""A database of each test's own: a file, and a PostgreSQL where one is at hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from saycut.service.database import Database, sqlite_url


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(sqlite_url(tmp_path))
    made.migrate()
    yield made
    made.close()
