"""One service and one browser for all tests of a file; every test is another person."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.http.server import Server, serving
from tests.page.browser import Visit, browser, visiting


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as running:
        yield running


@pytest.fixture(scope="module")
def server(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("service")) as running:
        yield running


@pytest.fixture
def visit(chromium: Browser, server: Server) -> Iterator[Visit]:
    with visiting(chromium, server.address) as person:
        yield person
