"""Google's Agent Development Kit drives the service: its own client, its own reading of every event."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from saycut.service import events
from tests.http.server import PATIENCE_S, Client, Server

pytest.importorskip("google.adk", reason="google-adk is not installed: pip install -e '.[dev]'")
pytestmark = pytest.mark.filterwarnings("ignore")  # of the kit's own modules

APP, USER = "nemo_agent", "me"


@asynccontextmanager
async def kit(client: Client) -> AsyncIterator[Any]:
    """The kit's conformance client; it knows nothing of tokens, so its connection carries ours."""
    from google.adk.cli.conformance.adk_web_server_client import AdkWebServerClient

    base = str(client.http.base_url)
    async with AdkWebServerClient(base_url=base) as driving:
        driving._client = httpx.AsyncClient(
            base_url=base,
            headers={"Authorization": client.http.headers["Authorization"]},
            timeout=PATIENCE_S,
        )
        yield driving


def driven(client: Client, work: Callable[[Any], Awaitable[None]]) -> None:
    async def run() -> None:
        async with kit(client) as driving:
            await work(driving)

    asyncio.run(run())


def asked(session_id: str, text: str, **more: Any) -> Any:
    from google.adk.cli.adk_web_server import RunAgentRequest

    message = {"role": "user", "parts": [{"text": text}]}
    return RunAgentRequest(
        app_name=APP, user_id=USER, session_id=session_id, new_message=message, streaming=True, **more
    )


def test_a_session_from_beginning_to_end(client: Client) -> None:
    async def work(kit: Any) -> None:
        assert (await kit.get_version_data())["language"] == "python"
        made = await kit.create_session(app_name=APP, user_id=USER, state={"k": 1})
        assert (made.app_name, made.user_id, made.state) == (APP, client.user["user_id"], {"k": 1})
        where = {"app_name": APP, "user_id": USER, "session_id": made.id}
        changed = await kit.update_session(**where, state_delta={"k": 2, "l": [3], "temp:m": 4})
        assert changed.state == {"k": 2, "l": [3]}
        again = await kit.get_session(**where)
        assert again == changed
        await kit.delete_session(**where)
        with pytest.raises(httpx.HTTPStatusError) as gone:
            await kit.get_session(**where)
        assert gone.value.response.status_code == 404
        assert gone.value.response.json()["detail"] == f"Session not found: {made.id}"

    driven(client, work)


def test_a_turn_and_the_history_it_leaves(client: Client, clip: Path) -> None:
    async def work(kit: Any) -> None:
        made = await kit.create_session(app_name=APP, user_id=USER)
        client.upload(made.id, clip)
        request = asked(made.id, "make it 3 dB louder and mute it", state_delta={"from": "kit"})
        told = [event async for event in kit.run_agent(request)]
        assert [call.name for event in told for call in event.get_function_calls()] == ["volume", "mute"]
        assert [r.name for event in told for r in event.get_function_responses()] == ["volume", "mute"]
        assert told[-1].turn_complete
        assert "✅" in told[-1].content.parts[0].text
        assert [event.is_final_response() for event in told].count(True) == 1
        after = await kit.get_session(app_name=APP, user_id=USER, session_id=made.id)
        assert after.state == {"from": "kit", "version": told[-1].actions.state_delta["version"]}
        assert [event.author for event in after.events][:2] == ["user", "saycut"]
        assert after.events[0].content.parts[0].text == "make it 3 dB louder and mute it"
        assert [event.id for event in after.events[1:]] == [event.id for event in told if not event.partial]
        assert after.last_update_time >= after.events[-1].timestamp - 1

    driven(client, work)


def test_an_error_and_a_question_are_read_too(client: Client, clip: Path) -> None:
    async def work(kit: Any) -> None:
        made = await kit.create_session(app_name=APP, user_id=USER)
        client.upload(made.id, clip)
        told = [event async for event in kit.run_agent(asked(made.id, "delete clip 7"))]
        assert [event.error_code for event in told if event.error_code] == ["impossible"]
        assert told[-1].content.parts[0].text
        told = [event async for event in kit.run_agent(asked(made.id, "trim it"))]
        choices = told[-1].custom_metadata["choices"]
        assert choices
        assert all(choice in told[-1].content.parts[0].text for choice in choices)
        with pytest.raises(httpx.HTTPStatusError) as unknown:
            [event async for event in kit.run_agent(asked("ses_none", "mute it"))]
        assert unknown.value.response.status_code == 404

    driven(client, work)


