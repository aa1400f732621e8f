"""Operations heard before they are agreed to: both sounds, what is taken out, and nothing is done."""

import base64
import json
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from saycut.pcm import RATE_HZ
from tests.factory import make, read_sound
from tests.http.server import Client, Server
from tests.waiting import until

TRIM = {"op": "trim_silence", "args": {"min_silence": 1.0}}
DENOISE = {"op": "denoise", "args": {}}


def asked(client: Client, session: str, **body: Any) -> httpx.Response:
    version = client.state(session)["version"]
    path = f"/api/v1/sessions/{session}/preview/operations"
    return client.http.post(path, json={"operations": [DENOISE], "version": version, **body})


def heard_s(told: dict[str, Any], name: str, folder: Path) -> float:
    """How long a sound of the answer is."""
    path = folder / f"{name}.mp3"
    path.write_bytes(base64.b64decode(told[name]))
    return len(read_sound(path)) / RATE_HZ


def test_a_plan_is_heard_and_nothing_is_done(client: Client, tmp_path: Path) -> None:
    """The clip pauses at 1.4 to 2.6 and at 4.25 to 6 s."""
    session = client.session()
    client.upload(session, make("pauses"))
    before = client.state(session)
    told = asked(client, session, operations=[TRIM], at_s=1, seconds=2).json()
    assert (told["at_s"], told["seconds"], told["removed_is"]) == (1, 2, "cut")
    assert heard_s(told, "before", tmp_path) == pytest.approx(2, abs=0.06)
    assert heard_s(told, "after", tmp_path) == pytest.approx(told["after_s"], abs=0.06)
    assert heard_s(told, "removed", tmp_path) == pytest.approx(told["removed_s"], abs=0.06)
    assert told["after_s"] + told["removed_s"] == pytest.approx(2, abs=1e-3)
    (step,) = told["steps"]
    assert (step["segments_removed"], step["removed_s"]) == (1, pytest.approx(told["removed_s"], abs=1e-3))
    assert client.state(session) == before
    assert client.balance() == (100, 0, 100)


def test_without_a_moment_it_is_one_where_something_happens(client: Client) -> None:
    session = client.session()
    client.upload(session, make("pauses"))
    told = asked(client, session, operations=[TRIM], seconds=3).json()
    assert told["removed_s"] > 0.3
    named = {"op": "mute", "args": {"start": 4, "end": 5}}
    assert asked(client, session, operations=[named], seconds=2.5).json()["at_s"] == 2


def test_the_noise_that_goes_is_heard_alone_and_measured(
    client: Client, material: Path, tmp_path: Path
) -> None:
    session = client.session()
    client.upload(session, material / "talk.mp4")
    told = asked(client, session, at_s=2, seconds=4).json()
    assert told["removed_is"] == "difference"
    (step,) = told["steps"]
    assert step["noise_floor_after_dbfs"] < step["noise_floor_before_dbfs"]
    heard_s(told, "removed", tmp_path)
    assert np.abs(read_sound(tmp_path / "removed.mp3")).max() > 1e-3


def test_what_cannot_be_heard_is_refused_in_words(client: Client, clip: Path) -> None:
    session = client.session()
    assert asked(client, session).status_code == 422  # nothing is there yet
    client.upload(session, clip)
    stale = asked(client, session, version=client.state(session)["version"] + 1)
    assert stale.status_code == 409
    behind = asked(client, session, at_s=100)
    assert (behind.status_code, "behind the end" in behind.json()["detail"]) == (422, True)
    wrong = asked(client, session, operations=[{"op": "denoise", "args": {"strength": 3}}])
    assert (wrong.status_code, "operations.0" in wrong.json()["detail"]) == (422, True)
    beyond = asked(client, session, place=9)
    assert (beyond.status_code, "place" in beyond.json()["detail"]) == (422, True)


def tasks_of(server: Server) -> list[int]:
    """Processes that work for a service."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            told = (process / "cmdline").read_bytes().split(b"\0")
            parent = int((process / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        if b"saycut.service.task" in told and parent == server.process.pid:
            found.append(int(process.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="PROC ABSENT: no task could be watched")
def test_whoever_leaves_stops_the_work(client: Client, server: Server) -> None:
    session = client.session()
    client.upload(session, make("speech"))
    body = json.dumps({"operations": [DENOISE], "version": client.state(session)["version"]})
    headers = {"Authorization": client.http.headers["Authorization"], "Content-Type": "application/json"}
    waiting = HTTPConnection(server.address.removeprefix("http://"), timeout=60)
    waiting.request("POST", f"/api/v1/sessions/{session}/preview/operations", body, headers)
    until("the beginning of the task", lambda: bool(tasks_of(server)), 30)
    waiting.close()
    until("the end of the task", lambda: not tasks_of(server), 10)


@pytest.mark.parametrize(
    "body",
    [
        '{"operations": [{"op": "cut", "args": {"start": "1e999999999%"}}], "version": VERSION}',
        '{"operations": [{"op": "cut", "args": {"start": "nan%"}}], "version": VERSION}',
        '{"operations": [{"op": "cut", "args": {"start": NaN}}], "version": VERSION}',
        '{"operations": [{"op": "speed", "args": {"factor": 1e305}}], "version": VERSION}',
        '{"operations": [{"op": "reframe", "args": {"aspect": "1e999999999"}}], "version": VERSION}',
        '{"operations": [{"op": "mute", "args": {}}], "version": VERSION, "at_s": NaN}',
        '{"operations": [{"op": "mute", "args": {}}], "version": VERSION, "seconds": Infinity}',
    ],
)
def test_numbers_that_are_none_are_refused_at_once(client: Client, clip: Path, body: str) -> None:
    session = client.session()
    client.upload(session, clip)
    version = str(client.state(session)["version"])
    path = f"/api/v1/sessions/{session}/preview/operations"
    answer = client.http.post(path, content=body.replace("VERSION", version).encode())
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
