"""Edits in two moves: a plan that does nothing, and operations that are carried out as they stand, once."""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from saycut.media.probe import probe
from saycut.service import accounts, editing, sessions
from saycut.service.workplace import ServiceSettings, Workplace
from tests.factory import Clip, Picture, Sound, make, read_frame_indices, read_sound
from tests.http.server import Client, calls, texts
from tests.http.test_v1 import PROBLEM, get, post
from tests.planner.model_server import serving, steps
from tests.waiting import until


def plan(client: Client, session: str, text: str) -> Any:
    return post(client, f"/sessions/{session}/plan", {"text": text})


def asked(client: Client, session: str, version: int, *operations: dict[str, Any]) -> Any:
    body = {"operations": list(operations), "version": version}
    return client.http.post(f"/api/v1/sessions/{session}/edits", json=body)


def over(client: Client, turn_id: str) -> Any:
    def told() -> Any:
        turn = get(client, f"/turns/{turn_id}")
        return turn if turn["status"] not in ("queued", "running") else None

    return until(f"the end of {turn_id}", told)


def version(client: Client, session: str) -> int:
    number: int = client.state(session)["version"]
    return number


@pytest.fixture
def session(client: Client, clip: Path) -> str:
    made = client.session("Lecture")
    client.upload(made, clip)
    return made


def test_a_plan_does_nothing_and_is_carried_out_as_it_stands(client: Client, session: str) -> None:
    before = client.state(session)
    seen = plan(client, session, "mute it and rotate it by 90 degrees")
    assert [(o["op"], o["args"]) for o in seen["operations"]] == [("mute", {}), ("rotate", {"degrees": 90})]
    assert (seen["kind"], seen["credits"], seen["version"]) == ("edit", 5, before["version"])
    assert seen["operations"][1]["described"]["zh"] != seen["operations"][1]["described"]["en"]
    assert (client.state(session), client.balance()) == (before, (100, 0, 100))
    answer = asked(client, session, seen["version"], *seen["operations"])
    assert answer.status_code == 202, answer.text
    turn = over(client, answer.json()["id"])
    assert (turn["status"], client.balance()) == ("done", (95, 0, 95))
    told = [one["event"] for one in get(client, f"/turns/{turn['id']}/events")["events"]]
    assert [call["name"] for call in calls(told)] == ["mute", "rotate"]
    assert "muted" in texts(told)[-1]
    states = get(client, f"/sessions/{session}/history")["states"]
    assert states[-1]["said"] == "; ".join(o["described"]["en"] for o in seen["operations"])
    post(client, f"/sessions/{session}/undo")
    assert client.state(session)["state"]["summary"] == before["state"]["summary"]


def test_the_same_request_is_the_same_turn_and_paid_once(client: Client, session: str) -> None:
    at = version(client, session)
    turns = {asked(client, session, at, {"op": "mute"}).json()["id"] for _ in range(3)}
    assert len(turns) == 1
    assert over(client, turns.pop())["status"] == "done"
    again = asked(client, session, at, {"op": "mute", "args": {}})
    assert (again.status_code, again.json()["status"]) == (202, "done")
    assert (version(client, session), client.balance()) == (at + 1, (95, 0, 95))


def test_a_stale_version_and_a_busy_session_are_refused(client: Client, session: str) -> None:
    at = version(client, session)
    first = asked(client, session, at, {"op": "mute"}).json()["id"]
    over(client, first)
    stale = asked(client, session, at, {"op": "rotate", "args": {"degrees": 90}})
    assert (stale.status_code, stale.headers["content-type"]) == (409, PROBLEM)
    assert stale.json()["type"] == "urn:saycut:problem:stale_version"
    assert f"version {at + 1}" in stale.json()["detail"]
    assert client.balance() == (95, 0, 95)


def test_a_cancelled_edit_may_be_asked_for_again(client: Client, session: str) -> None:
    at = version(client, session)
    first = asked(client, session, at, {"op": "denoise"}).json()["id"]
    stopped = post(client, f"/turns/{first}/cancel")
    if stopped["status"] == "done":  # it was quicker than we
        pytest.fail("a turn was over before it could be cancelled")
    again = asked(client, session, at, {"op": "denoise"}).json()["id"]
    assert again != first
    assert over(client, again)["status"] == "done"
    assert client.balance() == (95, 0, 95)


