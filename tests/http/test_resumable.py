"""Resumable uploads: tus 1.0 as a client speaks it, with connections that break."""

import base64
import threading
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import httpx
import numpy as np
import pytest

from tests.http.server import Client, Server
from tests.waiting import until

TUS = {"Tus-Resumable": "1.0.0"}


def metadata(**said: str) -> str:
    return ", ".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in said.items())


def created(client: Client, session: str, size: int, name: str = "film.mp4") -> str:
    headers = {
        **TUS,
        "Upload-Length": str(size),
        "Upload-Metadata": metadata(filename=name, session_id=session),
    }
    answer = client.http.post("/api/v1/uploads", headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.headers["Location"])


def sent(client: Client, url: str, offset: int, data: bytes) -> httpx.Response:
    headers = {**TUS, "Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
    return client.http.patch(url, content=data, headers=headers)


def here(client: Client, url: str) -> int:
    return int(client.http.head(url, headers=TUS).headers["Upload-Offset"])


def test_what_is_spoken_here(client: Client) -> None:
    answer = client.http.options("/api/v1/uploads")
    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert "creation" in answer.headers["Tus-Extension"]


def test_a_file_in_pieces_becomes_an_asset(client: Client, clip: Path) -> None:
    session, data = client.session(), clip.read_bytes()
    url = created(client, session, len(data), "电影.mp4")
    rng = np.random.default_rng(1)
    cuts = [0, *sorted(rng.integers(1, len(data), 9).tolist()), len(data)]
    for first, end in pairwise(cuts):
        assert here(client, url) == first
        assert int(sent(client, url, first, data[first:end]).headers["Upload-Offset"]) == end
    (asset,) = client.state(session)["state"]["video_infos"]
    assert (asset["name"], asset["size"]) == ("电影.mp4", len(data))
    assert client.http.head(url, headers=TUS).headers["Saycut-Asset"] == asset["file_id"]
    assert sent(client, url, len(data), b"").status_code == 409


def test_a_connection_that_breaks_loses_nothing_that_arrived(client: Client, clip: Path) -> None:
    session, data = client.session(), clip.read_bytes()
    url = created(client, session, len(data))

    def broken() -> object:
        yield data[:30_000]
        raise ConnectionError

    headers = {**TUS, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    with pytest.raises(ConnectionError):
        client.http.patch(url, content=broken(), headers=headers)  # type: ignore[arg-type]
    until("an answer", lambda: client.http.head(url, headers=TUS).status_code == 200)
    assert here(client, url) <= 30_000

    def went_on() -> bool:
        at = here(client, url)
        return sent(client, url, at, data[at:]).status_code == 204

    until("the broken connection to be let go of", went_on)
    assert len(client.state(session)["state"]["video_infos"]) == 1


def test_two_that_write_at_once_do_not_tear_it(server: Server, client: Client, clip: Path) -> None:
    session, data = client.session(), clip.read_bytes()
    url = created(client, session, len(data))
    begun, go_on = threading.Event(), threading.Event()
    statuses: list[int] = []

    def slow() -> Iterator[bytes]:
        yield data[:1000]
        begun.set()
        go_on.wait(30)
        yield data[1000:]

    def send() -> None:
        statuses.append(other.patch(url, content=slow(), headers=headers).status_code)

    headers = {**TUS, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    other = server.http()
    other.headers["Authorization"] = client.http.headers["Authorization"]
    first = threading.Thread(target=send)
    first.start()
    begun.wait(30)
    statuses.append(sent(client, url, 0, data).status_code)  # whoever was sooner is let in
    go_on.set()
    first.join()
    assert statuses.count(204) == 1
    assert set(statuses) <= {204, 404, 409, 423}
    (asset,) = client.state(session)["state"]["video_infos"]
    assert asset["size"] == len(data)


def test_what_is_an_asset_already_takes_no_more(client: Client, clip: Path) -> None:
    session, data = client.session(), clip.read_bytes()
    url = created(client, session, len(data))
    assert sent(client, url, 0, data).status_code == 204
    for at in (0, len(data)):
        assert sent(client, url, at, data).status_code == 409
    assert len(client.state(session)["state"]["video_infos"]) == 1


def test_what_tus_refuses(server: Server, client: Client, clip: Path) -> None:
    session, data = client.session(), clip.read_bytes()
    url = created(client, session, len(data))
    assert sent(client, url, 5, data).status_code == 409
    assert sent(client, url, 0, data + b"x").status_code == 413
    assert here(client, url) <= len(data)
    assert client.http.patch(url, content=b"x", headers={**TUS, "Upload-Offset": "0"}).status_code == 415
    assert client.http.head(url).status_code == 412
    assert server.client().http.head(url, headers=TUS).status_code == 404
    too_large = {**TUS, "Upload-Length": str(501 << 20), "Upload-Metadata": metadata(session_id=session)}
    assert client.http.post("/api/v1/uploads", headers=too_large).status_code == 413
    for wrong in ({}, {"Upload-Length": "many"}, {"Upload-Length": "5"}):
        assert client.http.post("/api/v1/uploads", headers={**TUS, **wrong}).status_code == 422
    elsewhere = {**TUS, "Upload-Length": "5", "Upload-Metadata": metadata(session_id="ses_other")}
    assert client.http.post("/api/v1/uploads", headers=elsewhere).status_code == 404
    assert client.http.delete(url, headers=TUS).status_code == 204
    assert client.http.head(url, headers=TUS).status_code == 404


def test_what_is_no_media_is_refused_at_the_end(client: Client) -> None:
    session = client.session()
    url = created(client, session, 5)
    assert sent(client, url, 0, b"hello").status_code == 415
    assert client.state(session)["state"]["video_infos"] == []
    assert client.http.head(url, headers=TUS).status_code == 404


def test_long_bodies_are_refused_while_they_arrive(client: Client) -> None:
    def endless() -> object:
        for _ in range(40):
            yield b" " * (1 << 20)

    try:
        answer = client.http.post("/run_sse", content=endless(), headers={"Content-Type": "application/json"})  # type: ignore[arg-type]
    except httpx.HTTPError:  # the server need not read what it has refused
        return
    assert answer.status_code == 413
