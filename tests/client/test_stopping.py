"""Stopping, leaving, coming back; and services that know less than ours."""

import threading
from pathlib import Path

import pytest

from saycut.client import Address, Conversation, Delivered, Job, Shown, Skill, StillWorking, Text
from saycut.client.fetching import file_name, placed
from tests.client.case import conversation_with
from tests.client.clock import FakeClock
from tests.client.script import (
    CLIP,
    CUT,
    DONE,
    FAILED,
    Does,
    Drop,
    Passing,
    Refusal,
    Script,
    Step,
    done,
    draft,
    going,
    text,
)
from tests.client.seeing import text_of
from tests.client.standin import standing_in


def streams() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "saycut-stream"]


def test_stopping_a_turn_from_another_thread(tmp_path: Path) -> None:
    clock, held = FakeClock(), threading.Event()
    turn: list[Step] = [done("denoise"), Does(lambda _: held.wait(20)), text("Too late.")]
    with standing_in(Script(turns=[turn, [text("Hello.")]], timeline=draft(CLIP)), clock) as service:
        conversation = conversation_with(service, tmp_path, clock)
        list(conversation.begin())
        said = conversation.say("remove the noise")
        timer = threading.Timer(0.3, conversation.cancel)
        timer.start()
        shown = list(said)
        timer.join()
        held.set()
        assert shown == [Text("Stopped.")]
        assert service.asked[-2:] == ["turn", "stop_turn"]
        assert text_of(list(conversation.say("hello"))) == "Hello."
        conversation.close()
    assert streams() == []


def test_stopping_a_render_stops_it_at_the_service(tmp_path: Path) -> None:
    clock = FakeClock()
    script = Script(timeline=draft(CLIP), renders=[[going(10), going(20), DONE]])
    with standing_in(script, clock) as service:
        conversation = conversation_with(service, tmp_path, clock)
        shown: list[Shown] = []
        for one in conversation.say("export"):
            shown.append(one)
            if one.text == "⏳ 10%":
                conversation.cancel()
        assert shown[-1] == Text("Stopped.")
        assert service.asked[-2:] == ["look", "stop_render"]
        assert conversation.unfinished() == []
        conversation.close()


def test_stopping_the_render_behind_a_turn_leaves_the_turn_alone(tmp_path: Path) -> None:
    clock = FakeClock()
    script = Script(turns=[[done("mute"), text("1.")]], timeline=draft(CLIP), renders=[[going(10), DONE]])
    with standing_in(script, clock) as service:
        conversation = conversation_with(service, tmp_path, clock)
        for one in conversation.say("mute it and export it"):
            if one.text == "⏳ 10%":
                conversation.cancel()
        assert service.asked[-1] == "stop_render"
        assert "stop_turn" not in service.asked
        conversation.close()


def test_stopping_while_the_state_is_waited_for(tmp_path: Path) -> None:
    clock = FakeClock()
    with standing_in(Script(turns=[[CUT]], timeline=draft(CLIP)), clock) as service:
        conversation = conversation_with(service, tmp_path, clock)
        shown: list[Shown] = []
        for one in conversation.say("remove the noise"):
            shown.append(one)
            if "looking at what" in one.text:
                conversation.cancel()
        assert shown[-1] == Text("Stopped.")
        assert service.asked[-1] == "turn"  # nothing to stop: it never told its number
        conversation.close()


def test_leaving_in_the_middle_leaves_nothing_running(tmp_path: Path) -> None:
    clock = FakeClock()
    with standing_in(Script(turns=[[Passing(700)]], timeline=draft(CLIP)), clock) as service:
        conversation = conversation_with(service, tmp_path, clock)
        said = conversation.say("remove the noise")
        for one in said:
            if isinstance(one, StillWorking):
                break
        said.close()  # type: ignore[attr-defined]  # it is a generator
        conversation.close()
        assert streams() == []


def test_a_later_program_finishes_what_an_earlier_one_began(tmp_path: Path) -> None:
    clock = FakeClock()
    script = Script(timeline=draft(CLIP), renders=[[going(10), going(20), DONE]])
    with standing_in(script, clock) as service:
        first = conversation_with(service, tmp_path, clock)
        for one in first.say("export"):
            if one.text == "⏳ 10%":
                break
        first.close()
        later = conversation_with(service, tmp_path, clock)
        (render,) = later.unfinished()
        shown = list(later.finish(render))
        assert [one.path.name for one in shown if isinstance(one, Delivered)] == ["Untitled.mp4"]
        assert later.unfinished() == []
        assert len(service.tokens) == len(service.sessions) == 1  # the same person, and no new session
        assert len(service.submitted) == 1
        later.close()


def test_an_earlier_render_that_failed_meanwhile(tmp_path: Path) -> None:
    clock = FakeClock()
    with standing_in(Script(timeline=draft(CLIP), renders=[[going(10), FAILED]]), clock) as service:
        conversation = conversation_with(service, tmp_path, clock)
        for one in conversation.say("export"):
            if one.text == "⏳ 10%":
                break
        (render,) = conversation.unfinished()
        assert "That render failed." in text_of(list(conversation.finish(render)))
        assert conversation.unfinished() == []
        conversation.close()


