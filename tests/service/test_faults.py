"""kill -9 at any moment: what was acknowledged is there, what was begun is finished, nothing paid twice."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest
import sqlalchemy as sa

from saycut.service.database import Database, sqlite_url
from saycut.service.fsck import checked
from saycut.service.tables import holds, renders, turns
from saycut.service.workplace import ServiceSettings, Workplace
from tests.factory import Clip, Picture, make
from tests.http.server import ATTRIBUTION, Client
from tests.waiting import until

SHORT = Clip(picture=Picture(frames=30))
LONG_S = 600.0  # fifty kills leave many renders
SAID = ("make it 1 dB louder", "rotate it by 90", "undo", "fade in", "mute it")


class Promises:
    """What the service has acknowledged so far."""

    def __init__(self) -> None:
        self.uploads: list[tuple[str, int]] = []
        self.renders: list[str] = []
        self.token = ""


def started(data: Path) -> tuple["subprocess.Popen[str]", str]:
    command = [sys.executable, "-m", "saycut", "serve", "--port", "0", "--data-dir", str(data)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True
    )
    assert process.stdout is not None
    address = process.stdout.readline().strip()
    assert address
    return process, address


def ended(process: "subprocess.Popen[str]", how: signal.Signals) -> None:
    os.killpg(process.pid, how)
    process.wait(60)
    assert process.stdout is not None
    process.stdout.close()


def busy(address: str, promised: Promises, rng: np.random.Generator) -> None:
    """Upload, speak and render without end, writing down what was promised; ends with the server."""
    try:
        with httpx.Client(base_url=address, timeout=60) as http:
            if not promised.token:
                promised.token = Client(http).user["token"]
            http.headers["Authorization"] = f"Bearer {promised.token}"
            for name in names(rng):
                work(http, promised, rng, name)
    except (httpx.HTTPError, KeyError, ValueError):
        return


def names(rng: np.random.Generator) -> Iterator[str]:
    while True:
        yield f"render_{rng.integers(1 << 60)}"


def work(http: httpx.Client, promised: Promises, rng: np.random.Generator, name: str) -> None:
    new = http.post("/api/tasks/me/with-session/nemo_agent", json={}).json()["data"]
    session: str = new["session_id"]
    for count in range(1, int(rng.integers(2, 4))):
        path = f"/api/upload-video/nemo_agent/me/{session}"
        answer = http.post(path, files={"files": ("film.mp4", make(SHORT).read_bytes())})
        if answer.json()["code"] == 0:
            promised.uploads.append((session, count))
    for _ in range(int(rng.integers(1, 4))):
        http.post("/run_sse", json=Client.request(session, SAID[int(rng.integers(len(SAID)))]))
    body = {"id": name, "sessionId": session, "draft": {}, "output": {"format": "mp4"}}
    if http.post("/api/render/proxy/lambda", json=body, headers=ATTRIBUTION).json()["code"] == 0:
        promised.renders.append(name)


def settled(database: Database) -> bool:
    """Whether nothing is waiting or running any more."""
    with database.reading() as connection:
        open_turns = sa.select(sa.func.count()).where(turns.c.status.in_(("queued", "running")))
        open_renders = sa.select(sa.func.count()).where(renders.c.status.in_(("pending", "processing")))
        return not any(connection.execute(query).scalar_one() for query in (open_turns, open_renders))


@pytest.mark.soak
def test_four_kills(tmp_path: Path) -> None:
    survive(tmp_path, 4)


@pytest.mark.soak
def test_fifty_kills(tmp_path: Path) -> None:
    survive(tmp_path, 50)


def survive(data: Path, kills: int) -> None:
    rng = np.random.default_rng(kills)
    promised = Promises()
    for _ in range(kills):
        process, address = started(data)
        worker = threading.Thread(target=busy, args=(address, promised, rng))
        worker.start()
        threading.Event().wait(float(rng.uniform(0.5, 6.0)))  # the moment of the accident
        ended(process, signal.SIGKILL)
        worker.join()
    process, address = started(data)
    database = Database(sqlite_url(data))

    def all_over() -> bool:
        assert process.poll() is None
        return settled(database)

    until("everything that was begun to be over", all_over, LONG_S)
    ended(process, signal.SIGTERM)
    with database.reading() as connection:
        rows = connection.execute(sa.select(renders.c.id, renders.c.status)).all()
        made = {row.id: row.status for row in rows}
        unpaid = connection.execute(
            sa.select(turns.c.text)
            .outerjoin(holds, holds.c.id == turns.c.id)
            .where(turns.c.status == "done", turns.c.steps.not_like('%"undo"%'), turns.c.steps != "[]")
            .where(holds.c.id.is_(None))  # of those that were carried out: what is asked of nothing is free
        ).all()
        counts = connection.execute(
            sa.text("SELECT session_id, count(*) FROM assets GROUP BY session_id")
        ).all()
    database.close()
    files = {row[0]: row[1] for row in counts}
    assert promised.uploads
    assert all(files[session] >= count for session, count in promised.uploads)
    assert {made[name] for name in promised.renders} <= {"completed"}
    assert unpaid == []
    workplace = Workplace(ServiceSettings(data_dir=data))
    assert checked(workplace, deep=True).wrong == ()
    workplace.close()
