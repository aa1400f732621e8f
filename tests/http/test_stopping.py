"""Stopped in the middle of everything: gone within 20 s with status 0, and after a restart all goes on."""

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from saycut.service.fsck import checked
from saycut.service.workplace import ServiceSettings, Workplace
from tests.factory import Clip, Picture, make
from tests.http.server import Client, Server, serving
from tests.http.streams import Listener, works
from tests.soak.test_memory import looped
from tests.waiting import until

STOP_S = 20  # what supervisors are told to wait (docs/how-to/run-the-service.md)


def gone(process: "subprocess.Popen[str] | subprocess.Popen[bytes]") -> int:
    """Its exit status; TimeoutExpired when it is not gone in time."""
    process.terminate()
    return process.wait(STOP_S)


def rendering(client: Client, frames: int) -> None:
    """A render, "render_1", that is under way and takes a while."""
    session = client.session()
    client.upload(session, make(Clip(picture=Picture(width=1280, height=720, frames=frames))))
    client.say(session, "rotate it by 90")
    client.submit(session, "render_1")
    until("the render is under way", lambda: progress(client) > 0)


def progress(client: Client) -> int:
    percent: int = client.http.get("/api/render/proxy/lambda/render_1").json()["progress"]
    return percent


def same_user(server: Server, client: Client) -> httpx.Client:
    http = server.http()
    http.headers["Authorization"] = client.http.headers["Authorization"]
    return http


@pytest.mark.soak
def test_serve_in_mid_turn_mid_render_and_with_open_streams(material: Path, tmp_path: Path) -> None:
    lecture = looped(material / "talk.mp4", 600, tmp_path / "lecture.mp4")
    stopped_and_started(lecture, 900, tmp_path / "data")


@pytest.mark.soak
def test_serve_with_more_to_do_than_can_be_finished_meanwhile(material: Path, tmp_path: Path) -> None:
    lecture = looped(material / "talk.mp4", 3600, tmp_path / "lecture.mp4")
    stopped_and_started(lecture, 5400, tmp_path / "data")


def stopped_and_started(lecture: Path, frames: int, data_dir: Path) -> None:
    with ExitStack() as stack:
        server = stack.enter_context(serving(data_dir, "--workers", "2"))
        client = server.client()
        rendering(client, frames)
        session = client.session()
        client.upload(session, lecture)
        listener = Listener(session, "trim the silences")
        listener.until(client.http, works)
        others = [listener.connected(same_user(server, client)) for _ in range(3)]
        assert all(stack.enter_context(other) for other in others)
        assert gone(server.process) == 0
    with serving(data_dir, "--workers", "2") as server:
        client.http = same_user(server, client)
        listener.to_the_end(client.http)
        assert listener.missed_nothing()
        assert client.finished("render_1")["status"] == "completed"
        assert client.balance() == (90, 0, 90)
    workplace = Workplace(ServiceSettings(data_dir=data_dir))
    assert checked(workplace, deep=True).wrong == ()
    workplace.close()


@pytest.mark.soak
def test_a_worker_in_mid_render(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "saycut", "worker", "--id", "one", "--data-dir", str(tmp_path)]
    with serving(tmp_path, "--workers", "0") as server:
        client = server.client()
        first = subprocess.Popen(command)
        try:
            rendering(client, 900)
        finally:
            assert gone(first) == 0
        second = subprocess.Popen(command)
        try:
            until("the second worker is there", lambda: client.http.get("/readyz").status_code == 200)
            assert client.finished("render_1")["status"] == "completed"
        finally:
            assert gone(second) == 0
