"""Our own routes: jobs, history and versions, what a page draws, credits; errors as problem details."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.factory import Clip, Picture, Sound, make
from tests.http.server import Client, Server, texts

PROBLEM = "application/problem+json"


def get(client: Client, path: str, **query: Any) -> Any:
    answer = client.http.get(f"/api/v1{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def post(client: Client, path: str, body: Any = None) -> Any:
    answer = client.http.post(f"/api/v1{path}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_renders_are_jobs_with_a_receipt(client: Client, clip: Path) -> None:
    session = client.session("Lecture")
    client.upload(session, clip)
    for number in (1, 2, 3):
        client.submit(session, f"render_{number}")
    assert client.http.get("/api/v1/jobs/render_3/receipt").status_code in (200, 409)
    for number in (1, 2, 3):
        client.finished(f"render_{number}")
    first = get(client, "/jobs", limit=2)
    assert [job["id"] for job in first["jobs"]] == ["render_3", "render_2"]
    rest = get(client, "/jobs", limit=2, after=first["next"])
    assert ([job["id"] for job in rest["jobs"]], rest["next"]) == (["render_1"], None)
    assert len(get(client, "/jobs", session_id=session)["jobs"]) == 3
    job = get(client, "/jobs/render_1")
    assert (job["status"], job["progress"], job["name"]) == ("completed", 100, "Lecture.mp4")
    assert client.http.get(job["download"]).status_code == 200
    receipt = get(client, "/jobs/render_1/receipt")["receipt"]
    assert (receipt["video"], receipt["duration_after_s"]) == ("copied", 3.0)


def test_the_history_can_be_walked(client: Client, clip: Path) -> None:
    session = client.session()
    client.upload(session, clip)
    client.say(session, "mute it")
    client.say(session, "rotate it by 90")
    history = get(client, f"/sessions/{session}/history")
    assert [state["said"] for state in history["states"]] == ["", "", "mute it", "rotate it by 90"]
    assert history["place"] == 3
    assert post(client, f"/sessions/{session}/undo")["place"] == 2
    assert post(client, f"/sessions/{session}/undo", {"steps": 99})["place"] == 0
    assert post(client, f"/sessions/{session}/redo", {"steps": 2})["place"] == 2
    assert "muted" in client.state(session)["state"]["summary"]
    before = client.state(session)["version"]
    named = post(client, f"/sessions/{session}/versions", {"name": "quiet 安静"})
    assert named["states"][2]["name"] == "quiet 安静"
    assert client.state(session)["version"] == before + 1
    post(client, f"/sessions/{session}/redo")
    assert get(client, f"/sessions/{session}/history")["place"] == 3
    assert [v["place"] for v in get(client, f"/sessions/{session}/versions")["versions"]] == [2]
    assert post(client, f"/sessions/{session}/versions/restore", {"name": "quiet 安静"})["place"] == 2
    unknown = client.http.post(f"/api/v1/sessions/{session}/versions/restore", json={"name": "loud"})
    assert (unknown.status_code, unknown.headers["content-type"]) == (404, PROBLEM)
    assert client.balance() == (90, 0, 90)
    client.say(session, "make it 3 dB louder")
    after = get(client, f"/sessions/{session}/history")
    told = [(state["said"], state["after"], state["on_line"]) for state in after["states"]][2:]
    assert told == [("mute it", 1, True), ("rotate it by 90", 2, False), ("make it 3 dB louder", 2, True)]
    assert (after["place"], after["undo_steps"], after["redo_steps"]) == (4, 3, 0)


def test_what_was_undone_is_a_branch_that_can_be_gone_to(client: Client, clip: Path) -> None:
    session = client.session()
    client.upload(session, clip)
    turned = client.say(session, "rotate it by 90")[0]["invocationId"]
    rotated = client.state(session)["state"]["summary"]
    client.say(session, "undo")
    client.say(session, "mute it")
    there = post(client, f"/sessions/{session}/history/place", {"place": 2})
    assert (there["place"], there["states"][2]["turn"]) == (2, turned)
    assert [state["turn"] is None for state in there["states"]] == [True, True, False, False]
    assert [state["on_line"] for state in there["states"]] == [True, True, True, False]
    assert there["open_turn"] is None
    assert client.state(session)["state"]["summary"] == rotated
    assert [each["op"] for each in operations(client, "render_1", session)] == ["rotate"]
    assert post(client, f"/sessions/{session}/undo")["redo_steps"] == 1
    assert post(client, f"/sessions/{session}/redo")["place"] == 2
    beyond = client.http.post(f"/api/v1/sessions/{session}/history/place", json={"place": 4})
    assert (beyond.status_code, "0 to 3" in beyond.json()["detail"]) == (422, True)
    assert client.balance() == (90, 0, 90)


def test_sessions_are_listed_and_deleted(client: Client) -> None:
    made = [client.session(name) for name in ("a", "b", "c")]
    first = get(client, "/sessions", limit=2)
    assert [row["name"] for row in first["sessions"]] == ["c", "b"]
    assert [row["id"] for row in get(client, "/sessions", after=first["next"])["sessions"]] == [made[0]]
    assert client.http.delete(f"/api/v1/sessions/{made[1]}").status_code == 204
    assert [row["name"] for row in get(client, "/sessions")["sessions"]] == ["c", "a"]
    assert client.http.get(f"/api/v1/sessions/{made[1]}").status_code == 404


def test_what_a_page_draws(client: Client, clip: Path) -> None:
    session = client.session()
    client.upload(session, clip, make("wav"), make("png"))
    files = get(client, f"/sessions/{session}/assets")["assets"]
    assert [f["kind"] for f in files] == ["video", "audio", "image"]
    video, sound, still = (f["file_id"] for f in files)
    at = f"/sessions/{session}/assets"
    soon = get(client, f"{at}/{video}/peaks", count=64, soon=True)
    assert (soon["exact"], len(soon["peaks"])) == (False, 64)
    for count in (64, 1024, 4096):
        told = get(client, f"{at}/{video}/peaks", count=count)
        assert len(told["peaks"]) == count
        assert 0 < max(told["peaks"]) <= 1
    assert told["duration_ms"] == 3000
    assert get(client, f"{at}/{video}/peaks", count=4096, soon=True) == told  # exact, once it is known
    for asked, size in ((video, (320, 180)), (still, (320, None))):
        answer = client.http.get(f"/api/v1{at}/{asked}/thumbnail")
        assert answer.headers["content-type"] == "image/jpeg"
        with Image.open(io.BytesIO(answer.content)) as image:
            assert (image.format, image.width) == ("JPEG", size[0])
            assert size[1] is None or abs(image.height - size[1]) <= 1
        assert client.http.get(f"/api/v1{at}/{asked}/thumbnail").content == answer.content
    for nothing in (f"{at}/{sound}/thumbnail", f"{at}/{still}/peaks"):
        answer = client.http.get(f"/api/v1{nothing}")
        assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM)
        assert "has no" in answer.json()["detail"]
    assert client.http.get(f"/api/v1{at}/file-9/peaks").json()["code"] == 1002


def test_every_movement_of_credits_is_told(client: Client, clip: Path) -> None:
    session = client.session()
    client.upload(session, clip)
    client.say(session, "mute it")
    client.say(session, "delete clip 7")
    assert get(client, "/credits") == {"available": 95, "frozen": 0, "total": 95, "metered": True}
    rows = get(client, "/credits/ledger")["movements"]
    kinds = [(row["kind"], row["amount"]) for row in rows]
    assert kinds == [("release", 5), ("hold", 5), ("capture", 5), ("hold", 5), ("grant", 100)]
    first = get(client, "/credits/ledger", limit=2)
    rest = get(client, "/credits/ledger", before=first["next"])["movements"]
    assert [row["number"] for row in rest] == [row["number"] for row in rows[2:]]


def test_a_turn_can_be_looked_at_without_its_stream(client: Client, clip: Path) -> None:
    session = client.session()
    client.upload(session, clip)
    told = client.say(session, "mute it")
    turn_id = told[0]["invocationId"]
    turn = get(client, f"/turns/{turn_id}")
    assert (turn["status"], turn["text"], turn["number"]) == ("done", "mute it", 1)
    stream = get(client, f"/turns/{turn_id}/events")
    assert [one["event"] for one in stream["events"]] == told
    rest = get(client, f"/turns/{turn_id}/events", after=1)["events"]
    assert [one["number"] for one in rest] == list(range(2, len(told) + 1))
    assert post(client, f"/turns/{turn_id}/cancel")["status"] == "done"
    assert texts(told)


@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [
        ("GET", "/sessions/ses_none/history", 404, "session_not_found"),
        ("GET", "/jobs/none", 404, "render_not_found"),
        ("GET", "/turns/none", 404, "turn_not_found"),
        ("GET", "/jobs?limit=0", 422, "bad_body"),
        ("GET", "/nothing/here", 404, "http_404"),
        ("PUT", "/jobs", 405, "http_405"),
    ],
)
def test_errors_are_problem_details(client: Client, method: str, path: str, status: int, kind: str) -> None:
    answer = client.http.request(method, f"/api/v1{path}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM)
    told = answer.json()
    assert (told["type"], told["status"]) == (f"urn:saycut:problem:{kind}", status)
    assert set(told) == {"type", "title", "status", "detail", "code"}
    chinese = client.http.request(method, f"/api/v1{path}", headers={"Accept-Language": "zh-CN"}).json()
    assert chinese["type"] == told["type"]


def test_without_a_token_there_is_a_problem(server: Server) -> None:
    answer = server.http().get("/api/v1/sessions")
    assert (answer.status_code, answer.headers["content-type"]) == (401, PROBLEM)
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json()["code"] == 1001


def test_a_file_that_was_undone_does_not_come_back_with_the_next_edit(client: Client) -> None:
    session = client.session()
    client.upload(session, make(Clip(picture=Picture(frames=30))))
    assert client.http.post(f"/api/v1/sessions/{session}/undo").status_code == 200
    client.upload(session, make(Clip(picture=Picture(frames=60))))
    client.say(session, "turn it by 90 degrees")
    assert client.state(session)["state"]["summary"].endswith("(0-2s)")


def test_a_file_that_comes_while_a_turn_runs_is_behind_the_others(client: Client) -> None:
    session = client.session()
    client.upload(session, make(Clip(picture=Picture(frames=60))))
    asked = client.request(session, "turn it by 90 degrees")
    with client.http.stream("POST", "/run_sse", json=asked) as turn:
        for line in turn.iter_lines():
            if "functionCall" in line:
                client.upload(session, make(Clip(picture=Picture(frames=30))))
    draft = client.state(session)["state"]["draft"]
    assert [segment["d"] for segment in draft["t"][0]["sg"]] == [2000, 1000]
    states = get(client, f"/sessions/{session}/history")["states"]
    # The film, then beside each other the second one as it came, and the turn with it after.
    assert [(state["after"], state["said"]) for state in states[2:]] == [
        (1, ""),
        (1, "turn it by 90 degrees"),
        (3, ""),
    ]


def operations(client: Client, render_id: str, session: str, **body: Any) -> list[dict[str, Any]]:
    client.submit(session, render_id, output={"format": "wav"}, **body)
    assert client.finished(render_id)["status"] == "completed"
    told: list[dict[str, Any]] = get(client, f"/jobs/{render_id}/receipt")["receipt"]["operations"]
    return told


def test_a_receipt_tells_what_led_to_the_result_and_what_it_measured(client: Client) -> None:
    session = client.session()
    client.upload(session, make(Clip("wav", None, (Sound("pcm_s16le", kind="speech"),))))
    client.say(session, "remove the noise")
    client.say(session, "make it 3 dB louder")
    client.say(session, "make it 6 dB quieter")
    client.say(session, "undo")
    post(client, f"/sessions/{session}/versions", {"name": "louder"})
    told = operations(client, "render_1", session)
    assert [each["op"] for each in told] == ["denoise", "volume"]
    assert {"engine", "input_snr_db"} <= told[0].keys()
    draft = client.state(session)["state"]["draft"]
    assert operations(client, "render_2", session, draft=draft) == told
    draft["t"][0]["sg"][0]["d"] //= 2
    assert operations(client, "render_3", session, draft=draft) == []  # nobody knows how it came about
