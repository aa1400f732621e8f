"""Stopping: whatever is cancelled is settled at once, and the work behind it is gone within two seconds."""

import json
import time
import wave
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.http.server import Client, Server, texts
from tests.waiting import until

# What is promised, where nothing else keeps the machine busy; and what shows a fault on any.
GONE_WITHIN_S = pytest.param(2.0, marks=pytest.mark.soak), 20.0
SLOW = "remove the background noise and trim the silences"


@pytest.fixture(scope="module")
def long_sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty minutes of hiss: nothing that listens to it is done before it is told to stop."""
    path = tmp_path_factory.mktemp("long") / "long.wav"
    hiss = np.random.default_rng(1).integers(-2000, 2000, 16_000 * 60, np.int16).tobytes()
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        for _ in range(20):
            file.writeframes(hiss)
    return path


def tasks_of(server: Server) -> set[int]:
    """The processes of tasks below the server, and all that they have started."""
    parents: dict[int, int] = {}
    asked: set[int] = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state = (folder / "stat").read_text().rpartition(")")[2].split()
            command = (folder / "cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if state[0] != "Z":
            parents[int(folder.name)] = int(state[1])
            if b"saycut.service.task" in command:
                asked.add(int(folder.name))

    def lineage(pid: int) -> set[int]:
        above = set()
        while pid in parents:
            above.add(pid)
            pid = parents[pid]
        return above

    above = {pid: lineage(pid) for pid in parents}
    return {pid for pid, line in above.items() if server.process.pid in line and line & asked}


def alive(pids: set[int]) -> bool:
    """Whether any is left that is more than an entry in the table of processes."""
    for pid in pids:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if state != "Z":
            return True
    return False


def gone_after(pids: set[int], since_s: float) -> float:
    until("the end of its processes", lambda: not alive(pids), 20)
    return time.monotonic() - since_s


class Stream:
    """A turn whose events are read one by one."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._events = (json.loads(line[6:]) for line in lines if line.startswith("data: "))
        self.seen: list[dict[str, Any]] = []

    def until(self, key: str) -> str:
        """Read up to an event with that in its metadata; the turn's id."""
        for event in self._events:
            self.seen.append(event)
            if key in event.get("customMetadata", {}):
                return str(event["invocationId"])
        raise AssertionError(f"the turn ended before {key}: {texts(self.seen)}")

    def rest(self) -> list[dict[str, Any]]:
        self.seen += self._events
        return self.seen


@contextmanager
def saying(client: Client, session: str, text: str) -> Iterator[Stream]:
    with client.http.stream("POST", "/run_sse", json=client.request(session, text)) as answer:
        yield Stream(answer.iter_lines())


@pytest.mark.parametrize("within_s", GONE_WITHIN_S)
def test_a_turn_that_runs(within_s: float, server: Server, client: Client, long_sound: Path) -> None:
    session = client.session()
    client.upload(session, long_sound)
    with saying(client, session, SLOW) as stream:
        turn_id = stream.until("progress")
        assert client.balance() == (95, 5, 100)
        pids = tasks_of(server)
        assert pids
        began_s = time.monotonic()
        told = client.http.post(f"/api/v1/turns/{turn_id}/cancel").json()
        assert told["status"] == "cancelled"
        assert client.balance() == (100, 0, 100)
        events = stream.rest()
        ended_s = time.monotonic() - began_s
    took_s = gone_after(pids, began_s)
    assert max(ended_s, took_s) < within_s, (ended_s, took_s)
    assert [event["errorCode"] for event in events if "errorCode" in event] == ["cancelled"]
    assert texts(events)[-1] == "Stopped; nothing was changed."
    assert events[-1]["turnComplete"]
    assert "muted" not in client.state(session)["state"]["summary"]
    assert "✅" in texts(client.say(session, "make it 3 dB louder"))[-1]  # the session is free again
    assert client.balance() == (95, 0, 95)


