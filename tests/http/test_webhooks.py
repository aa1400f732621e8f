"""Webhooks: signed as the standard's own library reads it, tried again, never sent to private addresses."""

import json
import queue
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.factory import make
from tests.http.server import PATIENCE_S, Client, Server, serving
from tests.waiting import until

standardwebhooks = pytest.importorskip("standardwebhooks", reason="pip install -e '.[dev]'")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:standardwebhooks")


class Receiver:
    """A web server that keeps what is posted to it; `answers` are given one after the other, then 204."""

    def __init__(self) -> None:
        came: queue.Queue[tuple[dict[str, str], bytes]] = queue.Queue()
        answers: list[int] = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(answers.pop(0) if answers else 204)
                self.send_header("Location", "/elsewhere")
                self.end_headers()
                came.put((dict(self.headers), body))

            def log_message(self, *_: object) -> None:
                return

        self.answers = answers
        self._came = came
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook?from=saycut"

    def message(self) -> tuple[dict[str, str], bytes]:
        return self._came.get(timeout=PATIENCE_S)

    def nothing_more(self) -> bool:
        return self._came.empty()


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    thread = threading.Thread(target=made.server.serve_forever)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def allowing(receiver: Receiver, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose operator has allowed this one private network."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAYCUT_FETCH_NETWORKS", "127.0.0.0/8")
        patch.setenv("SAYCUT_FETCH_PORTS", str(receiver.server.server_port))
        with serving(tmp_path_factory.mktemp("hooks")) as running:
            yield running


def hooked(client: Client, url: str, *events: str) -> dict[str, Any]:
    answer = client.http.post("/api/v1/webhooks", json={"url": url, "events": list(events)})
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def settled(client: Client, webhook_id: str) -> dict[str, Any]:
    """The newest delivery when it is not waited for any more."""

    def newest() -> dict[str, Any] | None:
        told = client.http.get(f"/api/v1/webhooks/{webhook_id}/deliveries").json()["deliveries"]
        return told[0] if told and told[0]["status"] != "waiting" else None

    found = until("the end of a delivery", newest)
    assert found is not None
    return found


def test_what_is_over_is_announced_and_signed(allowing: Server, receiver: Receiver) -> None:
    client = allowing.client()
    hook = hooked(client, receiver.url, "turn.done", "turn.failed", "render.completed")
    session = client.session("Lecture")
    client.upload(session, make("cfr30"))
    turn_id = client.say(session, "mute it")[0]["invocationId"]
    headers, body = receiver.message()
    read = standardwebhooks.Webhook(hook["secret"]).verify(body, {k.lower(): v for k, v in headers.items()})
    assert read["type"] == "turn.done"
    assert read["data"] == {"id": turn_id, "session_id": session, "status": "done"}
    client.say(session, "delete clip 7")
    assert json.loads(receiver.message()[1])["type"] == "turn.failed"
    client.submit(session, "render_1")
    told = json.loads(receiver.message()[1])
    assert (told["type"], told["data"]["id"], told["data"]["name"]) == (
        "render.completed",
        "render_1",
        "Lecture.mp4",
    )
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook(hook["secret"]).verify(
            body + b" ", {k.lower(): v for k, v in headers.items()}
        )
    assert settled(client, hook["id"])["last_answer"] == "204"
    client.http.delete(f"/api/v1/webhooks/{hook['id']}")
    client.say(session, "undo")
    assert receiver.nothing_more()


def test_a_receiver_that_fails_is_asked_again(allowing: Server, receiver: Receiver) -> None:
    client = allowing.client()
    hook = hooked(client, receiver.url, "turn.done")
    receiver.answers[:] = [500, 302]
    sent = client.http.post(f"/api/v1/webhooks/{hook['id']}/test").json()
    ids = {receiver.message()[0]["webhook-id"] for _ in range(3)}
    assert ids == {sent["id"]}
    done = settled(client, hook["id"])
    assert (done["status"], done["attempts"], done["last_answer"]) == ("delivered", 3, "204")


def test_a_receiver_that_is_gone_is_left_alone(allowing: Server, receiver: Receiver) -> None:
    client = allowing.client()
    hook = hooked(client, receiver.url, "turn.done")
    receiver.answers[:] = [410]
    client.http.post(f"/api/v1/webhooks/{hook['id']}/test")
    receiver.message()
    assert settled(client, hook["id"])["status"] == "failed"
    assert client.http.get("/api/v1/webhooks").json()["webhooks"][0]["disabled"]
    client.say(client.session(), "hello")
    assert receiver.nothing_more()
    assert "secret" not in client.http.get("/api/v1/webhooks").json()["webhooks"][0]


def test_a_turn_that_is_cancelled_is_announced(allowing: Server, receiver: Receiver, tmp_path: Path) -> None:
    client = allowing.client()
    hooked(client, receiver.url, "turn.cancelled")
    session = client.session()
    client.upload(session, make("cfr30"))
    where = f"/apps/nemo_agent/users/me/sessions/{session}"
    with client.http.stream("POST", "/run_sse", json=client.request(session, "trim the silences")) as answer:
        seen = until("the turn", lambda: client.http.get(where).json()["events"])
        turn_id = seen[0]["invocationId"]
        told = client.http.post(f"/api/v1/turns/{turn_id}/cancel").json()
        answer.read()
    if told["status"] == "cancelled":  # else it was quicker than we
        assert json.loads(receiver.message()[1])["data"]["id"] == turn_id


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/hook",
        "http://169.254.169.254/latest",
        "http://[::1]:8080/",
        "https://user:password@example.com/",
        "ftp://example.com/",
        "nonsense",
    ],
)
def test_private_addresses_are_refused(client: Client, url: str) -> None:
    answer = client.http.post("/api/v1/webhooks", json={"url": url, "events": ["turn.done"]})
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:saycut:problem:url_refused")