@pytest.mark.parametrize(
    "event",
    [
        events.text("e-1", "Done.", turnComplete=True),
        events.text(
            "e-1", "好了", state_delta={"version": 3}, customMetadata={"receipt": {"operations": []}}
        ),
        events.text("e-1", "Which one?", customMetadata={"choices": ["the first", "the second"]}),
        events.call("e-1", 0, "mute", {"start_s": 1.5}),
        events.response("e-1", 0, "mute", {"done": True, "removed_s": 0.25}),
        events.progress("e-1", "denoise", 0.25),
        events.error("e-1", "2001", "This needs credits.", register_url="http://127.0.0.1/register"),
        events.error("e-1", "cancelled", "Stopped."),
        events.said("e-1", "mute it", 1_700_000_000.5),
    ],
)
def test_every_kind_of_event_is_an_event_to_the_kit(event: dict[str, Any]) -> None:
    from google.adk.events.event import Event

    read = Event.model_validate(json.loads(json.dumps(event)))
    back = read.model_dump(mode="json", by_alias=True, exclude_none=True)
    assert {key: back[key] for key in event if key != "actions"} == {
        key: value for key, value in event.items() if key != "actions"
    }
    assert back["actions"].items() >= event["actions"].items()


def test_heartbeats_are_passed_over(client: Client) -> None:
    lines = b": heartbeat\n\n" + f"id: 1\ndata: {json.dumps(events.text('e-1', 'hi'))}\n\n".encode()
    answering = httpx.MockTransport(lambda _: httpx.Response(200, content=lines))

    async def work(kit: Any) -> None:
        kit._client = httpx.AsyncClient(transport=answering, base_url="http://127.0.0.1")
        told = [event async for event in kit.run_agent(asked("ses_1", "hello"))]
        assert [event.content.parts[0].text for event in told] == ["hi"]

    driven(client, work)


def test_run_answers_with_all_events_at_once(client: Client, clip: Path) -> None:
    from google.adk.events.event import Event

    session = client.session()
    client.upload(session, clip)
    told = client.http.post("/run", json=client.request(session, "mute it")).json()
    assert [Event.model_validate(event).is_final_response() for event in told][-1]
    assert not any(event.get("partial") for event in told)
    unknown = client.http.post("/run", json=client.request("ses_none", "mute it"))
    assert (unknown.status_code, unknown.json()["detail"]) == (404, "Session not found: ses_none")


def test_names_are_each_users_own(server: Server, client: Client) -> None:
    other = server.client()
    where = "/apps/nemo_agent/users/me/sessions"
    for who in (client, other):
        made = who.http.post(where, json={"sessionId": "demo", "state": {"mine": who.user["user_id"]}})
        assert (made.status_code, made.json()["id"]) == (200, "demo")
    assert client.http.get(f"{where}/demo").json()["state"] == {"mine": client.user["user_id"]}
    assert client.http.post(f"{where}/demo", json={}).status_code == 409
    assert [s["id"] for s in client.http.get(where).json()] == ["demo"]
    assert client.http.delete(f"{where}/demo").json() is None
    assert client.http.post(f"{where}/demo", json={"k": 1}).json()["state"] == {"k": 1}
    theirs = f"/apps/nemo_agent/users/{other.user['user_id']}/sessions"
    assert client.http.get(theirs).status_code == client.http.get(f"{theirs}/demo").status_code == 404
    assert client.http.get("/apps/another/users/me/sessions").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"sessionId": "a b"},
        {"sessionId": "x" * 65},
        {"events": [{}]},
        {"state": {"k": float("nan")}},
        {"state": {"k": "\ud800"}},
        {"state": {"k": "x" * 300_000}},
        {"state": []},
    ],
)
def test_sessions_that_are_not_made(client: Client, body: dict[str, Any]) -> None:
    answer = client.http.post("/apps/nemo_agent/users/me/sessions", content=json.dumps(body).encode())
    assert (answer.status_code, answer.json()["code"]) == (422, 422)


def test_who_has_no_token_gets_nothing(server: Server) -> None:
    http = server.http()
    for path in ("/list-apps", "/apps/nemo_agent/users/me/sessions"):
        assert http.get(path).status_code == 401
    assert http.get("/health").json() == {"status": "ok"}
