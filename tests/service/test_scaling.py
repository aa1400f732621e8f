"""A second worker adds its whole share: what a render costs does not grow with the number of workers."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.factory import Clip, Picture, make
from tests.http.server import Client
from tests.postgres import Cluster
from tests.service.test_workers import served
from tests.soak.processes import children, cpu_s, tell
from tests.waiting import until

FILM = Clip(picture=Picture(width=640, height=360, frames=300))
RENDERS = 12
USERS = 6  # a user has one render running at a time
ENCODED = {"format": "mp4", "quality": "low"}


@pytest.mark.soak
def test_two_workers_do_nearly_twice_as_much(postgres: Cluster, tmp_path: Path) -> None:
    """By CPU accounting: where every worker has a core of its own, two do as many jobs as their CPU seconds
    for each allow. What can be lost is what they cost each other, and that is counted here."""
    alone_s, alone_took_s = cost_of_a_render(postgres, tmp_path / "one", ["one"])
    each_s, both_took_s = cost_of_a_render(postgres, tmp_path / "two", ["one", "two"])
    gain = 2 * alone_s / each_s
    tell(
        f"a render takes {alone_s:.2f} CPU s with one worker, {each_s:.2f} with two: {gain:.2f} times as "
        f"much; by the clock {RENDERS} took {alone_took_s:.1f} and {both_took_s:.1f} s"
    )
    assert gain >= 1.8


def cost_of_a_render(postgres: Cluster, folder: Path, names: list[str]) -> tuple[float, float]:
    """CPU seconds of all workers for each render, and seconds by the clock for all of them."""
    url = postgres.database()
    server = served(folder, url)
    try:
        asked = [with_film(server.client()) for _ in range(USERS)]
        with ExitStack() as stack:
            pids = [stack.enter_context(one_at_a_time(folder, url, name)) for name in names]
            ready = server.http()
            until("all workers", lambda: ready.get("/readyz").json().get("workers") == len(names))
            begun_s, used_s = time.monotonic(), sum(cpu_s(pid) for pid in pids)
            for number in range(RENDERS):
                client, session = asked[number % USERS]
                assert client.submit(session, f"render_{number}", output=ENCODED).status_code == 200
            for number in range(RENDERS):
                assert asked[number % USERS][0].finished(f"render_{number}")["status"] == "completed"
            took_s = time.monotonic() - begun_s
            until("the tasks to be gone", lambda: not any(children(pid) for pid in pids))
            return (sum(cpu_s(pid) for pid in pids) - used_s) / RENDERS, took_s
    finally:
        server.stop()


def with_film(client: Client) -> tuple[Client, str]:
    session = client.session()
    assert client.upload(session, make(FILM)).status_code == 200
    return client, session


@contextmanager
def one_at_a_time(data_dir: Path, url: str, name: str) -> Iterator[int]:
    """A worker that runs one render at once; its process id."""
    command = [sys.executable, "-m", "saycut", "worker", "--id", name, "--workers", "1"]
    process = subprocess.Popen([*command, "--data-dir", str(data_dir), "--database-url", url])
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(30)
