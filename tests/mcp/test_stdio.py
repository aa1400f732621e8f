"""`saycut mcp` and the official client: from a file in a folder to the finished file beside it."""

import io
import json
import os
import shutil
import subprocess
from base64 import b64decode
from pathlib import Path

import anyio
import pytest
from mcp.types import AudioContent, ImageContent, ResourceLink
from PIL import Image

from saycut.media.probe import probe
from tests.factory import Clip, Picture, Sound, make
from tests.mcp.agent import Agent, on_stdio, program

pytestmark = pytest.mark.anyio


async def test_a_whole_job(root: Path, tmp_path: Path) -> None:
    async with on_stdio(tmp_path / "data", root) as agent:
        opened = await agent.call("open_media", files=["clip.mp4"])
        session = opened["session_id"]
        assert [file["name"] for file in opened["files"]] == ["clip.mp4"]
        plan = await agent.call("plan_edit", session_id=session, text="mute it and rotate it by 90 degrees")
        assert [each["op"] for each in plan["operations"]] == ["mute", "rotate"]
        assert (plan["version"], plan["question"], plan["credits"]) == (opened["version"], None, 0)
        assert await agent.call("get_timeline", session_id=session) == opened
        done = await agent.applied(session, plan["version"], *plan["operations"])
        assert (done["status"], done["progress"], done["version"]) == ("done", 100, plan["version"] + 1)
        assert [step["op"] for step in done["measured"]] == ["mute", "rotate"]
        assert "muted" in done["said"]
        await told_of_progress(agent)
        await seen_and_heard(agent, session)
        await exported_once(agent, session, done["version"], root)
        again = await agent.applied(session, plan["version"], *plan["operations"])
        assert again == done  # the same call is the same edit
        undone = await agent.call("undo", session_id=session, version=done["version"])
        assert (undone["summary"], undone["redo_steps"]) == (opened["summary"], 1)
        stale = await agent.refused("undo", session_id=session, version=done["version"])
        assert stale.endswith("(stale_version)")
        asked = await agent.call("plan_edit", session_id=session, text="sync it")
        assert asked["question"].endswith("?") and len(asked["choices"]) == 2


async def told_of_progress(agent: Agent) -> None:
    told = [progress for progress, _, _ in agent.progress]
    assert told[0] == 0 and told[-1] == 100
    assert told == sorted(set(told))
    agent.progress.clear()


async def seen_and_heard(agent: Agent, session: str) -> None:
    seen = await agent.result("preview", session_id=session, at_s=1.0)
    picture = seen.content[1]
    assert isinstance(picture, ImageContent) and picture.mime_type == "image/jpeg"
    shown = Image.open(io.BytesIO(b64decode(picture.data)))
    assert shown.height > shown.width  # turned
    heard = await agent.result("preview", session_id=session, what="sound", at_s=1.0, seconds=1.0)
    assert isinstance(heard.content[1], AudioContent)
    behind = await agent.refused("preview", session_id=session, at_s=99)
    assert "behind the end" in behind and behind.endswith("(nothing_to_see)")


async def exported_once(agent: Agent, session: str, version: int, root: Path) -> None:
    made = await agent.result("export", session_id=session, version=version, wait_s=300)
    told = made.structured_content or {}
    link = made.content[1]
    assert isinstance(link, ResourceLink)
    assert link.uri == told["uri"] == (root / "clip-saycut.mp4").as_uri()
    assert (told["file"], told["media_type"]) == ("clip-saycut.mp4", "video/mp4")
    assert probe(root / "clip-saycut.mp4").audio is None
    assert [progress for progress, _, _ in agent.progress][-1] == 100
    before = (root / "clip-saycut.mp4").stat()
    again = await agent.call("export", session_id=session, version=version, wait_s=300)
    assert again == told
    assert (root / "clip-saycut.mp4").stat() == before
    (root / "sub" / "mine.mp4").write_text("mine")
    other = await agent.call("export", session_id=session, version=version, save_as="sub/mine.mp4")
    assert (other["file"], other["job_id"]) == ("sub/mine-2.mp4", told["job_id"])
    assert (root / "sub" / "mine.mp4").read_text() == "mine"
    report = await agent.call("report", job_id=told["job_id"])
    assert report["receipt"]["duration_after_s"] == 3.0
    stale = await agent.refused("export", session_id=session, version=version - 1)
    assert stale.endswith("(stale_version)")


