"""A stream whose turn waits says so, often enough for what stands between to keep it open."""

from pathlib import Path

import httpx
import pytest

from tests.http.server import serving
from tests.http.streams import Listener

LONGEST_SILENCE_S = 15.0


@pytest.mark.soak
def test_a_stream_that_waits_for_a_worker_sends_heartbeats(tmp_path: Path) -> None:
    with serving(tmp_path, "--workers", "0") as server:
        client = server.client()
        patience = httpx.Timeout(LONGEST_SILENCE_S)
        with httpx.Client(base_url=server.address, headers=client.http.headers, timeout=patience) as http:
            listener = Listener(client.session(), "mute it")
            with listener.connected(http) as lines:
                next(lines)  # ReadTimeout when nothing comes in time
    assert listener.comments == [": heartbeat"]
    assert listener.events == []