@pytest.mark.parametrize("within_s", GONE_WITHIN_S)
def test_a_render_that_runs(within_s: float, server: Server, client: Client, clip: Path) -> None:
    session = client.session()
    client.upload(session, clip)
    client.say(session, "loop it 200 times and rotate it by 90")
    client.submit(session, "render_1")
    until(
        "the render to begin", lambda: client.http.get("/api/v1/jobs/render_1").json()["status"] != "pending"
    )
    until("the encoder", lambda: len(tasks_of(server)) > 1)
    pids = tasks_of(server)
    began_s = time.monotonic()
    told = client.http.post("/api/v1/jobs/render_1/cancel").json()
    assert told["status"] == "cancelled"
    took_s = gone_after(pids, began_s)
    assert took_s < within_s, took_s
    assert client.finished("render_1")["error"]
    assert client.http.get("/api/render/proxy/render_1/download").status_code == 404
    assert client.http.post("/api/v1/jobs/render_1/cancel").json() == told
    client.say(session, "undo")
    client.submit(session, "render_2")
    assert client.finished("render_2")["status"] == "completed"  # the queue of the user is free again


def test_a_turn_that_waits_never_runs(client: Client, long_sound: Path) -> None:
    session = client.session()
    client.upload(session, long_sound)
    with ThreadPoolExecutor(1) as pool, saying(client, session, SLOW) as first:
        first_id = first.until("progress")
        waiting = pool.submit(client.say, session, "静音")

        def said() -> set[str]:
            """The turns that were asked for beside the first."""
            told = client.http.get(f"/apps/nemo_agent/users/me/sessions/{session}").json()["events"]
            return {one["invocationId"] for one in told if one["author"] == "user"} - {first_id}

        (second_id,) = until("the second turn", said)
        assert client.http.get(f"/api/v1/turns/{second_id}").json()["status"] == "queued"
        client.http.post(f"/api/v1/turns/{second_id}/cancel")
        assert texts(waiting.result()) == ["已停止，没有改动。"]
        assert client.http.get(f"/api/v1/turns/{first_id}").json()["status"] == "running"
        client.http.post(f"/api/v1/turns/{first_id}/cancel")
        first.rest()
    assert client.balance() == (100, 0, 100)


@pytest.mark.parametrize("within_s", GONE_WITHIN_S)
def test_a_session_that_is_deleted_takes_its_work_with_it(
    within_s: float, server: Server, client: Client, long_sound: Path
) -> None:
    session = client.session()
    client.upload(session, long_sound)
    with saying(client, session, SLOW) as stream:
        stream.until("progress")
        pids = tasks_of(server)
        began_s = time.monotonic()
        assert client.http.delete(f"/apps/nemo_agent/users/me/sessions/{session}").status_code == 200
        assert texts(stream.rest())
    assert gone_after(pids, began_s) < within_s
    assert client.balance() == (100, 0, 100)


def test_a_history_does_not_move_under_a_turn(client: Client, long_sound: Path) -> None:
    session = client.session()
    client.upload(session, long_sound)
    with saying(client, session, SLOW) as stream:
        turn_id = stream.until("progress")
        refused = client.http.post(f"/api/v1/sessions/{session}/undo")
        assert (refused.status_code, refused.json()["code"]) == (409, 409)
        client.http.post(f"/api/v1/turns/{turn_id}/cancel")
    assert client.http.post(f"/api/v1/sessions/{session}/undo").status_code == 200


def test_nobody_cancels_what_is_somebody_elses(server: Server, client: Client, clip: Path) -> None:
    session = client.session()
    client.upload(session, clip)
    turn_id = client.say(session, "mute it")[0]["invocationId"]
    client.submit(session, "render_1")
    other = server.client()
    for path in (f"turns/{turn_id}", "jobs/render_1"):
        answer = other.http.post(f"/api/v1/{path}/cancel")
        assert (answer.status_code, answer.json()["code"]) == (404, 1002)
    assert client.finished("render_1")["status"] == "completed"
