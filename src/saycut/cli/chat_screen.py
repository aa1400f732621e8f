"""What a person sees of a conversation: colours and bars in a terminal, plain lines or JSON elsewhere.

Everything that is shown may come from a stranger (a service, a file's name): it is text, never an order to
the terminal, so control characters are taken out.
"""

import argparse
import dataclasses
import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from saycut.client.shown import (
    Delivered,
    Link,
    Progress,
    Question,
    Shown,
    StillWorking,
    Suggestions,
    Text,
    Trouble,
)

if TYPE_CHECKING:
    from rich.status import Status

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_STYLES: dict[type, str] = {Question: "bold", Delivered: "green", Link: "cyan", Trouble: "red"}


class Screen(Protocol):
    """Where values of a conversation are shown."""

    def show(self, shown: Shown) -> None:
        """One value."""
        ...

    def note(self, text: str) -> None:
        """Words of the chat itself."""
        ...

    def rest(self) -> None:
        """Nothing is under way any more."""
        ...


def harmless(text: str) -> str:
    """`text` without anything that a terminal would obey."""
    return _CONTROL.sub("", text)


def plain(shown: Shown) -> str:
    """A value as lines of text; choices are numbered, a link stands below its words."""
    lines = [shown.text]
    if isinstance(shown, Question | Suggestions):
        lines += [f"  {number}. {choice}" for number, choice in enumerate(shown.choices, 1)]
    if isinstance(shown, Link) and shown.url not in shown.text:
        lines.append(f"  {shown.url}")
    return harmless("\n".join(line for line in lines if line))


@contextmanager
def screen_of(options: argparse.Namespace) -> Iterator[Screen]:
    """As it was asked for, and as fits where the words go."""
    if options.json:
        yield _Json()
    elif sys.stdout.isatty():
        screen = _Terminal()
        try:
            yield screen
        finally:
            screen.rest()
    else:
        yield _Plain(quiet=options.quiet)


def as_data(shown: Shown) -> dict[str, object]:
    """A shown value for --json."""
    facts = dataclasses.asdict(shown)
    plainly = {key: str(value) if isinstance(value, Path) else value for key, value in facts.items()}
    return {"kind": type(shown).__name__.lower(), **plainly}


class _Plain:
    """A line each; of progress only where another stage begins."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._stage = ""

    def show(self, shown: Shown) -> None:
        """One value."""
        if isinstance(shown, Progress | StillWorking):
            stage = shown.stage if isinstance(shown, Progress) else shown.text
            if self._quiet or stage == self._stage:
                return
            self._stage = stage
        self.note(plain(shown))

    def note(self, text: str) -> None:
        """Words of the chat itself."""
        sys.stdout.write(text + "\n")
        sys.stdout.flush()

    def rest(self) -> None:
        """The next progress is another's."""
        self._stage = ""


class _Json:
    """One object a line."""

    def show(self, shown: Shown) -> None:
        """One value."""
        sys.stdout.write(json.dumps(as_data(shown), ensure_ascii=False) + "\n")
        sys.stdout.flush()

    def note(self, text: str) -> None:
        """Words of the chat itself are for people."""

    def rest(self) -> None:
        """Nothing to tidy up."""


class _Terminal:
    """Colours, and one line that moves while something is under way."""

    def __init__(self) -> None:
        from rich.console import Console

        self._console: Console = Console(highlight=False, markup=False, emoji=False)
        self._status: Status | None = None

    def show(self, shown: Shown) -> None:
        """One value."""
        if isinstance(shown, Progress | StillWorking):
            self._moving(harmless(shown.text))
            return
        self.rest()
        style = _STYLES.get(type(shown), "dim" if isinstance(shown, Suggestions) else "")
        self._console.print(plain(shown), style=style or None, soft_wrap=not isinstance(shown, Text))

    def note(self, text: str) -> None:
        """Words of the chat itself."""
        self.rest()
        self._console.print(text, style="dim")

    def rest(self) -> None:
        """The moving line goes."""
        if self._status is not None:
            self._status.stop()
            self._status = None

    def _moving(self, text: str) -> None:
        from rich.text import Text as RichText

        if self._status is None:
            self._status = self._console.status(RichText(text))
            self._status.start()
        else:
            self._status.update(RichText(text))
