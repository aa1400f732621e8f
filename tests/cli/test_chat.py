"""The chat through its door: lines piped in, a terminal, and what stands between."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from saycut.cli.chat_lines import completions
from saycut.cli.chat_screen import as_data, harmless, plain
from saycut.client.shown import Delivered, Link, Progress, Question, Text
from saycut.media.probe import open_source
from tests.factory import Clip, Picture, make
from tests.waiting import until

SHORT = Clip(picture=Picture(frames=60))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a clip, and a home of its own."""
    folder = tmp_path / "work"
    folder.mkdir()
    shutil.copy(make(SHORT), folder / "talk.mp4")
    return folder


def environment(place: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("SAYCUT_", "NEMO_"))}
    home = place.parent / "home"
    return {**kept, "HOME": str(home), "XDG_CONFIG_HOME": str(home / "c"), "XDG_DATA_HOME": str(home / "d")}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "saycut", "chat", *arguments]


def piped(place: Path, said: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments),
        input=said,
        capture_output=True,
        text=True,
        cwd=place,
        env=environment(place),
        timeout=200,
        check=False,
    )


def test_from_an_empty_machine_to_the_file(place: Path) -> None:
    done = piped(place, "strip the sound\n/status\nexport\n", "talk.mp4")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("Connecting…\n")
    assert "Timeline (1 track): 1. Video: talk.mp4 (0-2s, muted)" in done.stdout
    assert "talk 2.mp4" in done.stdout
    assert "clm_" not in done.stdout  # a link to a service that is gone a moment later
    assert done.stderr == ""
    assert open_source(place / "talk 2.mp4").info.audio is None
    assert open_source(place / "talk.mp4").info.audio is not None


def test_lines_of_json(place: Path) -> None:
    done = piped(place, "turn it by 90 degrees\n", "talk.mp4", "--json")
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert {"text", "suggestions"} <= {one["kind"] for one in told}
    assert all("text" in one for one in told)
    assert "say_" not in done.stdout


def test_in_chinese(place: Path) -> None:
    done = piped(place, "把声音全部去掉\n", "talk.mp4", "--lang", "zh")
    assert done.stdout.startswith("正在连接")
    assert "✅" in done.stdout


def test_what_goes_wrong_is_said_and_told_by_the_status(place: Path) -> None:
    (place / "notes.mp4").write_text("no film")
    done = piped(place, "", "notes.mp4")
    assert done.returncode == 3
    assert "Traceback" not in done.stdout + done.stderr
    assert not list(place.glob("* 2*"))


def test_no_such_command_and_help(place: Path) -> None:
    done = piped(place, "/fly\n/help\n/quit\nexport\n")
    assert done.returncode == 0
    assert "There is no such command" in done.stdout
    assert "/versions" in done.stdout
    assert "nothing to export" not in done.stdout.lower()  # after /quit nothing is heard


def test_undo_and_versions(place: Path) -> None:
    done = piped(
        place, "turn it by 90 degrees\n/name upright\n/undo\n/versions\n/restore upright\n", "talk.mp4"
    )
    assert "turn it by 90 degrees" in done.stdout
    assert "upright" in done.stdout
    assert done.returncode == 0, done.stdout


@pytest.mark.soak
def test_a_batch(place: Path) -> None:
    shutil.copy(place / "talk.mp4", place / "other.mp4")
    done = piped(place, "/batch\ntalk.mp4: strip the sound\nother.mp4: turn it by 90 degrees\n\n")
    assert done.returncode == 0, done.stdout
    silent, turned = (open_source(place / f"{name} 2.mp4").info for name in ("talk", "other"))
    assert silent.audio is None
    assert turned.video is not None
    assert (turned.video.display_width, turned.video.display_height) == (180, 320)