async def test_nothing_outside_of_the_roots_is_touched(root: Path, tmp_path: Path) -> None:
    (root / "link.mp4").symlink_to(tmp_path / "private.mp4")
    async with on_stdio(tmp_path / "data", root, shows=[root / "sub", tmp_path]) as agent:
        private = str(tmp_path / "private.mp4")
        for name in ("../private.mp4", "link.mp4", private, "sub/../../private.mp4"):
            assert (await agent.refused("open_media", files=[name])).endswith("(outside_roots)")
        mixed = await agent.refused("open_media", files=["clip.mp4", "../private.mp4"])
        assert mixed.endswith("(outside_roots)")
        assert (await agent.refused("open_media", files=["gone.mp4"])).endswith("(not_found)")
        empty = await agent.refused("open_media", files=[])
        assert empty.startswith("files:") and empty.endswith("(bad_arguments)")
        (root / "words.mp4").write_text("no film")
        unreadable = await agent.refused("open_media", files=["words.mp4"])
        assert "words.mp4" in unreadable and str(tmp_path) not in unreadable
        opened = await agent.call("open_media", files=["clip.mp4"])
        outside = await agent.refused(
            "export", session_id=opened["session_id"], version=opened["version"], save_as="../out.mp4"
        )
        assert outside.endswith("(outside_roots)")
        added = await agent.refused("open_media", files=["clip.mp4"], session_id=opened["session_id"])
        assert added.startswith("version:")
        more = await agent.call(
            "open_media",
            files=["clip.mp4"],
            session_id=opened["session_id"],
            version=opened["version"],
        )
        assert len(more["files"]) == 2 and more["version"] == opened["version"] + 1


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_client_shows_less(mode: str, root: Path, tmp_path: Path) -> None:
    shutil.copy(root / "clip.mp4", root / "sub" / "inner.mp4")
    async with on_stdio(tmp_path / "data", root, shows=[root / "sub"], mode=mode) as agent:
        assert (await agent.refused("open_media", files=["clip.mp4"])).endswith("(outside_roots)")
        opened = await agent.call("open_media", files=["sub/inner.mp4"])
        assert [file["name"] for file in opened["files"]] == ["inner.mp4"]


async def test_what_is_asked_wrongly_is_said_in_one_sentence(root: Path, tmp_path: Path) -> None:
    async with on_stdio(tmp_path / "data", root) as agent:
        session = (await agent.call("open_media", files=["clip.mp4"]))["session_id"]
        unknown = await agent.refused("get_timeline", session_id=session, verbose=True)
        assert unknown == "verbose: Extra inputs are not permitted. (bad_arguments)"
        missing = await agent.refused("apply_edit", session_id=session, operations=[{"op": "mute"}])
        assert missing == "version: Field required. (bad_arguments)"
        assert (await agent.refused("fly")).endswith("(unknown_tool)")
        wrong = await agent.refused(
            "apply_edit", session_id=session, version=1, operations=[{"op": "mute"}, {"op": "fly"}]
        )
        assert wrong.startswith("operations.1:") and wrong.endswith("(bad_body)")
        assert (await agent.refused("job_status", job_id="e-none")).endswith("(turn_not_found)")
        assert (await agent.refused("report", job_id="none")).endswith("(render_not_found)")
        assert (await agent.refused("get_timeline", session_id="none")).endswith("(session_not_found)")