def test_a_file_that_could_not_be_fetched_is_fetched_later(tmp_path: Path) -> None:
    clock = FakeClock()
    with standing_in(Script(timeline=draft(CLIP), pieces=[*[0] * 6]), clock) as service:
        conversation = conversation_with(service, tmp_path, clock)
        assert "It is remembered" in text_of(list(conversation.say("export")))
        assert list((tmp_path / "out").iterdir()) == []
        (render,) = conversation.unfinished()
        assert any(isinstance(one, Delivered) for one in conversation.finish(render))
        assert service.asked.count("submit") == 1
        conversation.close()


def test_a_folder_that_takes_no_files(tmp_path: Path) -> None:
    clock = FakeClock()
    (tmp_path / "out").write_text("a file where a folder belongs")
    with standing_in(Script(timeline=draft(CLIP)), clock) as service:
        conversation = conversation_with(service, tmp_path, clock)
        assert "could not be written" in text_of(list(conversation.say("export")))
        assert len(conversation.unfinished()) == 1
        conversation.close()


def test_a_session_is_gone_on_with(tmp_path: Path) -> None:
    clock = FakeClock()
    (tmp_path / "clip.mp4").write_bytes(b"x")
    with standing_in(Script(), clock) as service:
        first = conversation_with(service, tmp_path, clock)
        list(first.add([tmp_path / "clip.mp4"]))
        first.close()
        later = conversation_with(service, tmp_path, clock)
        (session,) = later.sessions()
        shown = list(later.resume(session))
        assert text_of(shown).splitlines()[:2] == ["Connecting…", "Ready, where you left off."]
        assert "clip.mp4" in text_of(shown)
        service.lose_sessions()
        assert "I opened a new one" in text_of(list(later.resume(session)))
        assert service.uploaded == ["clip.mp4", "clip.mp4"]
        later.close()


def test_a_batch_where_there_is_no_history(tmp_path: Path) -> None:
    """A service without our routes: each file has a session of its own, and one that fails stops no other."""
    clock = FakeClock()
    jobs = [Job(tmp_path / f"{name}.mp4", f"mute {name}") for name in ("a", "b", "c")]
    for job in jobs:
        job.path.write_bytes(b"x")
    turns = [
        [done("mute"), text("1.")],
        [text("?", customMetadata={"choices": ["x"]})],
        [done("mute"), text("3.")],
    ]
    with standing_in(Script(turns=[list(turn) for turn in turns]), clock) as service:
        conversation = conversation_with(service, tmp_path, clock)
        shown = list(conversation.batch(jobs))
        assert [one.path.name for one in shown if isinstance(one, Delivered)] == ["a.mp4", "c.mp4"]
        assert "2 of 3 files are finished." in text_of(shown) and "Not finished: b.mp4." in text_of(shown)
        assert service.uploaded == ["a.mp4", "b.mp4", "c.mp4"]
        assert len(service.sessions) == 3
        conversation.close()


def test_undo_and_versions_where_there_is_no_history(tmp_path: Path) -> None:
    clock = FakeClock()
    with standing_in(Script(turns=[[text("Undone.")]], timeline=draft(CLIP)), clock) as service:
        conversation = conversation_with(service, tmp_path, clock)
        assert text_of(list(conversation.undo())).endswith("Undone.")
        assert service.said == ["undo the last edit"]
        assert "cannot do that" in text_of(list(conversation.versions()))
        conversation.close()


def test_nobody_answers(tmp_path: Path) -> None:
    clock = FakeClock()
    with standing_in(Script(), clock) as service:
        address = service.address
    conversation = Conversation(
        Address(address, address), Skill("tests", "1"), home=tmp_path, folder=tmp_path, clock=clock
    )
    shown = list(conversation.say("hello"))
    assert "The service does not answer." in text_of(shown)
    conversation.close()


def test_the_token_of_the_last_time_is_used_and_renewed(tmp_path: Path) -> None:
    clock = FakeClock()
    with standing_in(
        Script(timeline=draft(CLIP), answers={"session": [None, Refusal(1001, 401)]}), clock
    ) as service:
        for _ in range(2):
            conversation = conversation_with(service, tmp_path, clock)
            list(conversation.begin())
            conversation.close()
        assert service.asked == ["token", "session", "session", "token", "session"]
        assert len(set(service.client_ids)) == 1
    assert service.tokens[-1] in (tmp_path / "config" / "client.json").read_text()


def test_a_token_that_was_given_is_never_written_down(tmp_path: Path) -> None:
    clock = FakeClock()
    with standing_in(Script(answers={"session": [Drop()]}), clock) as service:
        conversation = conversation_with(service, tmp_path, clock, token="given-secret-token")
        list(conversation.begin())
        conversation.close()
    assert "given-secret-token" not in "".join(p.read_text() for p in tmp_path.rglob("*.json"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("talk", "talk"),
        ("谈话 1", "谈话 1"),
        ("../../etc/passwd", "etc passwd"),
        ("a\0b\nc", "a b c"),
        ("", "video"),
        ("...", "video"),
        ("con", "_con"),
        ("x" * 300, "x" * 100),
        ('a:b*c?"<>|d', "a b c d"),
    ],
)
def test_names_that_every_system_takes(name: str, expected: str) -> None:
    assert file_name(name) == expected


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "talk.mp4").write_bytes(b"mine")
    names = []
    for number in range(3):
        part = tmp_path / "part"
        part.write_bytes(b"%d" % number)
        names.append(placed(part, tmp_path, "talk", "mp4").name)
    assert names == ["talk 2.mp4", "talk 3.mp4", "talk 4.mp4"]
    assert (tmp_path / "talk.mp4").read_bytes() == b"mine"
