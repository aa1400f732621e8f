"""Connections that break off at every point of everything: nothing is told twice, nothing is said twice."""

import json
from pathlib import Path

import pytest

from saycut.client import Delivered, Shown, Trouble
from tests.client.case import conversation_with
from tests.client.clock import FakeClock
from tests.client.script import CLIP, Does, Drop, Raw, Script, Step, done, draft, fragment, text, title
from tests.client.seeing import nothing_private, text_of
from tests.client.standin import StandIn, standing_in

TURN = [
    text("First of all."),
    done("text"),
    fragment("In the "),
    fragment("middle. "),
    text("In the middle."),
    text("已经完成。"),
]
TOLD = ("First of all.", "In the middle.", "已经完成。")
SIZE = len("".join(f"id: 1\ndata: {json.dumps(s.body, ensure_ascii=False)}\n\n" for s in TURN).encode())
NAMES = ("token", "session", "upload", "state", "turn", "submit", "look", "file", "download", "claim")
AFTER = draft(CLIP, title("Hi"))


def hold(script: Script, folder: Path, *says: str) -> tuple[list[Shown], StandIn]:
    """The conversation; "📎" brings a clip."""
    clock = FakeClock()
    (folder / "clip.mp4").write_bytes(b"x")
    shown: list[Shown] = []
    with standing_in(script, clock) as service:
        conversation = conversation_with(service, folder, clock)
        for words in says:
            files = [folder / "clip.mp4"] if words == "📎" else []
            shown += conversation.say(words.removeprefix("📎"), files)
        nothing_private(shown, conversation)
        conversation.close()
    return shown, service


def test_a_stream_that_breaks_off_after_any_number_of_bytes(tmp_path: Path) -> None:
    for cut_at in range(0, SIZE + 1, 23):
        script = Script(turns=[list(TURN)], timeline=draft(CLIP), cut_at=cut_at, later={2: AFTER})
        folder = tmp_path / str(cut_at)
        folder.mkdir()
        shown, service = hold(script, folder, "add a title")
        assert service.said == ["add a title"], cut_at
        seen = text_of(shown)
        if "resume" in service.asked or cut_at >= SIZE:
            assert [seen.count(words) for words in TOLD] == [1, 1, 1], (cut_at, seen)
            assert seen.index(TOLD[0]) < seen.index(TOLD[1]) < seen.index(TOLD[2])
        else:  # it had not told its number yet
            assert "✅ Title added: “Hi”" in seen, cut_at


@pytest.mark.parametrize("worked", [False, True], ids=["before it was heard", "after it was done"])
@pytest.mark.parametrize("name", NAMES)
def test_a_connection_that_breaks_off_at_any_request(name: str, worked: bool, tmp_path: Path) -> None:
    script = Script(turns=[[done("denoise"), text("Done.")]], answers={name: [Drop(worked=worked)]})
    shown, service = hold(script, tmp_path, "📎", "remove the noise", "export")
    assert len(service.said) <= 1
    assert len({body["id"] for body in service.submitted}) <= 1
    assert any(isinstance(one, Delivered | Trouble) for one in shown)
    if name not in ("session", "upload"):
        assert [one.path.read_bytes() for one in shown if isinstance(one, Delivered)] == [script.media]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "answer",
    [
        Raw(200, b""),
        Raw(200, b"\xff\xfe{", "application/json"),
        Raw(200, b'{"code":0,', "application/json", 9000),
        Raw(302, b""),
    ],
    ids=["empty", "no text", "cut off", "sent elsewhere"],
)
def test_an_answer_that_is_none_at_any_request(name: str, answer: Raw, tmp_path: Path) -> None:
    script = Script(turns=[[done("denoise"), text("Done.")]], answers={name: [answer]})
    shown, service = hold(script, tmp_path, "📎", "remove the noise", "export")
    assert len(service.said) <= 1
    assert any(isinstance(one, Delivered | Trouble) for one in shown)


def test_thirty_in_a_hundred_turns_are_silent(tmp_path: Path) -> None:
    """Every one of them is answered in words, and each is said once."""
    turns: list[list[Step]] = []
    says, timeline = [], [CLIP]
    for number in range(20):
        timeline = [*timeline, title(f"T{number}", 1, number)]
        steps: list[Step] = [_becomes(draft(CLIP, {**title("T"), "sg": [t["sg"][0] for t in timeline[1:]]}))]
        turns.append(steps if number % 10 in (1, 4, 7) else [*steps, done("text"), text(f"Answer {number}.")])
        says.append(f"add the title T{number}")
    shown, service = hold(Script(turns=turns, timeline=draft(CLIP)), tmp_path, *says)
    assert service.said == says
    seen = text_of(shown)
    for number in range(20):
        silent = number % 10 in (1, 4, 7)
        expected = f"✅ Title added: “T{number}”" if silent else f"Answer {number}."
        assert seen.count(expected) == 1, number


def _becomes(timeline: dict[str, object]) -> Does:
    return Does(lambda service: service.change(timeline))
