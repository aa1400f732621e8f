"""`saycut chat`: the conversation in a terminal, or line by line when there is none."""

import argparse
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

from saycut import __version__
from saycut.cli import chat_words as words
from saycut.cli.chat_lines import Lines, lines_of
from saycut.cli.chat_screen import Screen, screen_of
from saycut.client.address import Address, Skill, address_of
from saycut.client.batch import Job
from saycut.client.conversation import Conversation
from saycut.client.failures import BadAddress
from saycut.client.identity import config_folder
from saycut.client.shown import Link, Question, Shown, Suggestions, Trouble
from saycut.errors import Usage

_EMBEDDED = "this machine"  # what is remembered of a service whose port is another every time
_REFUSED = 3


def chat(options: argparse.Namespace) -> int:
    """Talk until the person goes. 3 when something was refused and nobody was there to be asked."""
    language = options.lang or ("zh" if os.environ.get("LANG", "").startswith("zh") else "en")
    home = config_folder(os.environ)
    with ExitStack() as stack:
        screen = stack.enter_context(screen_of(options))
        lines = lines_of(home, Path.cwd(), language)
        address = _address(options, stack)
        skill = Skill("saycut-chat", __version__)
        conversation = Conversation(address, skill, home=home, folder=Path.cwd(), language=language)
        stack.callback(conversation.close)
        is_own = address.known_as == _EMBEDDED
        return Chat(conversation, screen, lines, is_own=is_own).run(options.files)


def _address(options: argparse.Namespace, stack: ExitStack) -> Address:
    try:
        address = address_of(os.environ, options.server)
    except BadAddress as error:
        raise Usage(reason=str(error), reason_zh="需要形如 https://example.org 的地址") from None
    if address is not None:
        return address
    from saycut.http.embedded import Embedded
    from saycut.service.configuration import configured

    flags = {"data_dir": options.data_dir, "port": 0, "host": "127.0.0.1"}
    service = stack.enter_context(Embedded(configured(flags).settings))
    return Address(service.address, service.address, token=service.token, name=_EMBEDDED)


class Chat:
    """One person at one conversation."""

    def __init__(
        self, conversation: Conversation, screen: Screen, lines: Lines, *, is_own: bool = False
    ) -> None:
        """`is_own`: the service goes when this program goes."""
        self._is_own = is_own
        self._conversation = conversation
        self._screen = screen
        self._lines = lines
        self._choices: tuple[str, ...] = ()
        self._troubled = False
        self._commands: dict[str, Callable[[str], Iterable[Shown]]] = {
            "undo": lambda _: conversation.undo(),
            "redo": lambda _: conversation.redo(),
            "versions": lambda _: conversation.versions(),
            "name": conversation.name_version,
            "restore": conversation.restore_version,
            "export": lambda said: conversation.export(said.lstrip(".") or "mp4"),
            "status": lambda _: conversation.status(),
            "credits": lambda _: conversation.credits(),
            "batch": self._batch,
        }

    def run(self, files: list[Path]) -> int:
        """Finish what was left, take the files, then whatever is said."""
        self._show(self._conversation.begin(files[0].stem if files else ""))
        self._finish_earlier()
        if files:
            self._show(self._conversation.add(files))
        for line in self._lines:
            if line in ("/quit", "/exit"):
                break
            self._said(line)
        if self._conversation.unfinished():
            self._screen.note(words.LEFT.said(self._conversation.language))
        return _REFUSED if self._troubled and not self._lines.is_a_person else 0

    def _said(self, line: str) -> None:
        name, _, rest = line.removeprefix("/").partition(" ")
        if line == "/help":
            self._screen.note(words.HELP.said(self._conversation.language))
        elif line.startswith("/") and name in self._commands:
            self._show(self._commands[name](rest.strip()))
        elif line.startswith("/") and not Path(line.split(maxsplit=1)[0]).exists():
            self._screen.note(words.NO_COMMAND.said(self._conversation.language))
        else:
            self._show(self._conversation.say(self._chosen(line)))

    def _chosen(self, line: str) -> str:
        """A number stands for the choice that was shown with it."""
        number = int(line) - 1 if line.isascii() and line.isdigit() and len(line) < 4 else -1
        return self._choices[number] if 0 <= number < len(self._choices) else line

    def _finish_earlier(self) -> None:
        """Renders that were never delivered. Leaving one now leaves it for the next time."""
        for render in self._conversation.unfinished():
            self._screen.note(words.EARLIER.said(self._conversation.language).format(name=render.name))
            self._show(self._conversation.finish(render), leave=True)

    def _batch(self, first: str) -> Iterable[Shown]:
        """A line a file: `talk.mp4: remove the noise`; an empty one begins the work."""
        said = [first] if first else []
        if not first:
            self._screen.note(words.BATCH.said(self._conversation.language))
            said = list(iter(self._lines.next, ""))
        jobs = []
        for line in said:
            name, colon, what = line.replace("：", ":").partition(":")
            if not (colon and what.strip()):
                return [Trouble(words.NO_JOB.said(self._conversation.language).format(line=line), "usage")]
            jobs.append(Job(Path(name.strip()).expanduser(), what.strip()))
        return self._conversation.batch(jobs)

    def _show(self, shown: Iterable[Shown], *, leave: bool = False) -> None:
        """Everything as it comes. Ctrl-C stops what is being done; with `leave` it is only left alone."""
        stopped = False

        def on_interrupt() -> None:
            nonlocal stopped
            stopped = True
            if not leave:
                self._conversation.cancel()

        with _interrupts(on_interrupt):
            for one in shown:
                if isinstance(one, Question | Suggestions):
                    self._choices = one.choices
                self._troubled = self._troubled or isinstance(one, Trouble)
                if not (self._is_own and isinstance(one, Link)):  # it would lead nowhere a moment later
                    self._screen.show(one)
                if leave and stopped:
                    _closed(shown)
                    break
        self._screen.rest()


def _closed(shown: Iterable[Shown]) -> None:
    close = getattr(shown, "close", None)
    if close is not None:
        close()


@contextmanager
def _interrupts(on_interrupt: Callable[[], None]) -> Iterator[None]:
    """Ctrl-C calls that, once; a second one ends the program."""

    def hear(number: int, _: FrameType | None) -> None:
        signal.signal(number, before)
        on_interrupt()

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGINT, hear)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
