"""Every child process of Saycut starts here: with limits, without a network, killed whole.

The fence itself (limits, namespace, Landlock, death signal) is built by `launcher.py` inside the
child. This module feeds and drains the child, watches the clock and the person's wish to stop,
and turns the ways in which a child can end into the errors a person reads.
"""

import json
import selectors
import subprocess
import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import msgspec

from saycut.errors import EngineFailed
from saycut.media.child_process import ChildProcess, Limits
from saycut.media.endings import check_ending
from saycut.watch import Watch

__all__ = ["Finished", "Limits", "network_isolation", "run", "stream"]

_PIECE_BYTES = 1 << 18
_COLLECTED_BYTES = 256 << 20  # no answer of ours is larger; a child that talks more is broken


class Finished(msgspec.Struct, frozen=True):
    """A child that ended as asked: exit status, stdout (when not streamed) and the end of its stderr."""

    status: int
    stdout: bytes
    stderr_tail: str


def run(
    argv: Sequence[str],
    *,
    limits: Limits,
    stdin: Iterable[bytes] | None = None,
    on_stdout: Callable[[bytes], None] | None = None,
    watch: Watch | None = None,
    reads: Sequence[Path] = (),
    writes: Sequence[Path] = (),
    accept: Sequence[int] = (0,),
    devices: bool = False,
) -> Finished:
    """Run `argv` to its end; blocks.

    `stdin` is pulled while the child runs and may be endless; `on_stdout` gets bytes as they
    come (then `Finished.stdout` is empty). `reads` (files, folders) and `writes` (files; made
    when absent) are all the child may touch where the system can hold it to that (Landlock); with
    `devices` also the chips that encode pictures.

    Raises Cancelled (whole group killed within 2 s), LimitExceeded, DiskFull, or EngineFailed with
    the last line of stderr for an exit status outside `accept`. An exception from `stdin` or
    `on_stdout` kills the child and passes on.
    """
    collected: list[bytes] = []
    total = 0
    with ChildProcess(argv, limits, watch, reads, writes, feed=stdin is not None, devices=devices) as child:
        for piece in _converse(child, iter(stdin) if stdin is not None else None):
            if on_stdout is not None:
                on_stdout(piece)
                continue
            total += len(piece)
            if total > _COLLECTED_BYTES:
                raise EngineFailed(reason="it answered with more than any answer can hold")
            collected.append(piece)
        status = child.end()
    check_ending(child.ending(status), accept)
    return Finished(status, b"".join(collected), child.stderr_tail)


def stream(
    argv: Sequence[str],
    *,
    limits: Limits,
    watch: Watch | None = None,
    reads: Sequence[Path] = (),
    on_end: Callable[[Finished], None] | None = None,
    accept: Sequence[int] = (0,),
) -> Generator[bytes, None, None]:
    """The child's stdout in pieces as they come. Closing the generator early kills the child.

    `on_end` hears how it ended, before the stream ends. Raises as `run`, where the stream breaks.
    """
    with ChildProcess(argv, limits, watch, reads, (), feed=False) as child:
        for piece in _converse(child, None):
            if watch is not None:
                watch.check()  # a quick child may be over before its guard looks, and much still in the pipe
            yield piece
        status = child.end()
    check_ending(child.ending(status), accept)
    if on_end is not None:
        on_end(Finished(status, b"", child.stderr_tail))


def _converse(child: ChildProcess, source: Iterator[bytes] | None) -> Generator[bytes, None, None]:
    """Drain stdout (yielded) and stderr (kept) while feeding stdin, until the child closes both."""
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        selector.register(child.stderr, selectors.EVENT_READ)
        if source is not None:
            selector.register(child.stdin, selectors.EVENT_WRITE)
        try:
            yield from _until_silent(child, source, selector)
        finally:
            close = getattr(source, "close", None)  # a stream that nobody reads to its end may hold a child
            if close is not None:
                close()


def _until_silent(
    child: ChildProcess, source: Iterator[bytes] | None, selector: selectors.BaseSelector
) -> Generator[bytes, None, None]:
    waiting = memoryview(b"")
    open_ends = 2
    while open_ends:
        for key, _ in selector.select():
            if key.fd == child.stdin:
                assert source is not None
                waiting = _feed(child, source, waiting, selector)
                continue
            piece = child.read(key.fd, _PIECE_BYTES)
            if not piece:
                selector.unregister(key.fd)
                open_ends -= 1
            elif key.fd == child.stdout:
                yield piece
            else:
                child.heard(piece)


def _feed(
    child: ChildProcess, source: Iterator[bytes], waiting: memoryview, selector: selectors.BaseSelector
) -> memoryview:
    """Write what is waiting, or the next piece; close stdin when there is no more or nobody reads."""
    while not waiting:
        piece = next(source, None)
        if piece is None:
            selector.unregister(child.stdin)
            child.close_stdin()
            return waiting
        waiting = memoryview(piece)
    written = child.write(waiting)
    if written is None:  # the child closed its end: its exit status tells why
        selector.unregister(child.stdin)
        child.close_stdin()
        return memoryview(b"")
    return waiting[written:]


@lru_cache(maxsize=1)
def isolation() -> dict[str, str | int]:
    """What this system offers: "network" (see `network_isolation`) and "landlock" (its ABI, 0 for none)."""
    launcher = Path(__file__).with_name("launcher.py")
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(launcher), "--isolation"],
        capture_output=True,
        check=True,
        timeout=30,
    )
    answer: dict[str, str | int] = json.loads(done.stdout)
    return answer


def network_isolation() -> str:
    """How children are kept from the network: "namespace", "landlock" (TCP only) or "allow-lists only"."""
    return str(isolation()["network"])
