"""The OpenAPI document is true: every route takes what it says and answers as it says, and never with a 500;
and whatever a route is asked for that is another user's is not there."""

import base64
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from saycut.http.app import application
from saycut.service import accounts, renders, sessions, turns, uploads
from saycut.service.workplace import ServiceSettings, Workplace
from tests.factory import make
from tests.http.server import ATTRIBUTION, Client, Server
from tests.postgres import cluster

pytestmark = pytest.mark.filterwarnings("ignore::starlette.exceptions.StarletteDeprecationWarning")

EXAMPLES = {"sqlite": 6, "postgresql": 12}  # of every route: the second are for make soak
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
METHODS = ("get", "head", "options", "post", "put", "patch", "delete")
# Routes without the token of a user, and those that only ever show what is the caller's own.
OPEN = {"anonymous_token", "download_signed", "version", "health", "tus_options"}
TYPES = {"tus_append": {"Content-Type": "application/offset+octet-stream"}}
OWN_ONLY = {
    "create_webhook",
    "list_webhooks",
    "credits_balance",
    "list_apps",
    "list_operations",
    "new_session",
    "list_my_sessions",
    "get_credits",
    "get_ledger",
}


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    workplace = Workplace(ServiceSettings(data_dir=tmp_path_factory.mktemp("document")))
    made = application(workplace).openapi()
    workplace.close()
    return made


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if method in METHODS:
                yield method, path, operation


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def test_the_document_is_complete(document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(ids) == len(set(ids))
    for method, path, operation in operations(document):
        where = f"{method} {path}"
        assert operation["operationId"].isidentifier(), where
        assert operation["description"], where
        protected = operation["operationId"] not in OPEN
        assert ("security" in operation) == protected == ("401" in operation["responses"]), where
        for status, answer in operation["responses"].items():
            described = answer.get("content", {}).values()
            empty = status in ("204", "416") or operation["operationId"].startswith("tus_")
            assert described or empty, f"{where} {status}"
            assert all(shape.get("schema") != {} for shape in described), f"{where} {status}"
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert set(references(document)) <= known


def tus(session_id: str) -> dict[str, str]:
    said = base64.b64encode(session_id.encode()).decode()
    return {"Tus-Resumable": "1.0.0", "Upload-Length": "9", "Upload-Metadata": f"session_id {said}"}


class Owned:
    """A user with one of everything, and what each of it is called in paths, queries and bodies."""

    def __init__(self, client: Client, clip: Path) -> None:
        self.client = client
        session = client.session()
        client.upload(session, clip)
        turn = client.say(session, "mute it")[0]["invocationId"]
        client.submit(session, "render_owned")
        client.finished("render_owned")
        client.http.post(f"/api/v1/sessions/{session}/versions", json={"name": "one"})
        self.ids = {
            "session_id": session,
            "asset_id": "file-1",
            "turn_id": turn,
            "job_id": "render_owned",
            "render_id": "render_owned",
            "app_name": "nemo_agent",
            "user_id": "me",
        }
        announced = client.http.post("/api/v1/uploads", headers=tus(session))
        self.ids["upload_id"] = announced.headers["Location"].rpartition("/")[2]
        hook = {"url": "https://203.0.112.1/hook", "events": ["turn.cancelled"]}
        self.ids["webhook_id"] = client.http.post("/api/v1/webhooks", json=hook).json()["id"]
        self.headers = {**ATTRIBUTION, **tus(session), "Upload-Offset": "0"}
        self.query = {"list_jobs": {"session_id": session}}
        message = {"parts": [{"text": "mute it"}]}
        self.bodies: dict[str, Any] = {
            "claim_token": {"session_id": session},
            "run_sse": {"session_id": session, "new_message": message},
            "run": {"session_id": session, "new_message": message},
            "submit_render": {"id": "render_other", "sessionId": session, "draft": {}},
            "update_session": {"state_delta": {"k": 1}},
            "name_version": {"name": "two"},
            "restore_version": {"name": "one"},
            "go_to_place": {"place": 1},
            "preflight": {},
            "upload": {"urls": ["http://127.0.0.1/a.mp4"]},
            "plan_edit": {"text": "mute it"},
            "describe_edit": {"operations": [{"op": "denoise"}]},
            "apply_edit": {"operations": [{"op": "mute"}], "version": 3},
            "preview": {"what": "picture"},
            "preview_operations": {"operations": [{"op": "mute"}], "version": 3},
        }


@pytest.fixture(scope="module")
def owned(server: Server) -> Owned:
    return Owned(server.client(), make("cfr30"))


def test_what_is_another_users_is_nowhere(document: dict[str, Any], server: Server, owned: Owned) -> None:
    other = server.client()
    before = owned.client.http.get(f"/apps/nemo_agent/users/me/sessions/{owned.ids['session_id']}").json()
    asked = set()
    for method, path, operation in operations(document):
        name = operation["operationId"]
        if name in OPEN | OWN_ONLY:
            continue
        at_user = {**owned.ids, "user_id": owned.client.user["user_id"]}
        for ids in (owned.ids, at_user) if "{user_id}" in path else (owned.ids,):
            if ids is owned.ids and name in ("list_sessions", "create_session", "create_named_session"):
                continue  # `me` is whoever asks
            answer = other.http.request(
                method,
                path.format(**ids),
                params=owned.query.get(name),
                json=owned.bodies.get(name),
                headers={**owned.headers, **TYPES.get(name, {})},
            )
            code = 1002 if method == "head" else answer.json()["code"]
            assert (answer.status_code, code) == (404, 1002), (name, answer.text)
            asked.add(name)
    everything = {operation["operationId"] for _, _, operation in operations(document)}
    assert asked | OPEN | OWN_ONLY == everything
    after = owned.client.http.get(f"/apps/nemo_agent/users/me/sessions/{owned.ids['session_id']}").json()
    assert after == before
    assert other.http.get("/api/v1/sessions").json()["sessions"] == []
    assert other.http.get("/api/v1/jobs").json()["jobs"] == []


def test_no_token_opens_no_route(document: dict[str, Any], server: Server, owned: Owned) -> None:
    http = server.http()
    for method, path, operation in operations(document):
        if operation["operationId"] not in OPEN:
            answer = http.request(method, path.format(**owned.ids), headers=ATTRIBUTION)
            code = 1001 if method == "head" else answer.json()["code"]
            assert (answer.status_code, code) == (401, 1001), operation["operationId"]


class Fuzzed:
    """The application in this process, with a user who has a session. There is no worker: what is queued
    stays queued, so that streams are short."""

    def __init__(self, workplace: Workplace, clip: Path, examples: int) -> None:
        self.app, self.examples = application(workplace), examples
        with workplace.database.writing() as connection:
            user_id = accounts.new_user(connection, "registered")
            token = accounts.issue(connection, user_id).token
            session = sessions.create(connection, user_id, "fuzzed", "en")
            user = accounts.whose(connection, token)
        with workplace.store.incoming(None) as incoming:
            incoming.write(clip.read_bytes())
            uploads.add(workplace, user, session, [uploads.receive(workplace, clip.name, incoming)])
        with workplace.database.writing() as connection:
            turn = turns.begin(connection, session, "mute it")
            turns.end(connection, turn.id, "done")
            asked = {"session_id": session.id, "body_sha256": "0" * 64, "project": "{}", "options": "{}"}
            renders.begin(connection, user_id, "render_1", {**asked, "attribution": "{}"}, user.plan)
        self.headers = {"Authorization": f"Bearer {token}", **ATTRIBUTION}
        self.session_id = session.id
        self.ids = {
            "session_id": session.id,
            "asset_id": "file-1",
            "turn_id": turn.id,
            "job_id": "render_1",
            "render_id": "render_1",
            "app_name": "nemo_agent",
            "user_id": "me",
        }

    def ask(self, case: Any, found: bool) -> None:
        """One request; with `found` about what is there."""
        if found:
            named = {name: self.ids.get(name, value) for name, value in (case.path_parameters or {}).items()}
            case.path_parameters = named
            if isinstance(case.body, dict):
                for key in {"session_id", "sessionId"} & set(case.body):
                    case.body[key] = self.session_id
        answer = case.call(app=self.app, base_url="http://127.0.0.1", headers=self.headers)
        case.validate_response(answer, checks=CHECKS)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)])