def test_what_no_catalogue_holds_is_refused_by_its_place(client: Client, session: str) -> None:
    at = version(client, session)
    for operation, said in (
        ({"op": "teleport"}, "“teleport”"),
        ({"op": "rotate", "args": {"degrees": "much"}}, "degrees"),
        ({"op": "mute", "args": {"hard": True}}, "hard"),
        ({"op": "undo", "args": {"steps": 0}}, "undo takes steps"),
        ({"op": "upload", "args": {"url": "http://127.0.0.1/"}}, "“upload”"),
    ):
        answer = asked(client, session, at, {"op": "mute"}, operation)
        assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM)
        assert "operations.1" in answer.json()["detail"]
        assert said in answer.json()["detail"], answer.text
    assert asked(client, session, at).status_code == 422
    assert (version(client, session), client.balance()) == (at, (100, 0, 100))


def test_an_earlier_state_is_edited_beside_what_came_after_it(client: Client, session: str) -> None:
    at = version(client, session)
    over(client, asked(client, session, at, {"op": "mute"}).json()["id"])
    turn = {"op": "rotate", "args": {"degrees": 90}}
    body = {"operations": [turn], "version": at + 1, "on_place": 1}
    path = f"/api/v1/sessions/{session}/edits"
    begun = {client.http.post(path, json=body).json()["id"] for _ in range(2)}
    assert len(begun) == 1
    beside = begun.pop()
    over(client, beside)
    told = get(client, f"/sessions/{session}/history")
    assert [(state["after"], state["on_line"]) for state in told["states"]] == [
        (None, True),
        (0, True),
        (1, False),
        (1, True),
    ]
    assert (told["place"], told["states"][3]["turn"]) == (3, beside)
    assert told["states"][3]["said"] == "Turn the picture 90° to the right"
    assert "muted" not in client.state(session)["state"]["summary"]
    assert client.balance() == (90, 0, 90)
    nowhere = client.http.post(path, json={**body, "version": at + 2, "on_place": 9})
    assert (nowhere.status_code, "on_place" in nowhere.json()["detail"]) == (422, True)


def test_an_edit_that_comes_to_the_same_costs_nothing(client: Client, session: str) -> None:
    at = version(client, session)
    over(client, asked(client, session, at, {"op": "mute"}).json()["id"])
    body = {"operations": [{"op": "mute"}], "version": at + 1, "on_place": 1}
    over(client, client.http.post(f"/api/v1/sessions/{session}/edits", json=body).json()["id"])
    assert client.balance() == (95, 0, 95)


def test_undo_and_redo_are_operations_too(client: Client, session: str) -> None:
    at = version(client, session)
    over(client, asked(client, session, at, {"op": "mute"}).json()["id"])
    over(client, asked(client, session, at + 1, {"op": "undo"}).json()["id"])
    assert "muted" not in client.state(session)["state"]["summary"]
    over(client, asked(client, session, at + 2, {"op": "redo"}).json()["id"])
    assert "muted" in client.state(session)["state"]["summary"]
    assert client.balance() == (95, 0, 95)


def test_what_cannot_be_planned_is_said(client: Client, session: str) -> None:
    question = plan(client, session, "sync it")
    assert (question["kind"], question["operations"], question["credits"]) == ("clarify", [], 0)
    assert question["question"]["en"].endswith("?")
    assert len(question["choices"]) == 2
    nothing = plan(client, session, "add subtitles")
    assert (nothing["operations"], nothing["credits"]) == ([], 0)
    assert nothing["refused"][0]["zh"]
    empty = client.session()
    planned = plan(client, empty, "mute it")
    assert "nothing on the timeline" in planned["refused"][0]["en"]
    failed = asked(client, empty, planned["version"], {"op": "mute"}).json()["id"]
    assert over(client, failed)["status"] == "done"
    assert client.balance() == (100, 0, 100)


def test_a_film_of_some_seconds_shows_every_frame_of_them(client: Client, tmp_path: Path) -> None:
    clip = make(Clip(picture=Picture(frames=90)))
    session = client.session()
    client.upload(session, clip)
    client.say(session, "cut from 1 s to 2 s and rotate it by 90 degrees")
    body = {"what": "film", "at_s": 0.5, "seconds": 1.0, "side": 320}
    answer = client.http.post(f"/api/v1/sessions/{session}/preview", json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "video/mp4")
    film = tmp_path / "film.mp4"
    film.write_bytes(answer.content)
    info = probe(film)
    assert info.audio is None
    assert info.video is not None
    assert (info.video.display_width, info.video.display_height) == (180, 320)
    assert [mark.index for mark in read_frame_indices(film)] == [*range(15, 30), *range(60, 75)]


