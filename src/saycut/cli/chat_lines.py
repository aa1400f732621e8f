"""What a person types: with history and completion in a terminal, else line by line."""

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from saycut.cli import chat_words as words

if TYPE_CHECKING:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import CompleteEvent, Completer, Completion
    from prompt_toolkit.document import Document

_COMMANDS = (
    "help",
    "undo",
    "redo",
    "versions",
    "name",
    "restore",
    "export",
    "status",
    "credits",
    "batch",
    "quit",
)
_HISTORY = "history"


class Lines(Protocol):
    """Lines that say something, until there are no more."""

    is_a_person: bool

    def __iter__(self) -> Iterator[str]: ...

    def next(self) -> str:
        """One line, maybe empty; "" at the end too."""
        ...


def lines_of(home: Path, folder: Path, language: str) -> Lines:
    """From a person when there is a terminal on both ends, else from whatever stands behind stdin."""
    if sys.stdin.isatty() and sys.stdout.isatty():
        return Typed(home, folder, language)
    return Piped()


class Piped:
    """Lines of a file or a program, one after the other."""

    is_a_person = False

    def __iter__(self) -> Iterator[str]:
        for line in sys.stdin:
            if line.strip():
                yield line.strip()

    def next(self) -> str:
        """One line, maybe empty."""
        return sys.stdin.readline().strip()


class Typed:
    """A prompt. Ctrl-C clears the line, Ctrl-D goes."""

    is_a_person = True

    def __init__(self, home: Path, folder: Path, language: str) -> None:
        self._home = home
        self._folder = folder
        self._language = language
        self._session: PromptSession[str] | None = None

    def __iter__(self) -> Iterator[str]:
        while True:
            try:
                line = self._asked()
            except KeyboardInterrupt:
                continue
            except EOFError:
                return
            if line:
                yield line

    def next(self) -> str:
        """One line, maybe empty."""
        try:
            return self._asked()
        except (KeyboardInterrupt, EOFError):
            return ""

    def _asked(self) -> str:
        from prompt_toolkit.history import FileHistory

        if self._session is None:
            from prompt_toolkit import PromptSession

            self._home.mkdir(parents=True, exist_ok=True, mode=0o700)
            history = self._home / _HISTORY
            os.close(os.open(history, os.O_WRONLY | os.O_CREAT, 0o600))  # what was said is nobody else's
            self._session = PromptSession(
                history=FileHistory(str(history)),
                completer=_completer(self._folder),
                complete_while_typing=False,
            )
        return self._session.prompt(words.PROMPT).strip()


def completions(text: str, folder: Path) -> Iterable[tuple[str, int]]:
    """What may stand in the place of the last word of `text`, and how many characters of it that replaces.

    A command at the beginning; else names of files in `folder`, in quotes where they hold a space.
    """
    if text.startswith("/") and " " not in text:
        yield from ((f"/{name}", len(text)) for name in _COMMANDS if name.startswith(text[1:]))
    quoted = text.count('"') % 2 == 1
    word = text.rpartition('"')[2] if quoted else text.rpartition(" ")[2]
    if not word and not quoted:
        return
    typed = Path(word).expanduser()
    place = folder / typed if word.endswith("/") else (folder / typed).parent
    begun = "" if word.endswith("/") else typed.name
    try:
        found = sorted(each for each in place.iterdir() if each.name.startswith(begun))
    except OSError:
        return
    for each in found:
        if each.name.startswith(".") and not begun.startswith("."):
            continue
        name = word.removesuffix(begun) + each.name + ("/" if each.is_dir() else "")
        yield (name if quoted or " " not in name else f'"{name}"', len(word))


def _completer(folder: Path) -> "Completer":
    from prompt_toolkit.completion import Completer, Completion

    class Names(Completer):
        """Commands and files."""

        def get_completions(self, document: "Document", _: "CompleteEvent") -> "Iterable[Completion]":
            for name, length in completions(document.text_before_cursor, folder):
                yield Completion(name, start_position=-length)

    return Names()
