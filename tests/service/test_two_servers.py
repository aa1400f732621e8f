"""Two servers on one database: a stream that breaks off on one of them is gone on with on the other."""

from itertools import cycle
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.http.server import Client, serving
from tests.http.streams import Listener
from tests.postgres import Cluster
from tests.soak.test_memory import looped


@pytest.mark.soak
def test_a_stream_that_hops_from_server_to_server(postgres: Cluster, material: Path, tmp_path: Path) -> None:
    shared = ("--database-url", postgres.database())
    lecture = looped(material / "talk.mp4", 600, tmp_path / "lecture.mp4")
    with (
        serving(tmp_path / "data", *shared) as one,
        serving(tmp_path / "data", *shared, "--workers", "0") as two,
    ):
        client = one.client()
        session = client.session()
        client.upload(session, lecture)
        listener = Listener(session, "normalize the loudness and trim the silences")
        hop(listener, client.http, with_token_of(client, two.http()))
        alone = Listener(session, "")
        alone.events = listener.events[:1]
        alone.to_the_end(client.http)
    assert len(listener.events) >= 5  # two calls, two responses, the last words; and how far it was
    assert listener.missed_nothing()
    assert alone.events == listener.events


def hop(listener: Listener, *servers: httpx.Client) -> None:
    """One frame from each server in turn, a new connection for each, until the last words."""
    for http in cycle(servers):
        listener.until(http, anything)
        if listener.events[-1][1].get("turnComplete"):
            return


def with_token_of(client: Client, http: httpx.Client) -> httpx.Client:
    http.headers["Authorization"] = client.http.headers["Authorization"]
    return http


def anything(_: dict[str, Any]) -> bool:
    return True