@pytest.mark.soak
async def test_work_goes_on_unwatched_and_can_be_stopped(root: Path, tmp_path: Path) -> None:
    shutil.copy(make(Clip(picture=Picture(frames=900), sounds=(Sound(),))), root / "long.mp4")
    async with on_stdio(tmp_path / "data", root) as agent:
        opened = await agent.call("open_media", files=["long.mp4"])
        session, version = opened["session_id"], opened["version"]
        edit = {"session_id": session, "version": version, "operations": [{"op": "denoise"}], "wait_s": 0}
        begun = await agent.call("apply_edit", **edit)
        ended = await agent.call("cancel_job", job_id=begun["job_id"])
        assert (ended["status"], ended["error"], ended["version"]) == ("cancelled", "cancelled", version)
        operations = [{"op": "rotate", "args": {"degrees": 90}}]
        done = await agent.applied(session, version, *operations)
        asked = {"session_id": session, "version": done["version"], "wait_s": 0}
        job = await agent.call("export", **asked)
        assert job["status"] in ("waiting", "running") and job["uri"] is None
        stopped = await agent.call("cancel_job", job_id=job["job_id"])
        assert stopped["status"] == "cancelled"
        assert (await agent.call("job_status", job_id=job["job_id"]))["status"] == "cancelled"
        assert (await agent.refused("report", job_id=job["job_id"])).endswith("(no_receipt)")
        anew = await agent.call("export", **asked)
        assert anew["job_id"] != job["job_id"]
    async with on_stdio(tmp_path / "data", root) as agent:  # another program finishes it
        made = await agent.call("export", **{**asked, "wait_s": 300})
        assert (made["job_id"], made["status"]) == (anew["job_id"], "done")
        assert (root / made["file"]).exists()


@pytest.mark.soak
async def test_two_agents_at_once(root: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(root / "clip.mp4", other / "theirs.mp4")

    async def job(folder: Path, name: str) -> None:
        async with on_stdio(tmp_path / "data", folder) as agent:
            opened = await agent.call("open_media", files=[name])
            done = await agent.applied(opened["session_id"], opened["version"], {"op": "mute"})
            made = await agent.call(
                "export", session_id=opened["session_id"], version=done["version"], wait_s=300
            )
            assert (folder / made["file"]).exists()
            stale = await agent.refused(
                "apply_edit",
                session_id=opened["session_id"],
                version=opened["version"],
                operations=[{"op": "rotate", "args": {"degrees": 90}}],
            )
            assert stale.endswith("(stale_version)")

    async with anyio.create_task_group() as group:
        group.start_soon(job, root, "clip.mp4")
        group.start_soon(job, other, "theirs.mp4")
    assert (other / "theirs-saycut.mp4").exists() and (root / "clip-saycut.mp4").exists()


def test_nothing_but_the_protocol_is_written(root: Path, tmp_path: Path) -> None:
    started = program(tmp_path / "data", root)
    params = {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "t", "version": "1"},
    }
    messages = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {
            "jsonrpc": "2.0",
            "id": 2,
            "method": "tools/call",
            "params": {"name": "open_media", "arguments": {"files": ["clip.mp4"]}},
        },
    ]
    process = subprocess.Popen(
        [started.command, *started.args],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    assert process.stdin is not None and process.stdout is not None and process.stderr is not None
    process.stdin.write("no json\n" + "".join(json.dumps(message) + "\n" for message in messages))
    process.stdin.flush()
    answers = {}
    while 2 not in answers:
        line = process.stdout.readline()
        assert line, process.stderr.read()
        told = json.loads(line)
        assert told["jsonrpc"] == "2.0"
        answers[told.get("id")] = told
    assert answers[2]["result"]["structuredContent"]["version"] == 1
    rest, complaints = process.communicate(timeout=60)
    assert (process.returncode, rest) == (0, "")
    assert "Traceback" not in complaints
