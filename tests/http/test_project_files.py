"""What lies beside a finished file: the credits of its music, and a recipe that makes it again."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from saycut.studio.recipe import read_recipe
from tests.http.server import Client
from tests.http.test_v1 import PROBLEM


def made(client: Client, session: str, render: str, **output: str) -> None:
    client.submit(session, render, output={"format": "mp4", **output})
    assert client.finished(render)["status"] == "completed"


def saved(client: Client, path: str, folder: Path) -> Path:
    """The file at `path`, under the name that it comes with."""
    answer = client.http.get(f"/api/v1/jobs/{path}")
    assert answer.status_code == 200, answer.text
    place = folder / answer.headers["content-disposition"].partition("''")[2]
    place.write_bytes(answer.content)
    return place


def saycut(*arguments: object) -> Any:
    command = [sys.executable, "-m", "saycut", *map(str, arguments), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout)


@pytest.mark.parametrize(
    ("format_", "quality"),
    [("mp3", "high"), *(pytest.param("mp4", q, marks=pytest.mark.soak) for q in ("high", "low"))],
)
def test_the_same_file_is_made_again_byte_for_byte(
    client: Client, material: Path, tmp_path: Path, format_: str, quality: str
) -> None:
    session = client.session("talk")
    client.upload(session, material / "talk.mp4")
    client.say(session, "trim the silences")
    client.say(session, "make it 2 dB louder")
    client.say(session, "undo")
    client.say(session, "make it 1 dB louder and cut the first second")
    made(client, session, "render_1", format=format_, quality=quality)
    recipe = saved(client, "render_1/project", tmp_path)
    assert recipe.name == f"talk.{format_}.recipe.json"
    record = read_recipe(recipe).made
    assert record is not None
    assert record.turns[-1] == 1  # the file itself, after two turns of edits
    assert len(record.turns) == 3
    status, verdict = saycut("replay", recipe, material / "talk.mp4")
    assert (status, verdict["identical"]) == (0, True), verdict


def test_a_recipe_is_carried_out_on_another_file(client: Client, material: Path, tmp_path: Path) -> None:
    session = client.session("talk")
    client.upload(session, material / "talk.mp4")
    client.say(session, "make it 3 dB quieter")
    made(client, session, "render_1")
    recipe = saved(client, "render_1/project", tmp_path)
    status, told = saycut("apply", recipe, material / "vlog.mp4", "-o", tmp_path)
    assert (status, told["made"], told["failed"]) == (0, 1, 0)
    assert [step["op"] for step in told["results"][0]["plan"]] == ["volume", "export"]


def test_files_that_came_later_are_not_promised(client: Client, material: Path, tmp_path: Path) -> None:
    session = client.session("talk")
    client.upload(session, material / "talk.mp4")
    client.say(session, "make it 3 dB quieter")
    client.upload(session, material / "voiceover.wav")
    made(client, session, "render_1")
    assert read_recipe(saved(client, "render_1/project", tmp_path)).made is None


def test_every_piece_of_music_is_credited(client: Client, material: Path, tmp_path: Path) -> None:
    session = client.session("音乐 clip")
    client.upload(session, material / "talk.mp4")
    client.say(session, "add calm background music")
    made(client, session, "render_1")
    told = json.loads(saved(client, "render_1/credits", tmp_path).read_bytes())["music"]
    text = saved(client, "render_1/credits?form=text", tmp_path).read_text("utf-8")
    assert len(told) == 1
    for word in ("title", "author", "licence", "source"):
        assert str(told[0][word]) in text
    assert client.http.get("/api/v1/jobs/render_1/credits?form=pdf").status_code == 422


def test_a_draft_that_was_edited_elsewhere_has_no_plan(client: Client, clip: Path) -> None:
    session = client.session("clip")
    client.upload(session, clip)
    draft = client.state(session)["state"]["draft"]
    draft["t"][0]["sg"][0]["d"] -= 1000
    client.submit(session, "render_1", draft=draft)
    assert client.finished("render_1")["status"] == "completed"
    answer = client.http.get("/api/v1/jobs/render_1/project")
    assert (answer.status_code, answer.headers["content-type"]) == (409, PROBLEM)
    assert client.http.get("/api/v1/jobs/render_1/credits").json() == {"music": []}
    assert client.http.get("/api/v1/jobs/render_9/project").status_code == 404
