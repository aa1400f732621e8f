"""How the parent talks with our child programs (`media/child`): a request in, an answer or a refusal out."""

import json
import signal
import sys
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

from saycut.errors import EngineFailed, SaycutError
from saycut.media import refusals, sandbox
from saycut.media.sandbox import Finished, Limits
from saycut.watch import Watch
from saycut.words import Words

_PROGRAMS = Path(__file__).parent / "child" / "main.py"
_PACKAGE_ROOT = Path(__file__).parents[2]
REFUSED_STATUS = 3
# A parser that crashes was fed something broken: the file's fault as far as a person is concerned.
_CRASHES = tuple(-which for which in (signal.SIGSEGV, signal.SIGABRT, signal.SIGFPE, signal.SIGILL))
_ENDINGS = (0, REFUSED_STATUS, *_CRASHES)

# Address space, of which most is never touched: libraries map far more than they use.
CHILD_LIMITS = Limits(memory_bytes=3 << 30, cpu_s=900, wall_s=3600.0)


def answer_of(
    program: str,
    path: Path,
    request: dict[str, Any],
    *,
    watch: Watch | None = None,
    limits: Limits = CHILD_LIMITS,
    beside: tuple[Path, ...] = (),
    writes: tuple[Path, ...] = (),
) -> bytes:
    """What `program` answers about the file at `path`, with the files `beside` it open to it too.

    `writes` are the files it makes.
    Raises the refusal it gives, or as `sandbox.run`.
    """
    reads = [*_reads(path), *beside]
    done = sandbox.run(
        _argv(program, path, request),
        limits=limits,
        watch=watch,
        reads=reads,
        writes=writes,
        accept=_ENDINGS,
    )
    if done.status != 0:
        raise _refusal(done, path)
    return done.stdout


def stream_of(
    program: str,
    path: Path,
    request: dict[str, Any],
    *,
    watch: Watch | None = None,
    limits: Limits = CHILD_LIMITS,
    on_report: Callable[[dict[str, Any]], None] | None = None,
) -> Generator[bytes, None, None]:
    """What `program` streams; `on_report` gets the report that it leaves at the end."""

    def ended(done: Finished) -> None:
        if done.status != 0:
            raise _refusal(done, path)
        if on_report is not None:
            on_report(_last_json(done))

    return sandbox.stream(
        _argv(program, path, request),
        limits=limits,
        watch=watch,
        reads=_reads(path),
        on_end=ended,
        accept=_ENDINGS,
    )


def _argv(program: str, path: Path, request: dict[str, Any]) -> list[str]:
    asked = json.dumps({**request, "path": str(path.absolute())})
    return [sys.executable, "-I", str(_PROGRAMS), program, asked]


def _reads(path: Path) -> list[Path]:
    """The file itself and what a Python needs to start."""
    return [path, Path(sys.prefix), Path(sys.base_prefix), _PACKAGE_ROOT]


def _last_json(done: Finished) -> dict[str, Any]:
    for line in reversed(done.stderr_tail.splitlines()):
        if line.startswith("{"):
            found: dict[str, Any] = json.loads(line)
            return found
    raise EngineFailed(reason="a child program left no report")


def _refusal(done: Finished, path: Path) -> SaycutError:
    if done.status in _CRASHES:
        return refusals.unreadable(path, refusals.DAMAGED)
    said = _last_json(done)
    words = Words(said["en"], said["zh"])
    if said["refused"] == "unsupported":
        return refusals.unsupported(path, words)
    if said["refused"] == "limit":
        return refusals.too_much(path, words)
    return refusals.unreadable(path, words)
