"""A real `saycut serve` in a process of its own, and a client that knows the wire contract."""

import json
import subprocess
import sys
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.waiting import until

ATTRIBUTION = {"X-Skill-Source": "tests", "X-Skill-Version": "1", "X-Skill-Platform": "unknown"}
PATIENCE_S = 60.0
RENDER_PATIENCE_S = 300.0  # a hundred may wait before it


class Server:
    """The process and its address."""

    def __init__(self, data_dir: Path, *arguments: str, under: Sequence[str] = ()) -> None:
        """`under`: a command that runs the one that follows it."""
        self.data_dir = data_dir
        serve = [sys.executable, "-m", "saycut", "serve", "--port", "0", "--data-dir", str(data_dir)]
        command = [*under, *serve]
        self.process = subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()
        if not self.address:
            self.process.stdout.close()
            raise AssertionError(f"it ended with {self.process.wait()}")
        self._clients: list[httpx.Client] = []

    def stop(self) -> int:
        """As an operator stops it; its exit status."""
        for http in self._clients:
            http.close()
        if self.process.poll() is None:
            self.process.terminate()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return self.process.wait(30)

    def http(self) -> httpx.Client:
        """Somebody without a token."""
        self._clients.append(httpx.Client(base_url=self.address, timeout=PATIENCE_S))
        return self._clients[-1]

    def client(self) -> "Client":
        return Client(self.http())


@contextmanager
def serving(data_dir: Path, *arguments: str) -> Iterator[Server]:
    server = Server(data_dir, *arguments)
    try:
        yield server
    finally:
        server.stop()


class Client:
    """One anonymous user."""

    def __init__(self, http: httpx.Client) -> None:
        self.http = http
        answer = http.post("/api/auth/anonymous-token", headers={"X-Client-Id": str(uuid.uuid4())})
        assert answer.status_code == 200, answer.text
        self.user = answer.json()["data"]
        self.http.headers["Authorization"] = f"Bearer {self.user['token']}"

    def session(self, name: str = "clip") -> str:
        answer = self.http.post("/api/tasks/me/with-session/nemo_agent", json={"task_name": name})
        session_id: str = answer.json()["data"]["session_id"]
        return session_id

    def upload(self, session_id: str, *paths: Path) -> httpx.Response:
        files = [("files", (path.name, path.read_bytes())) for path in paths]
        return self.http.post(f"/api/upload-video/nemo_agent/me/{session_id}", files=files)

    def say(self, session_id: str, text: str) -> list[dict[str, Any]]:
        """All events of one turn."""
        with self.http.stream("POST", "/run_sse", json=self.request(session_id, text)) as answer:
            assert answer.status_code == 200, answer.read()
            lines = list(answer.iter_lines())
        return [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]

    @staticmethod
    def request(session_id: str, text: str) -> dict[str, Any]:
        message = {"role": "user", "parts": [{"text": text}]}
        return {"app_name": "nemo_agent", "user_id": "me", "session_id": session_id, "new_message": message}

    def state(self, session_id: str) -> dict[str, Any]:
        answer: dict[str, Any] = self.http.get(f"/api/state/nemo_agent/me/{session_id}/latest").json()
        data: dict[str, Any] = answer["data"]
        return data

    def balance(self) -> tuple[int, int, int]:
        data = self.http.get("/api/credits/balance/simple").json()["data"]
        return data["available"], data["frozen"], data["total"]

    def submit(self, session_id: str, render_id: str, **body: Any) -> httpx.Response:
        asked = {"id": render_id, "sessionId": session_id, "draft": {}, "output": {"format": "mp4"}, **body}
        return self.http.post("/api/render/proxy/lambda", json=asked, headers=ATTRIBUTION)

    def finished(self, render_id: str) -> dict[str, Any]:
        """The render when it is over; asks again and again, as clients do."""
        told: dict[str, Any] = {}

        def over() -> bool:
            told.update(self.http.get(f"/api/render/proxy/lambda/{render_id}").json())
            return told["status"] in ("completed", "failed")

        until(f"the end of {render_id}", over, RENDER_PATIENCE_S)
        return told


def texts(events: list[dict[str, Any]]) -> list[str]:
    """What a person would read."""
    parts = [part for event in events for part in event.get("content", {}).get("parts", ())]
    return [part["text"] for part in parts if "text" in part]


def calls(events: list[dict[str, Any]], kind: str = "functionCall") -> list[dict[str, Any]]:
    parts = [part for event in events for part in event.get("content", {}).get("parts", ())]
    return [part[kind] for part in parts if kind in part]
