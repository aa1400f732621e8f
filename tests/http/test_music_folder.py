"""The operator's own music in the service: what a turn took from there is there for all that comes after."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.http.server import Client, Server, serving
from tests.http.test_v1 import get


@pytest.fixture
def music(material: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "music"
    folder.mkdir()
    shutil.copy(material / "song.wav", folder / "song.wav")
    return folder


@pytest.fixture
def server(music: Path, tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path / "service", "--music-folder", str(music)) as running:
        yield running


def heard(client: Client, session: str) -> int:
    body = {"what": "sound", "at_s": 1, "seconds": 2}
    return client.http.post(f"/api/v1/sessions/{session}/preview", json=body).status_code


def test_music_of_the_folder_stays_in_the_project(server: Server, music: Path, material: Path) -> None:
    client = server.client()
    session = client.session()
    client.upload(session, material / "talk.mp4")
    said = client.say(session, "add background music")
    assert "song.wav" in str(said[-1])
    assert heard(client, session) == 200
    client.say(session, "turn the music down by 6 dB")
    assert client.submit(session, "r1").status_code == 200
    assert client.finished("r1")["status"] == "completed"
    assert [each["title"] for each in get(client, "/jobs/r1/receipt")["credits"]] == ["song"]

    (music / "song.wav").rename(music / "another name.wav")  # it is known by its content
    assert heard(client, session) == 200
    (music / "another name.wav").unlink()
    assert heard(client, session) == 422
    assert "no longer in the music folder" in str(client.say(session, "make it louder")[-1])
    client.http.post(f"/api/v1/sessions/{session}/undo", json={"steps": 2})
    assert heard(client, session) == 200
