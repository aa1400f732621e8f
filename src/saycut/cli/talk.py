"""What a person sees: progress and sentences on stderr, never on stdout."""

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from saycut.errors import SaycutError
from saycut.watch import OnProgress

STAGES = {
    "open": "Opening",
    "decode": "Reading the sound",
    "activity": "Finding speech",
    "align": "Comparing waveforms",
    "cancel": "Cancelling the music",
    "denoise": "Lowering noise",
    "isolate": "Keeping the voice",
    "compose": "Composing",
    "mix": "Mixing",
    "encode": "Encoding",
    "copy": "Copying the picture",
    "measure": "Measuring",
    "verify": "Checking",
}


@contextmanager
def progress(*, quiet: bool) -> Iterator[OnProgress | None]:
    """A bar with an estimate of what is left, a line a stage; nothing when stderr is no terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description:24}"), BarColumn(), TextColumn("{task.percentage:3.0f}%"))
    with Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def on_progress(stage: str, fraction: float) -> None:
            if stage not in tasks:
                for known in tasks.values():
                    bar.update(known, visible=False)
                tasks[stage] = bar.add_task(STAGES.get(stage, stage), total=1.0)
            bar.update(tasks[stage], completed=fraction, visible=True)

        yield on_progress


def say(text: str, options: argparse.Namespace) -> None:
    """One line of talk."""
    if not options.quiet:
        sys.stderr.write(text + "\n")


def result(text: str) -> None:
    """One line of result."""
    sys.stdout.write(text + "\n")


def result_json(value: object) -> None:
    """A result as one JSON object. A file name that is no UTF-8 comes as Python writes it: \\udcXX."""
    try:
        result(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())
    except UnicodeEncodeError:
        result(json.dumps(msgspec.to_builtins(value), indent=2))


def language_of(options: argparse.Namespace) -> str:
    """The language of messages: what was chosen, else that of the words, else English."""
    if options.lang:
        return str(options.lang)
    said = getattr(options, "say", None) or getattr(options, "text", None) or ""
    return "zh" if any("\u4e00" <= character <= "\u9fff" for character in said) else "en"


def error(problem: SaycutError, options: argparse.Namespace) -> None:
    """One sentence, a hint, and under --json the same as an object on stdout."""
    language = language_of(options)
    sentence, hint = problem.sentence(language), problem.hint(language)
    if options.json:
        told = {"code": problem.code, "message": sentence, "hint": hint, "exit_code": problem.exit_code}
        result_json({"error": told})
    sys.stderr.write(f"saycut: {sentence}\n")
    if hint:
        say(f"        {hint}", options)