@pytest.mark.soak
def test_a_render_that_was_left_is_finished_the_next_time(place: Path) -> None:
    shutil.copy(make(Clip(picture=Picture(width=1280, height=720, frames=900))), place / "long.mp4")
    first = subprocess.Popen(
        command("long.mp4"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=place,
        env=environment(place),
    )
    assert first.stdin is not None
    assert first.stdout is not None
    first.stdin.write("turn it by 90 degrees\nexport\n")
    first.stdin.flush()
    asked = place.parent / "home" / "c" / "saycut" / "unfinished"
    until("the render is asked for", lambda: list(asked.glob("render-*.json")))
    first.send_signal(signal.SIGKILL)
    first.wait()
    first.stdin.close()
    first.stdout.close()
    assert not (place / "long 2.mp4").exists()
    done = piped(place, "")
    assert "was not delivered last time" in done.stdout
    assert open_source(place / "long 2.mp4").info.video is not None
    assert "was not delivered" not in piped(place, "").stdout


@pytest.mark.soak
def test_two_at_once_do_not_trip_over_each_other(place: Path) -> None:
    shutil.copy(place / "talk.mp4", place / "other.mp4")
    running = [
        subprocess.Popen(
            command(name),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=place,
            env=environment(place),
        )
        for name in ("talk.mp4", "other.mp4")
    ]
    for process in running:
        out, _ = process.communicate("turn it by 90 degrees\nexport\n", timeout=200)
        assert process.returncode == 0, out
    assert {path.name for path in place.glob("* 2.mp4")} == {"talk 2.mp4", "other 2.mp4"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/ex", ["/export"]),
        ("use ta", ["talk.mp4"]),
        ("use my", ['"my voice.wav"']),
        ('use "my v', ["my voice.wav"]),
        ("look in su", ["sub/"]),
        ("sub/", ["sub/clip.mov"]),
        ("use .h", [".hidden.mp4"]),
        ("use nothing", []),
        ("nowhere/x", []),
        ("", []),
        ("remove the ", []),
    ],
)
def test_completions(text: str, expected: list[str], tmp_path: Path) -> None:
    for name in ("talk.mp4", "my voice.wav", "sub/clip.mov", ".hidden.mp4"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert [name for name, _ in completions(text, tmp_path)] == expected


def test_what_a_stranger_says_is_no_order_to_the_terminal() -> None:
    hostile = "\x1b]0;owned\x07 \x1b[2J a\u202eb \x9b31m\r\nx\ty"
    assert harmless(hostile) == "]0;owned [2J ab 31m\nx\ty"
    assert "\x1b" not in plain(Question("\x1b[1mwhich?", ("\x1b[2J",)))


def test_how_values_are_written() -> None:
    assert plain(Question("which?", ("this", "that"))) == "which?\n  1. this\n  2. that"
    assert plain(Link("The project: http://x/y", "http://x/y", "project")) == "The project: http://x/y"
    assert plain(Link("Register:", "http://x/y", "register")) == "Register:\n  http://x/y"
    delivered = Delivered("ready", Path("/a/b.mp4"), 3, 1.5)
    assert as_data(delivered)["path"] == "/a/b.mp4"
    assert as_data(Progress("…", "render", 0.5)) == {
        "kind": "progress",
        "text": "…",
        "stage": "render",
        "fraction": 0.5,
    }
    assert as_data(Text("a"))["kind"] == "text"


class Tmux:
    """A terminal of its own, looked at and typed into."""

    def __init__(self, socket: Path, place: Path) -> None:
        self._socket = str(socket)
        words = " ".join(command("talk.mp4"))
        self._run(
            "new-session", "-d", "-x", "100", "-y", "50", "-c", str(place), words, env=environment(place)
        )

    def _run(self, *arguments: str, env: dict[str, str] | None = None) -> str:
        tmux = ["tmux", "-u", "-f", "/dev/null", "-S", self._socket, *arguments]
        return subprocess.run(tmux, capture_output=True, text=True, check=True, env=env).stdout

    def type(self, *keys: str) -> None:
        self._run("send-keys", *keys)

    def screen(self) -> str:
        """All that was shown, joined where it was wrapped."""
        return self._run("capture-pane", "-p", "-J", "-S", "-500")

    def shows(self, text: str) -> None:
        try:
            until(f"the screen shows “{text}”", lambda: text in self.screen(), 60)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.screen()}") from None

    def asks(self) -> None:
        """The last line is an empty prompt; a Ctrl-D that is typed before belongs to nobody and is lost."""
        until("it asks again", lambda: self.screen().rstrip().endswith("\n›"), 60)

    def is_there(self) -> bool:
        tmux = ["tmux", "-S", self._socket, "has-session"]
        return subprocess.run(tmux, capture_output=True, check=False).returncode == 0

    def close(self) -> None:
        if self.is_there():
            self._run("kill-server")


@pytest.fixture
def terminal(place: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tmux]:
    if shutil.which("tmux") is None:
        pytest.skip("there is no tmux here: a person's path through the chat is not tried")
    made = Tmux(tmp_path_factory.mktemp("t") / "s", place)
    yield made
    made.close()


def test_a_persons_path_in_a_terminal(terminal: Tmux, place: Path) -> None:
    terminal.shows("›")
    terminal.type("/st", "Tab")
    terminal.shows("› /status")
    terminal.type("Enter")
    terminal.shows("Timeline (1 track)")
    terminal.type("make it better", "Enter")  # vague: a question with choices
    terminal.shows("  2. ")
    terminal.type("turn it by 90 degrees", "Enter")
    terminal.shows("Next, you could say")
    terminal.type("/undo", "Enter")
    terminal.type("/versions", "Enter")
    terminal.shows("→ 1")
    terminal.type("half a lin", "C-c")  # the line goes, the chat stays
    terminal.type("Up", "Enter")  # the last line again
    terminal.type("strip the sound and export it", "Enter")
    terminal.shows("talk 2.mp4")
    terminal.asks()
    terminal.type("C-d")
    until("it is gone", lambda: not terminal.is_there())
    assert open_source(place / "talk 2.mp4").info.audio is None


def test_ctrl_c_stops_what_is_being_done(terminal: Tmux, place: Path) -> None:
    shutil.copy(make(Clip(picture=Picture(width=1280, height=720, frames=900))), place / "long.mp4")
    terminal.shows("›")
    terminal.type("add long.mp4 and turn everything by 90 degrees", "Enter")
    terminal.shows("Next, you could say")
    terminal.type("export", "Enter")
    terminal.shows("Rendering")
    terminal.type("C-c")
    terminal.shows("Stopped")
    terminal.type("/status", "Enter")  # and it listens
    terminal.shows("Timeline (1 track)")
    assert not list(place.glob("* 2.mp4"))