def fuzzed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fuzzed]:
    """On both databases: what one of them keeps, the other may refuse."""
    with ExitStack() as stack:
        url = stack.enter_context(cluster()).database() if request.param == "postgresql" else None
        folder = tmp_path_factory.mktemp("fuzzed")
        workplace = Workplace(ServiceSettings(data_dir=folder, database_url=url, turn_limit_s=0.05))
        stack.callback(workplace.close)
        yield Fuzzed(workplace, make("cfr30"), EXAMPLES[request.param])


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_every_route_answers_as_the_document_says(fuzzed: Fuzzed, mode: GenerationMode) -> None:
    schema = schemathesis.openapi.from_dict(fuzzed.app.openapi())
    every = [found.ok() for found in schema.get_all_operations()]
    wrong = []
    for operation in sorted(every, key=lambda operation: operation.method.lower() == "delete"):
        try:
            _asked(fuzzed, operation.as_strategy(generation_mode=mode))
        except Unsatisfiable:  # what takes nothing cannot be asked wrongly
            continue
        except (Exception, BaseExceptionGroup) as error:
            wrong.append(f"{operation.label}: {error}")
    assert not wrong, "\n\n".join(wrong)


def _asked(fuzzed: Fuzzed, cases: st.SearchStrategy[Any]) -> None:
    @settings(
        max_examples=fuzzed.examples,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @given(cases, st.booleans())
    def ask(case: Any, found: bool) -> None:
        fuzzed.ask(case, found)

    ask()
