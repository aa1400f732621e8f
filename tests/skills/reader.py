"""A reader who does what a page says, block by block, each in a shell of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.skills.pages import Step, at, events, last_id, operations
from tests.waiting import until

RENDER_PATIENCE_S = 300.0
_PROGRAMS = Path(sys.executable).parent


class Reader:
    """Somebody with a home, a folder with files, and perhaps the program and a service."""

    def __init__(self, home: Path, folder: Path, *, installed: bool, **environment: str) -> None:
        path = f"{_PROGRAMS}{os.pathsep}{os.environ['PATH']}" if installed else os.environ["PATH"]
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("NEMO", "SAYCUT"))}
        self._environment = {**kept, "PATH": path, "HOME": str(home), **environment}
        self.home, self.folder = home, folder
        self.known: dict[str, str] = {}
        self.done: dict[str, list[str]] = {}
        """Every sentence that was said, and the operations that it became."""
        self.answers: list[str] = []
        """Everything that was printed; nobody else sees anything."""

    def follow(self, page: Iterable[Step]) -> None:
        """Do all of it."""
        for step in page:
            answer = self._repeated(step) if step.is_repeated else self._done(step.block)
            self._judge(step, answer)
            if step.sentence is not None:
                self.done[step.sentence] = operations(answer)
            for name, path in step.kept.items():
                self.known[name] = self._found(answer, path)

    def _repeated(self, step: Step) -> str:
        said: list[str] = []

        def over() -> bool:
            said.append(self._done(step.block))
            return json.loads(said[-1])["status"] in ("completed", "failed")

        until("the end of the render", over, RENDER_PATIENCE_S)
        assert json.loads(said[-1])["status"] == "completed", said[-1]
        return said[-1]

    def _done(self, block: str) -> str:
        for name, value in self.known.items():
            block = block.replace(name, value)
        done = subprocess.run(
            ["/bin/sh", "-ec", block],
            cwd=self.folder,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        self.answers += [done.stdout, done.stderr]
        assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def _judge(self, step: Step, answer: str) -> None:
        """It did what the page says it does."""
        if step.prints is not None:
            assert step.prints in answer, f"{step.block}\n{answer}"
        if answer.startswith("{"):
            for line in json_values(answer):
                assert line.get("code", 0) == 0 and "error" not in line, f"{step.block}\n{answer}"
        for event in events(answer):
            assert "errorCode" not in event and "error" not in event, f"{step.block}\n{answer}"
            assert "choices" not in event.get("customMetadata", {}), f"a question: {answer}"
        for name in step.results:
            assert (self.folder / name).exists(), f"{step.block}\nmade no {name}"

    @staticmethod
    def _found(answer: str, path: str) -> str:
        if path == "line":
            return answer.strip()
        if path == "id":
            return last_id(answer)
        told = events(answer)
        return str(at(told[-1] if told else json.loads(answer), path))


def json_values(answer: str) -> list[Any]:
    """The objects that were printed one after the other."""
    values, decoder, place = [], json.JSONDecoder(), 0
    while place < len(answer.rstrip()):
        value, place = decoder.raw_decode(answer, place)
        values.append(value)
        place += len(answer[place:]) - len(answer[place:].lstrip())
    return values
