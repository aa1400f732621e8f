"""Workers on one database: no job twice, none lost, and a dead worker's jobs done by the others."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from saycut.service.database import Database, sqlite_url
from saycut.service.tables import holds, renders, turns, workers
from tests.factory import Clip, Picture, make
from tests.http.server import Client, Server, serving
from tests.postgres import Cluster
from tests.waiting import until

SHORT = Clip(picture=Picture(frames=30))
LONG = Clip(picture=Picture(width=1280, height=720, frames=900))


@contextmanager
def worker(data_dir: Path, url: str, name: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "saycut", "worker", "--id", name, "--data-dir", str(data_dir)]
    process = subprocess.Popen([*command, "--database-url", url, "--workers", "2"], start_new_session=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(30)


def served(folder: Path, url: str) -> Server:
    return Server(folder, "--database-url", url, "--workers", "0")


def rendering(server: Server) -> Client:
    """Somebody whose render, "render_1", is under way and takes a while."""
    client = server.client()
    session = client.session()
    client.upload(session, make(LONG))
    client.say(session, "fade in and out")
    client.submit(session, "render_1")
    until(
        "the render to begin",
        lambda: client.http.get("/api/render/proxy/lambda/render_1").json()["progress"] > 0,
    )
    return client


def jobs_done(url: str) -> Counter[str]:
    """How often each render's own step was recorded as finished."""
    database = Database(url)
    query = "SELECT workflow_uuid FROM dbos.operation_outputs WHERE function_name = 'render'"
    with database.reading() as connection:
        found = Counter(row[0] for row in connection.exec_driver_sql(query))
    database.close()
    return found


@pytest.mark.soak
def test_two_workers_share_the_jobs_and_do_none_twice(postgres: Cluster, tmp_path: Path) -> None:
    share_out(postgres, tmp_path, 12)


@pytest.mark.soak
def test_a_hundred_jobs(postgres: Cluster, tmp_path: Path) -> None:
    share_out(postgres, tmp_path, 100)


def share_out(postgres: Cluster, folder: Path, count: int) -> None:
    url = postgres.database()
    server = served(folder, url)
    try:
        with worker(folder, url, "one"), worker(folder, url, "two"):
            clients = [server.client() for _ in range((count + 9) // 10)]
            asked = []
            for client in clients:
                session = client.session()
                client.upload(session, make(SHORT))
                asked += [(client, session)]
            for number in range(count):
                client, session = asked[number % len(asked)]
                assert client.submit(session, f"render_{number}").status_code == 200
            for number in range(count):
                told = asked[number % len(asked)][0].finished(f"render_{number}")
                assert told["status"] == "completed", told
    finally:
        server.stop()
    done = jobs_done(url)
    assert len(done) == count
    assert set(done.values()) == {1}


def test_what_a_dead_worker_had_begun_is_finished_by_another(postgres: Cluster, tmp_path: Path) -> None:
    url = postgres.database()
    server = served(tmp_path, url)
    try:
        with worker(tmp_path, url, "doomed") as doomed:
            client = rendering(server)
            os.killpg(doomed.pid, signal.SIGKILL)
            doomed.wait()
        with worker(tmp_path, url, "heir"):
            assert client.finished("render_1")["status"] == "completed"
        assert client.balance() == (95, 0, 95)
    finally:
        server.stop()
    database = Database(url)
    with database.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(workers)).scalar_one() == 1
        assert connection.execute(sa.select(renders.c.status)).scalars().all() == ["completed"]
        assert set(connection.execute(sa.select(holds.c.state)).scalars()) == {"captured"}
    database.close()


@pytest.mark.soak
def test_a_worker_that_is_killed_comes_back_and_finishes(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        client = rendering(server)
        for child in children(server.process.pid):
            os.kill(child, signal.SIGKILL)
        assert client.finished("render_1")["status"] == "completed"
        assert client.balance() == (95, 0, 95)


def test_a_job_whose_end_was_not_written_down(tmp_path: Path) -> None:
    """Nobody runs it, though its worker lives: as a disk leaves it that was full for a moment."""
    with serving(tmp_path) as server, closing(Database(sqlite_url(tmp_path))) as database:
        client = server.client()
        session = client.session()
        client.upload(session, make(SHORT))
        client.say(session, "rotate it")
        with database.writing() as connection:
            connection.execute(turns.update().values(status="running"))
            for undone in (
                "DELETE FROM operation_outputs WHERE function_name = 'settle'",
                "UPDATE workflow_status SET status = 'PENDING', output = NULL, completed_at = NULL",
            ):
                assert connection.exec_driver_sql(undone).rowcount == 1

        def ended() -> bool:
            with database.reading() as connection:
                return connection.execute(sa.select(turns.c.status)).scalars().all() == ["done"]

        until("the turn to be ended", ended)
        assert client.balance() == (95, 0, 95)


def children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in found]
