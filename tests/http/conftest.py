"""One server for all tests of a file; every test is another user."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.factory import make
from tests.http.server import Client, Server, serving


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("service")) as running:
        yield running


@pytest.fixture
def client(server: Server) -> Client:
    return server.client()


@pytest.fixture
def clip() -> Path:
    return make("cfr30")
