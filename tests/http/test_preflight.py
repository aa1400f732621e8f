"""Pre-flight over HTTP: what a file would be, without making it."""

from pathlib import Path
from typing import Any

import pytest

from tests.factory import Clip, Sound, make
from tests.http.server import Client, Server
from tests.http.test_v1 import PROBLEM, get, post


def checks(client: Client, session: str, **choice: Any) -> dict[str, Any]:
    told = post(client, f"/sessions/{session}/preflight", choice)
    assert told["version"] == client.state(session)["version"]
    return {check["what"]: check for check in told["checks"]}


def test_everything_is_told_and_nothing_is_made(client: Client, material: Path) -> None:
    session = client.session("Talk")
    client.upload(session, material / "talk.mp4")
    plain = checks(client, session)
    assert list(plain) == ["loudness", "peak", "length", "shape", "captions", "licences", "size", "room"]
    assert plain["loudness"]["figures"]["whole"] is True
    assert plain["size"]["figures"]["basis"] == "copied"
    brought = checks(client, session, platform="tiktok", quality="low")
    assert brought["loudness"]["figures"]["lufs"] == plain["loudness"]["figures"]["lufs"]
    assert brought["loudness"]["figures"]["target_lufs"] == -14
    assert "TikTok shows upright video" in brought["shape"]["words"]["en"]
    assert "竖屏" in brought["shape"]["words"]["zh"]
    assert brought["size"]["figures"]["basis"] == "sampled"
    assert list(checks(client, session, format="mp3")) == [
        "loudness",
        "peak",
        "length",
        "licences",
        "size",
        "room",
    ]
    client.say(session, "remove all audio")
    assert checks(client, session, format="mp3")["sound"]["verdict"] == "stop"
    assert get(client, "/jobs")["jobs"] == []
    assert client.balance() == (95, 0, 95)


@pytest.mark.parametrize(
    "choice",
    [{"platform": "myspace"}, {"format": "exe"}, {"quality": 7}, {"platform": "x" * 99}, {"format": None}],
)
def test_what_nobody_makes_is_refused(client: Client, clip: Path, choice: dict[str, Any]) -> None:
    session = client.session()
    client.upload(session, clip)
    answer = client.http.post(f"/api/v1/sessions/{session}/preflight", json=choice)
    assert (answer.status_code, answer.headers["content-type"]) == (422, PROBLEM)


def test_an_empty_timeline_and_a_strange_session(client: Client) -> None:
    empty = client.http.post(f"/api/v1/sessions/{client.session()}/preflight", json={})
    assert (empty.status_code, "nothing on the timeline" in empty.json()["detail"]) == (422, True)
    assert client.http.post("/api/v1/sessions/ses_nobodys/preflight", json={}).status_code == 404


def test_nobody_is_told_what_was_measured_for_another(server: Server, tmp_path: Path) -> None:
    """Two users call their sessions alike, and what they brought looks alike but does not sound so."""
    told = []
    for kind in ("tones", "code"):
        client = server.client()
        named = client.http.post("/apps/nemo_agent/users/me/sessions/mine", json={})
        assert named.status_code == 200
        file = tmp_path / kind / "same.wav"
        file.parent.mkdir()
        file.write_bytes(make(Clip(picture=None, sounds=(Sound(codec="pcm_s16le", kind=kind),))).read_bytes())
        client.upload("mine", file)
        told.append(checks(client, "mine")["loudness"]["figures"])
        assert checks(client, "mine")["loudness"]["figures"] == told[-1]
    assert told[0]["lufs"] != told[1]["lufs"]
