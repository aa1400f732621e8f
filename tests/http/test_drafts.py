"""Drafts: read, edited, sent back; what is sent is what is rendered."""

import copy
from pathlib import Path
from typing import Any

import pytest

from saycut.media.probe import probe
from tests.http.server import Client


def opened(client: Client, clip: Path) -> tuple[str, dict[str, Any]]:
    session = client.session()
    client.upload(session, clip)
    draft: dict[str, Any] = client.state(session)["state"]["draft"]
    return session, draft


def rendered(client: Client, session: str, draft: object, out: Path) -> Path:
    name = f"render_{out.stem}"
    answer = client.submit(session, name, draft=draft)
    assert answer.status_code == 200, answer.text
    assert client.finished(name)["status"] == "completed"
    out.write_bytes(client.http.get(f"/api/render/proxy/{name}/download").content)
    return out


def test_a_state_tells_everything_a_client_looks_at(client: Client, clip: Path) -> None:
    session, draft = opened(client, clip)
    assert [(t["tt"], len(t["sg"]), t["sg"][0]["d"]) for t in draft["t"]] == [(0, 1, 3000)]
    client.say(session, "add calm music")
    told = client.state(session)["state"]
    assert [track["tt"] for track in told["draft"]["t"]] == [0, 1]
    assert told["canvas_config"] == {"width": 320, "height": 180, "frame_rate": 30.0}
    assert told["generated_media"][0]["kind"] == "music"


def test_a_draft_that_was_shortened_is_rendered_short(client: Client, clip: Path, tmp_path: Path) -> None:
    session, draft = opened(client, clip)
    shorter = copy.deepcopy(draft)
    shorter["t"][0]["sg"][0]["d"] = 1000
    assert probe(rendered(client, session, shorter, tmp_path / "short.mp4")).duration_s == 1
    assert probe(rendered(client, session, draft, tmp_path / "whole.mp4")).duration_s == 3
    assert client.state(session)["state"]["draft"] == draft


def test_an_older_draft_is_rendered_as_it_was(client: Client, clip: Path, tmp_path: Path) -> None:
    session, before = opened(client, clip)
    client.say(session, "mute it")
    assert probe(rendered(client, session, {}, tmp_path / "muted.mp4")).audio is None
    assert probe(rendered(client, session, before, tmp_path / "old.mp4")).audio is not None


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda d: d["t"][0]["sg"][0].update(d=-1), "t[0].sg[0].d"),
        (lambda d: d["t"][0]["sg"][0]["m"].update(asset_id="file-9"), "t[0].sg[0].m.asset_id"),
        (lambda d: d["t"][0]["sg"][0].update(d=1e12), "t[0].sg[0].d"),
        (lambda d: d.update(t="x"), "t"),
        (lambda d: d.update(t=[]), "draft.t"),
    ],
)
def test_a_wrong_draft_is_422_with_the_path(client: Client, clip: Path, change: Any, path: str) -> None:
    session, draft = opened(client, clip)
    change(draft)
    answer = client.submit(session, "render_1", draft=draft)
    assert (answer.status_code, answer.json()["code"]) == (422, 422)
    assert path in answer.json()["message"]
    assert client.http.get("/api/render/proxy/lambda/render_1").status_code == 404
