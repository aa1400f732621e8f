"""A database of each test's own: a file, and one on a PostgreSQL where there is one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from saycut.service.database import Database, sqlite_url
from tests.postgres import Cluster, cluster


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    with cluster() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    url = sqlite_url(tmp_path)
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").database()
    made = Database(url)
    made.migrate()
    yield made
    made.close()
