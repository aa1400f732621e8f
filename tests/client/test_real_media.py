"""The four jobs on real recordings, from an empty config folder to the file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from saycut.client import Address, Conversation, Delivered, Skill, Trouble
from saycut.media.probe import probe
from tests.client.seeing import nothing_private, text_of
from tests.http.server import Server, serving
from tests.shared import shared_data

FILM, SPEECH, VOICE = "media/film_dialogue_1940.mp4", "media/noisy_speech.wav", "media/jfk.wav"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("service")) as running:
        yield running


@pytest.mark.parametrize(
    ("words", "files", "has_sound"),
    [
        ("replace the original audio with jfk.wav and send me the video", (FILM, VOICE), True),
        pytest.param(
            "remove background noise, trim silence, and sync audio to video, then export",
            (SPEECH,),
            True,
            marks=pytest.mark.soak,
        ),
        ("remove all audio from this video and export it silent", (FILM,), False),
        pytest.param("把版权音乐去掉，换成免版税的背景音乐，然后导出", (FILM,), True, marks=pytest.mark.soak),
    ],
    ids=["replace", "edit", "remove", "music"],
)
def test_a_job(words: str, files: tuple[str, ...], has_sound: bool, server: Server, tmp_path: Path) -> None:
    paths = [shared_data(name) for name in files]
    conversation = Conversation(
        Address(server.address, server.address), Skill("tests", "1"), home=tmp_path / "home", folder=tmp_path
    )
    shown = list(conversation.say(words, paths))
    nothing_private(shown, conversation)
    conversation.close()
    assert not [one for one in shown if isinstance(one, Trouble)], text_of(shown)
    (delivered,) = [one for one in shown if isinstance(one, Delivered)]
    info = probe(delivered.path)
    assert delivered.path.name == f"{paths[0].stem}.mp4"
    assert info.video is not None and (info.audio is not None) == has_sound