def test_levels_of_the_result_are_those_of_what_is_heard(client: Client) -> None:
    session = client.session()
    client.upload(session, make(Clip(picture=Picture(frames=120), sounds=(Sound(kind="tones"),))))
    before = get(client, f"/sessions/{session}/peaks", count=64)["peaks"]
    client.say(session, "mute from 0 s to 2 s and make it 6 dB quieter")
    after = get(client, f"/sessions/{session}/peaks", count=64)["peaks"]
    assert max(after[:31]) < 0.001
    assert after[40] == pytest.approx(before[40] / 2, rel=0.05)
    assert get(client, f"/sessions/{session}/peaks", count=64, place=1)["peaks"] == before
    path = f"/api/v1/sessions/{session}/peaks"
    assert client.http.get(path, params={"place": 9}).status_code == 422
    empty = client.http.get(f"/api/v1/sessions/{client.session()}/peaks")
    assert (empty.status_code, empty.headers["content-type"]) == (422, PROBLEM)


def test_a_moment_is_seen_and_heard_as_it_stands(client: Client, tmp_path: Path) -> None:
    clip = make(Clip(picture=Picture(frames=90), sounds=(Sound(),)))
    session = client.session()
    client.upload(session, clip)
    path = f"/api/v1/sessions/{session}/preview"
    seen = client.http.post(path, json={"what": "picture", "at_s": 2.0, "side": 320})
    assert (seen.status_code, seen.headers["content-type"]) == (200, "image/jpeg")
    before = Image.open(io.BytesIO(seen.content))
    assert max(before.size) == 320
    heard = client.http.post(path, json={"what": "sound", "at_s": 0.5, "seconds": 1.5})
    assert heard.headers["content-type"] == "audio/mpeg"
    sound = tmp_path / "heard.mp3"
    sound.write_bytes(heard.content)
    assert probe(sound).duration_s == pytest.approx(1.5, abs=0.1)
    assert float(np.abs(read_sound(sound)).max()) > 0.05
    assert -40 < float(heard.headers["X-Loudness-LUFS"]) < 0
    alone = client.http.post(path, json={"what": "sound", "at_s": 0.5, "seconds": 1.5, "solo": ["none"]})
    assert "X-Loudness-LUFS" not in alone.headers  # silence
    client.say(session, "mute it and rotate it by 90 degrees")
    turned = Image.open(io.BytesIO(client.http.post(path, json={"at_s": 2.0, "side": 320}).content))
    assert (turned.width < turned.height) != (before.width < before.height)
    muted = client.http.post(path, json={"what": "sound", "at_s": 0.5, "seconds": 1.5})
    sound.write_bytes(muted.content)
    assert float(np.abs(read_sound(sound)).max()) < 0.001
    behind = client.http.post(path, json={"at_s": 3.5})
    assert (behind.status_code, behind.headers["content-type"]) == (422, PROBLEM)
    assert "behind the end" in behind.json()["detail"]
    assert "behind the end" in client.http.post(path, json={"what": "sound", "at_s": 3.5}).json()["detail"]
    empty = client.http.post(f"/api/v1/sessions/{client.session()}/preview", json={})
    assert "nothing on the timeline" in empty.json()["detail"]


def test_words_that_are_still_typed_are_sent_to_no_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workplace = Workplace(ServiceSettings(data_dir=tmp_path / "data"))
    with workplace.database.writing() as connection:
        user_id = accounts.new_user(connection, "registered")
        user = accounts.whose(connection, accounts.issue(connection, user_id).token)
        session = sessions.create(connection, user_id, "typing", "en")
    with serving(steps(("denoise", {}))) as model:
        monkeypatch.setenv("SAYCUT_LLM_URL", model.url)
        monkeypatch.setenv("SAYCUT_LLM_MODEL", "tiny")
        typed = editing.outlook(workplace, user, session.id, "mute it", by_words=True)
        assert model.headers == []
        sent = editing.outlook(workplace, user, session.id, "mute it")
    workplace.close()
    assert ([step.op for step in typed.steps], typed.by_model) == (["mute"], True)
    assert [step.op for step in sent.steps] == ["denoise"]
