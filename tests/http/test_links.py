"""Links: fetched by checked addresses, and private ones only where the operator says so."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.factory import make
from tests.http.server import Client, serving


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """A web site with one film and one page, on loopback."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "film.mp4").write_bytes(make("cfr30").read_bytes())
    (folder / "page.mp4").write_text("<html>")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def links(client: Client, session: str, *urls: str) -> tuple[int, dict[str, object]]:
    answer = client.http.post(
        f"/api/upload-video/nemo_agent/me/{session}", json={"urls": list(urls), "source_type": "url"}
    )
    told: dict[str, object] = answer.json()
    return answer.status_code, told


def test_a_link_is_an_upload(site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAYCUT_FETCH_NETWORKS", "127.0.0.0/8")
    monkeypatch.setenv("SAYCUT_FETCH_PORTS", site.rsplit(":", 1)[1])
    with serving(tmp_path / "data", "--workers", "0") as server:
        client = server.client()
        session = client.session()
        status, told = links(client, session, f"{site}/film.mp4")
        assert status == 200
        assert [f["name"] for f in told["data"]["files"]] == ["film.mp4"]  # type: ignore[index]
        assert "film.mp4" in client.state(session)["state"]["summary"]
        assert links(client, session, f"{site}/film.mp4", f"{site}/page.mp4")[0] == 415
        assert links(client, session, f"{site}/nothing.mp4")[1]["code"] == 422
        assert len(client.state(session)["state"]["video_infos"]) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/film.mp4",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]:8080/",
        "http://0x7f000001/",
        "file:///etc/passwd",
        "ftp://example.com/film.mp4",
        "http://user:password@example.com/",
        "nonsense",
    ],
)
def test_what_may_not_be_fetched_is_422(client: Client, url: str) -> None:
    status, told = links(client, client.session(), url)
    assert (status, told["code"]) == (422, 422)
    assert "127.0.0.1" not in str(told["message"])


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"urls":[]}', b'{"urls":[1]}', b"{", b'{"urls":"x"}'])
def test_what_is_no_list_of_links_is_422(client: Client, body: bytes) -> None:
    answer = client.http.post(
        f"/api/upload-video/nemo_agent/me/{client.session()}",
        content=body,
        headers={"Content-Type": "application/json"},
    )
    assert (answer.status_code, answer.json()["code"]) == (422, 422)
