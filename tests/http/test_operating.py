"""What an operator sees and does: readiness, metrics, logs, tokens, credits, registration, stopping."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from saycut.service.operator import TOKEN_FILE
from tests.http.server import Client, Server, serving
from tests.waiting import until


def admin(data_dir: Path, *arguments: str, stdin: str = "") -> dict[str, Any]:
    """`admin WHAT …` with the folder it is about."""
    command = [sys.executable, "-m", "saycut", "admin", "--json", "--data-dir", str(data_dir), *arguments]
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_ready_means_that_there_is_a_worker(server: Server, tmp_path: Path) -> None:
    http = server.http()
    assert http.get("/readyz").json()["status"] in ("no worker", "ok")
    until("a worker", lambda: http.get("/readyz").status_code == 200)
    assert http.get("/readyz").json()["workers"] == 1
    with serving(tmp_path, "--workers", "0") as alone:
        assert alone.http().get("/healthz").status_code == 200
        assert alone.http().get("/readyz").status_code == 503


def test_metrics_tell_routes_and_jobs(client: Client, clip: Path) -> None:
    session = client.session()
    client.upload(session, clip)
    client.say(session, "mute it")
    told = client.http.get("/metrics").text
    assert 'saycut_turns{status="done"}' in told
    assert "saycut_credits_held" in told
    assert f"{session}" not in told
    assert 'route="/api/state/nemo_agent/me/{session_id}/latest"' in told or 'route="/run_sse"' in told


def test_logs_hold_no_name_no_token_and_no_words(tmp_path: Path, clip: Path) -> None:
    log = tmp_path / "log.txt"
    command = [sys.executable, "-m", "saycut", "serve", "--port", "0", "--data-dir", str(tmp_path / "data")]
    with log.open("w") as stderr:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True)
        assert process.stdout is not None
        with httpx.Client(base_url=process.stdout.readline().strip(), timeout=60) as http:
            client = Client(http)
            session = client.session("my secret film")
            client.upload(session, clip)
            client.say(session, "mute the embarrassing part")
            http.get("/api/credits/balance/simple?token=abcdef")
        process.terminate()
        assert process.wait(30) == 0
        process.stdout.close()
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert {line["route"] for line in lines if line["event"] == "request"} >= {"/run_sse"}
    written = log.read_text()
    for secret in (client.user["token"], clip.name, "embarrassing", "secret film", "abcdef", session):
        assert secret not in written


def test_the_operator_is_not_metered_and_may_grant(tmp_path: Path, clip: Path) -> None:
    with serving(tmp_path) as server:
        path = tmp_path / TOKEN_FILE
        assert path.stat().st_mode & 0o777 == 0o600
        client = server.client()
        session = client.session()
        assert admin(tmp_path, "grant", client.user["user_id"], "50", "--reference", "v1")["available"] == 150
        assert admin(tmp_path, "grant", client.user["user_id"], "50", "--reference", "v1")["available"] == 150
        assert client.balance() == (150, 0, 150)
        listed = admin(tmp_path, "users")["users"]
        assert {
            "user_id": client.user["user_id"],
            "plan": "anonymous",
            "sessions": 1,
            "credits": 150,
        } in listed
        client.http.headers["Authorization"] = f"Bearer {path.read_text().strip()}"
        assert client.http.get(f"/api/state/nemo_agent/me/{session}/latest").status_code == 404
        own = client.session()
        client.upload(own, clip)
        assert "✅" in str(client.say(own, "mute it"))
        assert client.balance() == (0, 0, 0)
        minted = admin(tmp_path, "token", "--user", client.user["user_id"])["token"]
        bearer = {"Authorization": f"Bearer {minted}"}
        assert client.http.get("/api/credits/balance/simple", headers=bearer).json()["data"]["total"] == 150
        assert admin(tmp_path, "revoke", stdin=minted)["revoked"]
        assert client.http.get("/api/credits/balance/simple", headers=bearer).status_code == 401


def test_tokens_are_nowhere_on_the_disk(tmp_path: Path, clip: Path) -> None:
    with serving(tmp_path) as server:
        client = server.client()
        session = client.session()
        client.upload(session, clip)
        claim = client.http.post("/api/auth/claim-token", json={"session_id": session}).json()["data"]
    for path in tmp_path.rglob("*"):
        if path.is_file() and path.name != TOKEN_FILE:
            kept = path.read_bytes()
            assert client.user["token"].encode() not in kept
            assert claim["claim_token"].encode() not in kept


def test_registration_keeps_everything(client: Client, clip: Path) -> None:
    session = client.session()
    client.upload(session, clip)
    bound = {
        "bind": client.user["user_id"],
        "email": " Ann@Example.org ",
        "password": "correct horse battery",
    }
    page = client.http.get("/register", params={"bind": client.user["user_id"]}).text
    assert client.user["user_id"] in page
    for wrong in ({"email": "ann"}, {"password": "short"}, {"bind": "usr_nobody"}):
        assert client.http.post("/register", data={**bound, **wrong}).status_code in (401, 422)
    assert client.http.post("/register", data=bound).status_code == 200
    assert client.http.post("/register", data=bound).status_code in (401, 409)
    assert client.balance() == (100, 0, 100)
    assert client.state(session)["state"]["summary"].startswith("Timeline (1 track)")
    evil = client.http.get("/register", params={"bind": '"><script>'}).text
    assert "<script>" not in evil


def test_a_claim_opens_one_session_in_a_browser(client: Client, clip: Path) -> None:
    session = client.session("<b>film</b>")
    client.upload(session, clip)
    claim = client.http.post("/api/auth/claim-token", json={"session_id": session}).json()["data"]
    page = client.http.get("/workspace/claim", params={"ct": claim["claim_token"]})
    assert page.status_code == 200
    assert "Timeline (1 track)" in page.text
    assert "<b>film" not in page.text
    assert client.http.get("/workspace/claim", params={"ct": "clm_x"}).status_code == 401


@pytest.mark.parametrize(
    "arguments", [("--host", "0.0.0.0"), ("--port", "nine"), ("--config", "nowhere.toml")]
)
def test_what_cannot_be_served_is_said_in_a_sentence(arguments: tuple[str, str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "saycut", "serve", "--data-dir", str(tmp_path), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode in (2, 4)
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()


def test_where_a_setting_comes_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "saycut.toml"
    file.write_text('port = 9000\nhost = "127.0.0.2"\ndatabase_url = "postgresql://me:secret@db/x"\n')
    monkeypatch.setenv("SAYCUT_HOST", "127.0.0.3")
    command = [
        sys.executable,
        "-m",
        "saycut",
        "config",
        "show",
        "--json",
        "--config",
        str(file),
        "--port",
        "9001",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    rows = {row["name"]: (row["value"], row["from"]) for row in json.loads(done.stdout)["settings"]}
    assert rows["port"] == ("9001", "--port")
    assert rows["host"] == ("127.0.0.3", "SAYCUT_HOST")
    assert rows["database_url"] == ("(set)", str(file))
    assert rows["public_url"][1] == "default"
    assert "secret" not in done.stdout


def test_stopping_is_soon_and_clean(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        server.client()
        assert server.stop() == 0
