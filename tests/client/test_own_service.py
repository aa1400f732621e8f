"""The whole conversation against our own service, from an empty folder to the delivered file."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from saycut.client import (
    Address,
    Conversation,
    Delivered,
    Job,
    Link,
    Question,
    Shown,
    Skill,
    Suggestions,
    Text,
)
from saycut.client.changes import changes
from saycut.media.probe import probe
from tests.client.seeing import nothing_private, text_of
from tests.factory import Clip, Picture, make
from tests.http.server import Server, serving


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("service")) as running:
        yield running


@pytest.fixture
def conversation(server: Server, tmp_path: Path) -> Iterator[Conversation]:
    (tmp_path / "results").mkdir()
    address = Address(server.address, server.address)
    made = Conversation(
        address, Skill("tests", "1"), home=tmp_path / "config" / "saycut", folder=tmp_path / "results"
    )
    yield made
    made.close()


def seen(conversation: Conversation, text: str, *files: Path) -> list[Shown]:
    shown = list(conversation.say(text, files))
    nothing_private(shown, conversation)
    return shown


def delivered(shown: list[Shown]) -> Path:
    files = [one for one in shown if isinstance(one, Delivered)]
    assert len(files) == 1, text_of(shown)
    (found,) = files
    assert found.path.stat().st_size == found.size_bytes
    return found.path


def test_audio_remover(conversation: Conversation, tmp_path: Path) -> None:
    clip = make("cfr30")
    shown = seen(conversation, "remove all audio from this video and export it silent", clip)
    assert [one.text for one in shown[:1]] == ["Connecting…"]
    assert isinstance(shown[1], Text) and shown[1].text.startswith("Ready.")
    path = delivered(shown)
    assert path == tmp_path / "results" / clip.name
    assert probe(path).audio is None
    links = [one.url for one in shown if isinstance(one, Link)]
    assert len(links) == 1 and "/workspace/claim?ct=clm_" in links[0]


def test_audio_editor(conversation: Conversation) -> None:
    shown = seen(conversation, "remove background noise and trim the silences", make("pauses"))
    assert "✅" in text_of(shown)
    assert isinstance(shown[-1], Suggestions)
    assert 2 <= len(shown[-1].choices) <= 3 and shown[-1].choices[-1] == "export"
    path = delivered(seen(conversation, "export"))
    assert probe(path).duration_s < probe(make("pauses")).duration_s


def test_audio_replacer(conversation: Conversation, tmp_path: Path) -> None:
    voice = tmp_path / "results" / "voice.wav"
    voice.write_bytes(make("wav").read_bytes())
    seen(conversation, "", make("cfr30"))
    shown = seen(conversation, "replace the audio with voice.wav and send me the video")
    assert "📎 voice.wav" in text_of(shown)  # named in the words, and lying in the folder
    assert probe(delivered(shown)).audio is not None


def test_music_remover_in_chinese(conversation: Conversation) -> None:
    shown = seen(conversation, "去掉背景音乐，加一段免版税的音乐，然后导出", make("speech"))
    assert text_of(shown).startswith("正在连接…")
    assert "成片完成" in text_of(shown)
    assert probe(delivered(shown)).video is not None


def test_refining_and_undoing(conversation: Conversation) -> None:
    seen(conversation, "mute it", make("cfr30"))
    assert "muted" in text_of(seen(conversation, "status"))
    assert "95" in text_of(seen(conversation, "how many credits do I have left?"))
    assert "Undone" in text_of(list(conversation.undo()))
    assert "muted" not in text_of(seen(conversation, "show tracks"))
    assert "Done again" in text_of(list(conversation.redo()))
    list(conversation.name_version("silent"))
    seen(conversation, "unmute it")
    assert "“silent”" in text_of(list(conversation.versions()))
    assert "muted" in text_of(list(conversation.restore_version("silent")))
    assert "no version" in text_of(list(conversation.restore_version("another")))


def test_a_question_and_its_answer(conversation: Conversation) -> None:
    seen(conversation, "", make("speech"))
    asked = seen(conversation, "make it shorter")
    (question,) = [one for one in asked if isinstance(one, Question)]
    assert question.text
    assert text_of(seen(conversation, "trim the silences"))


def test_batch_in_one_session(conversation: Conversation, tmp_path: Path) -> None:
    jobs = [
        Job(make("cfr30"), "mute it"),
        Job(tmp_path / "missing.mp4", "mute it"),
        Job(make("pauses"), "trim the silences"),
        Job(make("wav"), "make it quieter by 6 dB", "mp3"),
    ]
    shown = list(conversation.batch(jobs))
    nothing_private(shown, conversation)
    paths = [one.path for one in shown if isinstance(one, Delivered)]
    assert [path.stem for path in paths] == [jobs[n].path.stem for n in (0, 2, 3)]
    assert probe(paths[0]).audio is None
    assert probe(paths[1]).duration_s < probe(jobs[2].path).duration_s
    assert paths[2].suffix == ".mp3" and probe(paths[2]).video is None
    assert "3 of 4 files" in text_of(shown) and "Not finished: missing.mp4." in text_of(shown)
    assert len(conversation.sessions()) == 1


def test_a_later_program_finishes_the_render(
    conversation: Conversation, server: Server, tmp_path: Path
) -> None:
    long = Clip(picture=Picture(width=1280, height=720, frames=300))  # it can be looked at while it renders
    seen(conversation, "mute it and turn it by 90 degrees", make(long))
    for shown in conversation.say("export"):
        if conversation.unfinished() and shown.text.startswith("⏳"):
            break  # the program is closed while it renders
    later = Conversation(
        Address(server.address, server.address),
        Skill("tests", "1"),
        home=tmp_path / "config" / "saycut",
        folder=tmp_path / "elsewhere",
    )
    (render,) = later.unfinished()
    path = delivered(list(later.finish(render)))
    assert path.parent == tmp_path / "results"
    assert later.unfinished() == []
    (session,) = later.sessions()
    assert "muted" in text_of(list(later.resume(session)))
    later.close()


def test_what_a_silent_turn_would_be_told_as(conversation: Conversation) -> None:
    """The states of our own service, compared: figures that are the turn's own."""
    wire, told = conversation._connection.wire, {}
    seen(conversation, "", make("pauses"))
    for words in (
        "remove the background noise and trim the silences",
        "lower the volume by 6 dB",
        "add a title “Hello” for 3 seconds",
        "mute it",
        "make it vertical",
        "add calm music",
    ):
        before = wire.state(conversation._connection.session_id)
        seen(conversation, words)
        after = wire.state(conversation._connection.session_id)
        told[words.split()[0]] = changes(before, after, "en")
        assert changes(after, after, "en") == []
        assert changes(before, after, "zh")
    assert told["remove"][0] == "Noise lowered on clip 1"
    assert re.fullmatch(r"\d+ pieces? cut out, −[\d.]+ s \(8 s → [\d.]+ s\)", told["remove"][1])
    assert told["lower"] == ["Volume of clip 1: 100% → 50%"]
    assert told["add"][0].startswith("Music added: ")
    assert told["mute"] == ["Sound of clip 1 off"]
    assert any(line.startswith("Picture 320×180 → ") for line in told["make"])
