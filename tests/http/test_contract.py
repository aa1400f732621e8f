"""The wire contract, through the door: a client written for the cloud service does a whole job."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from saycut.media.probe import probe
from tests.factory import make
from tests.http.server import ATTRIBUTION, Client, Server, calls, texts


def test_a_whole_job(client: Client, clip: Path, tmp_path: Path) -> None:
    assert client.user["credits"] == 100
    session = client.session()
    uploaded = client.upload(session, clip).json()["data"]["files"]
    assert [(f["name"], f["kind"], f["duration_ms"]) for f in uploaded] == [(clip.name, "video", 3000)]
    events = client.say(session, "remove all audio from this video and export it silent")
    assert [call["name"] for call in calls(events)][:1] == ["mute"]
    assert calls(events, "functionResponse")[0]["response"]["done"]
    assert "muted" in texts(events)[-1]
    assert client.balance() == (95, 0, 95)
    assert client.submit(session, "render_1").json() == {"code": 0, "id": "render_1", "status": "pending"}
    done = client.finished("render_1")
    assert (done["status"], done["progress"], done["output"]["duration_ms"]) == ("completed", 100, 3000)
    out = tmp_path / "out.mp4"
    out.write_bytes(client.http.get("/api/render/proxy/render_1/download").content)
    assert out.stat().st_size == done["output"]["size"]
    assert probe(out).audio is None


def test_every_frame_of_the_stream_is_one_line_of_json(client: Client, clip: Path) -> None:
    session = client.session()
    client.upload(session, clip)
    with client.http.stream("POST", "/run_sse", json=client.request(session, "mute it")) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        frames = answer.read().decode().split("\n\n")
    assert frames.pop() == ""
    for frame in frames:
        lines = frame.split("\n")
        assert all(line.startswith(("data: ", "id: ", ": ")) for line in lines)
        assert sum(line.startswith("data: ") for line in lines) <= 1


def test_every_turn_ends_with_text(client: Client, clip: Path) -> None:
    session = client.session()
    for said in ("hello", "what is on the timeline", "how many credits do I have", "remove the noise", "?!"):
        assert texts(client.say(session, said)), said
    client.upload(session, clip)
    for said in ("把声音全部去掉", "undo", "make it shorter", "translate it to French", "export it", "撤销"):
        assert texts(client.say(session, said)), said


def test_asking_and_undoing_are_free(client: Client, clip: Path) -> None:
    session = client.session()
    client.upload(session, clip)
    client.say(session, "mute it")
    assert client.balance() == (95, 0, 95)
    assert texts(client.say(session, "undo that"))[-1].startswith("↩️ Undone.\nTimeline")
    assert texts(client.say(session, "redo"))[-1].startswith("↪️ Done again.\nTimeline")
    for said in ("redo", "what is on the timeline", "how many credits do I have"):
        client.say(session, said)
    assert client.balance() == (95, 0, 95)
    assert "muted" in client.state(session)["state"]["summary"]


def test_a_turn_that_cannot_be_done_costs_nothing(client: Client, clip: Path) -> None:
    session = client.session()
    client.upload(session, clip)
    for said in ("crop it to 10000 by 10000", "delete clip 7", "sync my lav mic"):
        assert texts(client.say(session, said)), said
        assert client.balance() == (100, 0, 100), said


def test_without_credits_nothing_changes(client: Client, clip: Path) -> None:
    session = client.session()
    client.upload(session, clip)
    for _ in range(20):
        client.say(session, "make it 1 dB louder")
    assert client.balance() == (0, 0, 0)
    before = client.state(session)["version"]
    events = client.say(session, "mute it")
    refused = next(event for event in events if event.get("errorCode"))
    assert refused["errorCode"] == "2001"
    assert f"bind={client.user['user_id']}" in refused["customMetadata"]["register_url"]
    assert texts(events)
    assert client.state(session)["version"] == before


def test_two_messages_at_once_queue_up(client: Client, clip: Path) -> None:
    session = client.session()
    client.upload(session, clip)
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(client.say, session, said) for said in ("make it 3 dB louder", "rotate it by 90")]
        ends = [texts(one.result())[-1] for one in both]
    assert all("✅" in end for end in ends)
    assert client.balance() == (90, 0, 90)


def test_a_turn_goes_on_without_its_client_and_is_told_again(client: Client, clip: Path) -> None:
    session = client.session()
    client.upload(session, clip)
    with client.http.stream("POST", "/run_sse", json=client.request(session, "mute it")) as answer:
        first = next(line for line in answer.iter_lines() if line.startswith("data: "))
    turn_id = httpx.Response(200, text=first.removeprefix("data: ")).json()["invocationId"]
    again = {"session_id": session, "invocation_id": turn_id}
    frames = client.http.post("/run_sse", json=again).text.split("\n\n")[:-1]
    numbers = [int(frame.split("\n")[0].removeprefix("id: ")) for frame in frames]
    assert numbers == list(range(1, len(frames) + 1))
    rest = client.http.post("/run_sse", json=again, headers={"Last-Event-ID": "1"}).text
    assert rest == "\n\n".join([*frames[1:], ""])
    assert client.balance() == (95, 0, 95)


def test_tokens(server: Server, client: Client) -> None:
    same = str(uuid.uuid4())
    http = server.http()
    assert http.post("/api/auth/anonymous-token").json()["code"] == 400
    assert http.post("/api/auth/anonymous-token", headers={"X-Client-Id": "me"}).status_code == 400
    assert http.post("/api/auth/anonymous-token", headers={"X-Client-Id": same}).json()["code"] == 0
    again = http.post("/api/auth/anonymous-token", headers={"X-Client-Id": same})
    assert (again.status_code, again.json()["code"]) == (429, 429)
    assert int(again.headers["Retry-After"]) > 6 * 24 * 3600
    for wrong in ("", "Bearer", "Bearer x", "Basic abc", f"Bearer {client.user['token']}x"):
        answer = http.get("/api/credits/balance/simple", headers={"Authorization": wrong})
        assert (answer.status_code, answer.json()["code"]) == (401, 1001)
    claim = client.http.post("/api/auth/claim-token", json={"session_id": client.session()}).json()["data"]
    assert claim["claim_token"].startswith("clm_")
    bearer = {"Authorization": f"Bearer {claim['claim_token']}"}
    assert http.get("/api/credits/balance/simple", headers=bearer).status_code == 401


def test_what_is_somebody_elses_is_not_there(server: Server, client: Client, clip: Path) -> None:
    session = client.session()
    client.upload(session, clip)
    client.submit(session, "render_1")
    client.finished("render_1")
    other = server.client()
    assert other.upload(session, clip).json()["code"] == 1002
    assert other.http.get(f"/api/state/nemo_agent/me/{session}/latest").json()["code"] == 1002
    assert other.http.post("/run_sse", json=other.request(session, "mute it")).status_code == 404
    assert other.http.get("/api/render/proxy/lambda/render_1").status_code == 404
    assert other.http.get("/api/render/proxy/render_1/download").status_code == 404
    assert other.submit(session, "render_2").json()["code"] == 1002
    assert other.http.post("/api/auth/claim-token", json={"session_id": session}).json()["code"] == 1002


def test_renders_are_idempotent_and_need_attribution(client: Client, clip: Path) -> None:
    session = client.session()
    empty = client.submit(session, "render_1")
    assert (empty.status_code, empty.json()["code"]) == (422, 422)
    client.upload(session, clip)
    body = {"id": "render_1", "sessionId": session, "draft": {}, "output": {"format": "mp4"}}
    for missing in ATTRIBUTION:
        headers = {name: value for name, value in ATTRIBUTION.items() if name != missing}
        blocked = client.http.post("/api/render/proxy/lambda", json=body, headers=headers)
        assert (blocked.status_code, blocked.json()["code"]) == (402, 402)
        assert missing in blocked.json()["message"]
    assert client.submit(session, "render_1").status_code == 200
    assert client.submit(session, "render_1").json()["id"] == "render_1"
    other = client.submit(session, "render_1", output={"format": "mov"})
    assert (other.status_code, other.json()["code"]) == (409, 409)
    assert client.finished("render_1")["status"] == "completed"


@pytest.mark.parametrize(
    ("asked", "status", "span"),
    [
        ("bytes=0-9", 206, (0, 10)),
        ("bytes=100-", 206, (100, None)),
        ("bytes=-7", 206, (-7, None)),
        ("bytes=5-5", 206, (5, 6)),
        ("bytes=99999999-", 416, None),
        ("bytes=a-b", 200, (0, None)),
    ],
)
def test_parts_of_a_file(
    client: Client, clip: Path, asked: str, status: int, span: tuple[int, int | None] | None
) -> None:
    session = client.session()
    client.upload(session, clip)
    client.submit(session, "render_1")
    url = client.finished("render_1")["output"]["url"]
    whole = httpx.get(url).content
    for answer in (
        httpx.get(url, headers={"Range": asked}),
        client.http.get("/api/render/proxy/render_1/download", headers={"Range": asked}),
    ):
        assert answer.status_code == status
        if span is not None:
            assert answer.content == whole[span[0] : span[1]]
    assert httpx.get(url.replace("signature=", "signature=0")).status_code == 404


def test_files_that_cannot_be_taken_are_named_and_nothing_is_kept(
    client: Client, clip: Path, tmp_path: Path
) -> None:
    session = client.session()
    wrong = tmp_path / "notes.mp4"
    wrong.write_text("this is no film")
    refused = client.upload(session, clip, wrong)
    assert (refused.status_code, refused.json()["code"]) == (415, 4001)
    assert "notes.mp4" in refused.json()["message"]
    assert client.state(session)["state"]["video_infos"] == []
    for answer in (
        client.http.post(f"/api/upload-video/nemo_agent/me/{session}", data={"a": "b"}),
        client.http.post(f"/api/upload-video/nemo_agent/me/{session}", content=b"x" * 100),
        client.http.post(
            f"/api/upload-video/nemo_agent/me/{session}",
            content=b"--x\r\nbroken",
            headers={"Content-Type": "multipart/form-data; boundary=x"},
        ),
    ):
        assert answer.status_code == 422


def test_names_in_any_script_are_kept(client: Client, clip: Path) -> None:
    session = client.session()
    for sent, kept in (("视频 1.mp4", "视频 1.mp4"), ("../Ünïcode é.mp4", "Ünïcode é.mp4")):
        files = [("files", (sent, clip.read_bytes()))]
        answer = client.http.post(f"/api/upload-video/nemo_agent/me/{session}", files=files)
        assert [f["name"] for f in answer.json()["data"]["files"]] == [kept]


def test_an_address_that_is_signed_otherwise_is_not_there(server: Server) -> None:
    for signature in ("0", "é", "☃" * 64):
        query = {"until": 1 << 40, "signature": signature}
        assert server.http().get("/api/files/rnd_none", params=query).status_code == 404


def test_sound_beside_a_picture_waits_until_it_is_needed(client: Client, clip: Path) -> None:
    session = client.session()
    client.upload(session, make("wav"))
    assert client.state(session)["state"]["summary"].count("Audio") == 1
    client.upload(session, clip)
    assert client.state(session)["state"]["summary"].startswith("Timeline (1 track): 1. Video")
    client.upload(session, clip)
    assert "(0-6s)" in client.state(session)["state"]["summary"]


def test_bodies_that_are_not_understood_name_the_field(client: Client) -> None:
    session = client.session()
    for body, field in (
        ({}, "session_id"),
        ({"session_id": session}, "new_message"),
        ({"session_id": session, "new_message": {"parts": []}}, "new_message"),
        ({"session_id": session, "new_message": {"parts": [{"text": " "}]}}, "new_message"),
    ):
        answer = client.http.post("/run_sse", json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, 422)
        assert field in answer.json()["message"]
    assert client.http.post("/run_sse", content=b"{").status_code == 422


def test_other_names_and_other_sites_are_not_answered(server: Server, client: Client) -> None:
    for headers in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}, {"Origin": "null"}):
        answer = httpx.get(f"{server.address}/healthz", headers=headers)
        assert answer.status_code == 403
    assert client.http.get("/healthz").headers["X-Content-Type-Options"] == "nosniff"


def test_text_that_no_database_keeps_is_no_fault_of_ours(client: Client) -> None:
    session = client.session()
    for path, body in (
        ("/api/render/proxy/lambda", {"id": "\ud800", "sessionId": session}),
        ("/api/render/proxy/lambda", {"id": "a\0", "sessionId": session}),
        ("/api/auth/claim-token", {"session_id": "\ud800"}),
        ("/api/auth/claim-token", {"session_id": "\0"}),
        ("/run_sse", {"session_id": session, "new_message": {"parts": [{"text": "\ud800"}]}}),
    ):
        answer = client.http.post(path, content=json.dumps(body).encode(), headers=ATTRIBUTION)
        assert answer.status_code in (404, 422), (path, body, answer.text)
    for path in ("sessions/%00", "jobs/a%00", "turns/%ff", "sessions?after=%00", "jobs?session_id=%00"):
        assert client.http.get(f"/api/v1/{path}").status_code in (404, 422), path
