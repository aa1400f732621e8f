"""Scopes: every route that needs a token needs the scope that OpenAPI names, and nothing more."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from saycut.service import accounts
from saycut.service.database import Database, sqlite_url
from saycut.service.plans import SCOPES
from tests.http.server import ATTRIBUTION, Client, Server
from tests.http.test_operating import admin

METHODS = ("get", "head", "options", "post", "put", "patch", "delete")
NOBODYS = {"app_name": "nemo_agent", "user_id": "me"}
PROBLEM = "application/problem+json"
NEEDED = {
    "get_credits": "read",
    "get_session": "read",
    "list_apps": "read",
    "get_thumbnail": "read",
    "download_render": "read",
    "plan_edit": "read",
    "preview": "read",
    "apply_edit": "write",
    "claim_token": "write",
    "run_sse": "write",
    "delete_session": "write",
    "cancel_job": "write",
    "create_webhook": "write",
    "upload": "upload",
    "tus_offset": "upload",
    "submit_render": "render",
}


def tokens(server: Server, user_id: str, *scopes: str) -> str:
    database = Database(sqlite_url(server.data_dir))
    with database.writing() as connection:
        token = accounts.issue(connection, user_id, scopes=" ".join(scopes)).token
    database.close()
    return token


@pytest.fixture(scope="module")
def operations(server: Server) -> list[tuple[str, str, str, str | None]]:
    """(method, path that leads to nobody's, operation id, scope) of every route in the document."""
    document: dict[str, Any] = server.http().get("/openapi.json").json()

    def found() -> Iterator[tuple[str, str, str, str | None]]:
        for path, methods in document["paths"].items():
            for method in METHODS:
                if (operation := methods.get(method)) is not None:
                    named = [scope for one in operation.get("security", ()) for scope in one["HTTPBearer"]]
                    assert len(named) == ("security" in operation), (path, named)
                    at = path
                    for name in ("session_id", "asset_id", "turn_id", "job_id", "render_id", "upload_id"):
                        at = at.replace(f"{{{name}}}", "none")
                    for name, value in {**NOBODYS, "webhook_id": "none", "workflow_id": "none"}.items():
                        at = at.replace(f"{{{name}}}", value)
                    assert "{" not in at
                    assert "403" in operation["responses"], path
                    yield method, at, operation["operationId"], named[0] if named else None

    return list(found())


def asked(http: httpx.Client, method: str, path: str, token: str, language: str = "en") -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}", "Tus-Resumable": "1.0.0", "Accept-Language": language}
    return http.request(method, path, headers={**ATTRIBUTION, **headers})


def test_the_document_names_a_scope_for_every_route(
    operations: list[tuple[str, str, str, str | None]],
) -> None:
    named = {name: scope for _, _, name, scope in operations}
    assert {scope for scope in named.values() if scope is not None} == set(SCOPES)
    assert {name: named[name] for name in NEEDED} == NEEDED
    looks = {name: scope for method, _, name, scope in operations if method == "get"}
    assert {scope for scope in looks.values() if scope is not None} == {"read"}


def test_no_route_opens_without_its_scope(
    server: Server, client: Client, operations: list[tuple[str, str, str, str | None]]
) -> None:
    http, user_id = server.http(), client.user["user_id"]
    without = {scope: tokens(server, user_id, *(set(SCOPES) - {scope})) for scope in SCOPES}
    nothing = tokens(server, user_id)
    refused = 0
    for method, path, name, scope in operations:
        if scope is None:
            continue
        for token in (nothing, without[scope]):
            answer = asked(http, method, path, token)
            assert answer.status_code == 403, (name, answer.text)
            if method == "head":
                continue
            assert answer.json()["code"] == 403, name
            assert f"“{scope}”" in answer.text, (name, answer.text)
            if path.startswith("/api/v1/"):
                assert answer.headers["content-type"] == PROBLEM, name
                assert answer.json()["type"] == "urn:saycut:problem:scope_missing"
            assert f"“{scope}”权限" in asked(http, method, path, token, "zh").text, name
            refused += 1
    assert refused > 70
    assert client.http.get("/api/v1/sessions").json()["sessions"] == []


def test_every_route_opens_with_its_scope_alone(
    server: Server, client: Client, operations: list[tuple[str, str, str, str | None]]
) -> None:
    http, user_id = server.http(), client.user["user_id"]
    alone = {scope: tokens(server, user_id, scope) for scope in SCOPES}
    everything = tokens(server, user_id, "*")
    for method, path, name, scope in operations:
        if scope is not None:
            for token in (alone[scope], everything):
                status = asked(http, method, path, token).status_code
                assert status not in (401, 403) and status < 500, (name, status)


def test_an_export_without_attribution_is_no_question_of_scopes(server: Server, client: Client) -> None:
    bearer = {"Authorization": f"Bearer {tokens(server, client.user['user_id'], 'render')}"}
    answer = server.http().post("/api/render/proxy/lambda", json={}, headers=bearer)
    assert (answer.status_code, answer.json()["code"]) == (402, 402)


@pytest.mark.soak
def test_an_operator_makes_lists_and_revokes_tokens(server: Server, client: Client, clip: Path) -> None:
    user_id, data_dir = client.user["user_id"], server.data_dir
    made = admin(data_dir, "token", "--user", user_id, "--scopes", "read", "upload", "--days", "2")
    http = server.http()
    http.headers["Authorization"] = f"Bearer {made['token']}"
    session = client.session()
    sent = {"files": (clip.name, clip.read_bytes())}
    assert http.post(f"/api/upload-video/nemo_agent/me/{session}", files=sent).status_code == 200
    assert http.post("/run_sse", json=Client.request(session, "mute it")).status_code == 403
    listed = admin(data_dir, "tokens", "--user", user_id)["tokens"]
    assert [(one["kind"], one["scopes"]) for one in listed] == [
        ("api", list(SCOPES)),
        ("api", ["read", "upload"]),
    ]
    assert listed[1]["expires_at_s"] == made["expires_at_s"]
    assert made["token"] not in str(listed)
    assert admin(data_dir, "revoke", listed[1]["id"]) == {"revoked": True}
    assert admin(data_dir, "revoke", listed[1]["id"]) == {"revoked": False}
    assert http.get("/api/v1/sessions").status_code == 401
    assert [one["id"] for one in admin(data_dir, "tokens", "--user", user_id)["tokens"]] == [listed[0]["id"]]
    expired = admin(data_dir, "token", "--user", user_id, "--days", "-1")["token"]
    http.headers["Authorization"] = f"Bearer {expired}"
    assert http.get("/api/v1/sessions").status_code == 401
    assert len(admin(data_dir, "tokens", "--user", user_id)["tokens"]) == 1
    with pytest.raises(subprocess.CalledProcessError) as refused:
        admin(data_dir, "token", "--scopes", "fly")
    assert (refused.value.returncode, "“fly”" in refused.value.stdout) == (2, True)
