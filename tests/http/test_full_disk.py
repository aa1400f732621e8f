"""A disk that is full: every operation says so, loses nothing, and does its work when there is room again."""

import json
import threading
import wave
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from tests.http.server import Client, calls, texts
from tests.http.small_disk import OnSmallDisks, serving_on_small_disks
from tests.http.test_links import Quiet
from tests.http.test_resumable import TUS, created, here, sent
from tests.waiting import until

FULL = 507
LITTLE_BYTES = 1 << 20  # room for rows, not for media
OPEN = (("turns", "queued"), ("turns", "running"), ("renders", "pending"), ("renders", "processing"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[str]:
    """A web site with all sounds, on loopback."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def sound(folder: Path) -> Path:
    """Twenty seconds of hiss: 3.8 MB that no other test has."""
    number = len(list(folder.iterdir()))
    path = folder / f"hiss{number}.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((2, 2, 48_000, 0, "NONE", ""))
        hiss = np.random.default_rng(number).integers(-2000, 2000, 2 * 48_000 * 20, np.int16)
        file.writeframes(hiss.tobytes())
    return path


@pytest.fixture(scope="module")
def small(site: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OnSmallDisks]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAYCUT_FETCH_NETWORKS", "127.0.0.0/8")
        patch.setenv("SAYCUT_FETCH_PORTS", site.rsplit(":", 1)[1])
        with serving_on_small_disks(tmp_path_factory.mktemp("small")) as running:
            yield running


@pytest.fixture
def client(small: OnSmallDisks) -> Iterator[Client]:
    """Somebody new; afterwards there is room again, and everything that was promised is there."""
    made = small.server.client()
    ready(made)
    yield made
    small.data.empty()
    small.work.empty()
    ready(made)
    checked = json.loads(small.ran("fsck", "--deep", "--json", *small.folder).stdout)
    assert checked["wrong"] == []


def ready(client: Client) -> None:
    until("a worker", lambda: client.http.get("/readyz").status_code == 200)


def refused(answer: httpx.Response) -> None:
    """A clear code, and not a word about where the disk is."""
    assert answer.status_code == FULL, answer.text
    assert answer.json()["code"] == FULL
    assert "no room left" in answer.text
    assert "/" not in answer.json().get("message", "")


def names(client: Client, session: str) -> list[str]:
    return [one["name"] for one in client.state(session)["state"]["video_infos"]]


def by_link(site: str, client: Client, session: str, sound: Path) -> httpx.Response:
    asked = {"urls": [f"{site}/{sound.name}"], "source_type": "url"}
    return client.http.post(f"/api/upload-video/nemo_agent/me/{session}", json=asked)


@pytest.mark.parametrize("way", ["multipart", "link"])
def test_an_upload(way: str, small: OnSmallDisks, client: Client, sound: Path, site: str) -> None:
    ways: dict[str, Callable[[str], httpx.Response]] = {
        "multipart": lambda session: client.upload(session, sound),
        "link": lambda session: by_link(site, client, session, sound),
    }
    session = client.session()
    small.data.fill(LITTLE_BYTES)
    refused(ways[way](session))
    assert names(client, session) == []
    assert small.inbox() == []
    until("what had come to be gone", lambda: small.data.free_bytes > LITTLE_BYTES // 2)
    small.data.empty()
    assert ways[way](session).status_code == 200
    assert names(client, session) == [sound.name]


def test_a_resumable_upload(small: OnSmallDisks, client: Client, sound: Path) -> None:
    session, data = client.session(), sound.read_bytes()
    url = created(client, session, len(data), sound.name)
    small.data.fill(LITTLE_BYTES)
    refused(sent(client, url, 0, data))
    came = here(client, url)
    assert 0 < came < len(data)
    small.data.empty()
    small.data.fill(len(data) - came + LITTLE_BYTES)  # for its bytes, and not for another copy of them
    refused(sent(client, url, came, data[came:]))
    assert names(client, session) == []
    assert client.http.head(url, headers=TUS).status_code == FULL
    small.data.empty()
    assert "Saycut-Asset" in client.http.head(url, headers=TUS).headers
    assert names(client, session) == [sound.name]


def test_a_turn_without_room_for_its_work(small: OnSmallDisks, client: Client, sound: Path) -> None:
    session = client.session()
    client.upload(session, sound)
    small.work.fill(LITTLE_BYTES)  # on a disk with no room at all nothing is begun: there is another, /tmp
    events = client.say(session, "remove the background noise and trim the silences")
    assert [event["errorCode"] for event in events if "errorCode" in event] == ["disk_full"]
    assert "no room left" in texts(events)[-1]
    assert str(small.server.data_dir.parent) not in json.dumps(events)
    assert client.balance() == (100, 0, 100)
    small.work.empty()
    events = client.say(session, "remove the background noise and trim the silences")
    assert calls(events, "functionResponse")
    assert not [event for event in events if "errorCode" in event]
    assert client.balance() == (95, 0, 95)


def test_a_render(small: OnSmallDisks, client: Client, sound: Path) -> None:
    session = client.session()
    client.upload(session, sound)
    small.data.fill(LITTLE_BYTES)
    assert client.submit(session, "render_1", output={"format": "wav"}).status_code == 200
    told = client.finished("render_1")
    assert (told["status"], "no room left" in told["error"]) == ("failed", True)
    job = client.http.get("/api/v1/jobs/render_1").json()
    assert job["error"]["code"] == "disk_full"
    assert "/" not in job["error"]["message"]
    small.data.empty()
    client.submit(session, "render_2", output={"format": "wav"})
    assert client.finished("render_2")["status"] == "completed"
    assert client.balance() == (100, 0, 100)


def test_the_database(small: OnSmallDisks, client: Client, sound: Path) -> None:
    """Pages that it has already are written to still: what asks for the fewest is refused last."""
    session = client.session()
    client.upload(session, sound)
    project = client.http.get(f"/api/v1/sessions/{session}/history").json()["states"]

    def is_refused(path: str, body: dict[str, Any]) -> bool:
        small.data.fill()
        return client.http.post(path, json=body).status_code == FULL

    for path, body in (
        ("/api/tasks/me/with-session/nemo_agent", {}),
        (f"/api/v1/sessions/{session}/versions", {"name": "one"}),
        ("/api/auth/claim-token", {"session_id": session}),
    ):
        until(f"{path} to be refused", partial(is_refused, path, body))
        refused(client.http.post(path, json=body))
    refused(client.http.post("/run", json=client.request(session, "mute it")))
    refused(client.submit(session, "render_1"))
    refused(client.http.delete(f"/api/v1/sessions/{session}"))
    assert names(client, session) == [sound.name]  # what only looks is answered still
    assert client.balance() == (100, 0, 100)
    small.data.empty()
    ready(client)
    assert "✅" in texts(client.say(session, "make it 3 dB louder"))[-1]
    assert client.balance() == (95, 0, 95)
    after = client.http.get(f"/api/v1/sessions/{session}/history").json()["states"]
    assert [state["said"] for state in after] == [
        *(state["said"] for state in project),
        "make it 3 dB louder",
    ]


def test_a_backup(small: OnSmallDisks, client: Client, sound: Path) -> None:
    session = client.session()
    client.upload(session, sound)
    kept = small.work.path / "kept"
    asked = ("backup", *small.folder, str(kept), "--json")
    small.work.fill(LITTLE_BYTES)
    full = small.ran(*asked, status=5)
    assert json.loads(full.stdout)["error"]["code"] == "disk_full"
    assert small.under("find", str(kept), "-name", ".*").stdout == ""  # nothing is left half done
    assert small.under("find", str(kept), "-name", "saycut.db").stdout == ""  # nor taken for a backup
    small.work.empty()
    small.ran(*asked)
    again = small.work.path / "again"
    small.ran("restore", "--data-dir", str(again), str(kept))
    assert json.loads(small.ran("fsck", "--deep", "--json", "--data-dir", str(again)).stdout)["ok"]
    small.under("rm", "-r", str(kept), str(again))


@pytest.mark.soak
def test_a_disk_that_fills_twice_while_all_of_it_goes_on(
    small: OnSmallDisks, client: Client, sound: Path
) -> None:
    shaken(small, client, sound, 2)


@pytest.mark.soak
def test_a_disk_that_fills_fifty_times(small: OnSmallDisks, client: Client, sound: Path) -> None:
    shaken(small, client, sound, 50)


def shaken(small: OnSmallDisks, client: Client, sound: Path, times: int) -> None:
    """Turns and renders without end, on a disk that is full for seconds at moments nobody chose: whatever was
    taken comes to an end, and is paid exactly when it was done."""
    small.ran("admin", "grant", client.user["user_id"], "100000", "--reference", "shaken", *small.folder)
    rng = np.random.default_rng(times)
    over = threading.Event()

    def work() -> list[str]:
        taken: list[str] = []
        while not over.is_set():
            new = client.http.post("/api/tasks/me/with-session/nemo_agent", json={})
            session = new.json()["data"]["session_id"] if new.status_code == 200 else "none"
            name, wav = f"render_{len(taken)}", {"format": "wav"}
            answers = [
                new,
                client.upload(session, sound),
                client.http.post("/run", json=client.request(session, "make it 3 dB louder")),
                client.submit(session, name, output=wav),
            ]
            if answers[-1].status_code == 200:
                taken.append(name)
            assert {answer.status_code for answer in answers} <= {200, 404, 422, 429, FULL}, answers
        return taken

    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(work)
        for _ in range(times):
            over.wait(float(rng.uniform(0.5, 4.0)))  # the moment of the accident
            small.data.fill(int(rng.integers(0, 4 << 20)))
            over.wait(float(rng.uniform(0.1, 3.0)))
            small.data.empty()
        over.set()
        asked = working.result()
    ready(client)
    for name in asked:
        client.finished(name)
    until("everything to be settled", lambda: idle(client))
    assert client.balance()[1] == 0  # that what was spent was done is for `fsck` to say


def idle(client: Client) -> bool:
    """Nothing waits, nothing runs, nothing is held."""
    figures = dict(
        line.rsplit(" ", 1) for line in client.http.get("/metrics").text.splitlines() if line[0] != "#"
    )
    open_ = [f'saycut_{kind}{{status="{status}"}}' for kind, status in OPEN]
    return not any(float(figures.get(name, 0)) for name in [*open_, "saycut_credits_held"])
