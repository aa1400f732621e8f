"""`/mcp` of a service and the official client: for whoever has a token, on what is theirs."""

import io
import threading
from collections.abc import Iterator
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from mcp.types import ImageContent, ResourceLink

from saycut.media.probe import probe
from tests.factory import make
from tests.http.server import Client, Server, serving
from tests.http.test_links import Quiet
from tests.http.test_scopes import tokens
from tests.mcp.agent import on_http

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A web site with a film on loopback."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "film.mp4").write_bytes(make("cfr30").read_bytes())
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def service(site: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SAYCUT_FETCH_NETWORKS", "127.0.0.0/8")
        patch.setenv("SAYCUT_FETCH_PORTS", site.rsplit(":", 1)[1])
        with serving(tmp_path_factory.mktemp("service")) as running:
            yield running


@pytest.fixture
def person(service: Server) -> Client:
    return service.client()


def token(person: Client) -> str:
    said: str = person.user["token"]
    return said


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_whole_job(mode: str, service: Server, person: Client, site: str, tmp_path: Path) -> None:
    async with on_http(service.address, token(person), mode) as agent:
        opened = await agent.call("open_media", links=[f"{site}/film.mp4"])
        session = opened["session_id"]
        plan = await agent.call("plan_edit", session_id=session, text="去掉所有声音")
        assert ([each["op"] for each in plan["operations"]], plan["credits"]) == (["mute"], 5)
        assert plan["operations"][0]["described"].isascii() is False
        done = await agent.applied(session, plan["version"], *plan["operations"])
        assert (done["status"], agent.progress[-1][0]) == ("done", 100)
        assert person.balance() == (95, 0, 95)
        assert "muted" in (await agent.call("get_timeline", session_id=session))["summary"]
        seen = await agent.result("preview", session_id=session)
        assert isinstance(seen.content[1], ImageContent)
        agent.progress.clear()
        made = await agent.result("export", session_id=session, version=done["version"], wait_s=300)
        assert agent.progress[-1][0] == 100
        told, link = made.structured_content or {}, made.content[1]
        assert isinstance(link, ResourceLink) and link.uri == told["uri"]
        out = tmp_path / "out.mp4"
        out.write_bytes(httpx.get(told["uri"]).content)  # no token is needed
        assert (out.stat().st_size, probe(out).audio) == (told["size_bytes"], None)
        report = await agent.call("report", job_id=told["job_id"])
        assert report["receipt"]["video"] == "copied"
        undone = await agent.call("undo", session_id=session, version=done["version"])
        assert undone["summary"] == opened["summary"]
        stale = await agent.refused("undo", session_id=session, version=done["version"])
        assert stale.endswith("(stale_version)")
        local = await agent.refused("open_media", links=["file:///etc/passwd"])
        assert local.endswith("(url_refused)")


async def test_it_is_the_same_session_as_over_the_other_routes(
    service: Server, person: Client, clip: Path
) -> None:
    session = person.session("Lecture")
    person.upload(session, clip)
    async with on_http(service.address, token(person)) as agent:
        seen = await agent.call("get_timeline", session_id=session)
        assert seen["version"] == person.state(session)["version"]
        done = await agent.applied(session, seen["version"], {"op": "mute"})
    history = person.http.get(f"/api/v1/sessions/{session}/history").json()
    assert (history["version"], history["states"][-1]["said"]) == (done["version"], "Take out all sound")


async def test_what_is_another_users_is_nowhere(service: Server, person: Client, clip: Path) -> None:
    session = person.session()
    person.upload(session, clip)
    person.submit(session, "render_mine")
    turn = person.say(session, "mute it")[0]["invocationId"]
    version = person.state(session)["version"]
    of_session: dict[str, dict[str, Any]] = {
        "plan_edit": {"text": "mute it"},
        "apply_edit": {"version": version, "operations": [{"op": "mute"}]},
        "undo": {"version": version},
        "get_timeline": {},
        "preview": {},
        "export": {"version": version},
        "open_media": {"version": version, "links": ["http://127.0.0.1/a.mp4"]},
    }
    async with on_http(service.address, token(service.client())) as stranger:
        for tool, arguments in of_session.items():
            said = await stranger.refused(tool, session_id=session, **arguments)
            assert said.endswith("(session_not_found)"), tool
        for tool in ("job_status", "cancel_job", "report"):
            said = await stranger.refused(tool, job_id="render_mine")
            assert said.endswith("(render_not_found)"), tool
        for tool in ("job_status", "cancel_job"):
            said = await stranger.refused(tool, job_id=turn)
            assert said.endswith("(turn_not_found)"), tool
    assert person.finished("render_mine")["status"] == "completed"
    assert person.state(session)["version"] == version


async def test_every_tool_needs_its_scope(service: Server, person: Client, clip: Path) -> None:
    session = person.session()
    person.upload(session, clip)
    needed: dict[str, tuple[str, dict[str, Any]]] = {
        "open_media": ("upload", {"links": ["http://127.0.0.1/a.mp4"]}),
        "plan_edit": ("read", {"session_id": session, "text": "mute it"}),
        "apply_edit": ("write", {"session_id": session, "version": 1, "operations": [{"op": "mute"}]}),
        "undo": ("write", {"session_id": session, "version": 1}),
        "get_timeline": ("read", {"session_id": session}),
        "preview": ("read", {"session_id": session}),
        "export": ("render", {"session_id": session, "version": 1}),
        "job_status": ("read", {"job_id": "none"}),
        "cancel_job": ("write", {"job_id": "none"}),
        "report": ("read", {"job_id": "none"}),
    }
    async with on_http(service.address, tokens(service, person.user["user_id"])) as agent:
        assert {tool.name for tool in (await agent.client.list_tools()).tools} == set(needed)
        for tool, (scope, arguments) in needed.items():
            said = await agent.refused(tool, **arguments)
            assert f"“{scope}”" in said and said.endswith("(scope_missing)"), tool
    assert person.state(session)["version"] == 1


def test_who_has_no_token_or_comes_from_elsewhere_is_refused(service: Server, person: Client) -> None:
    ask = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    accepts = {"Accept": "application/json, text/event-stream"}
    http = service.http()
    for said in (None, "Bearer nonsense", f"Basic {token(person)}"):
        headers = accepts if said is None else {**accepts, "Authorization": said}
        answer = http.post("/mcp", json=ask, headers=headers)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert "error" in answer.json()
    good = {**accepts, "Authorization": f"Bearer {token(person)}"}
    assert http.post("/mcp", json=ask, headers=good).status_code == 200
    for strange in ({"Origin": "https://example.com"}, {"Host": "example.com"}):
        assert http.post("/mcp", json=ask, headers={**good, **strange}).status_code == 403
    for method in ("GET", "DELETE"):
        assert http.request(method, "/mcp", headers=good).status_code == 405
    large = io.BytesIO(b" " * (5 << 20))
    assert http.post("/mcp", content=large.getvalue(), headers=good).status_code == 413
    told = http.get("/metrics").text
    assert 'route="/mcp",status="401"' in told and 'route="/mcp",status="200"' in told
