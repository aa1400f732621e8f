"""A database of each test's own, a file and one on a PostgreSQL where there is one; a workplace; a user."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from saycut.service import accounts
from saycut.service.accounts import User
from saycut.service.database import Database, sqlite_url
from saycut.service.workplace import ServiceSettings, Workplace
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


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Workplace]:
    made = Workplace(ServiceSettings(data_dir=tmp_path))
    yield made
    made.close()


@pytest.fixture
def user(place: Workplace) -> User:
    with place.database.writing() as connection:
        token = accounts.issue(connection, accounts.new_user(connection, "anonymous")).token
        return accounts.whose(connection, token)
