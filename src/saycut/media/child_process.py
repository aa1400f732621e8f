"""One child process: started fenced, watched by a guard, ended as a whole group."""

import fcntl
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec

from saycut.media.endings import Ending, StoppedBy
from saycut.watch import Watch

_LAUNCHER = Path(__file__).with_name("launcher.py")
_GRACE_S = 0.7  # between TERM and KILL; with the poll below a group is gone within a second
_POLL_S = 0.1
_PIPE_BYTES = 1 << 20
_TAIL_BYTES = 8192


class Limits(msgspec.Struct, frozen=True):
    """What a child may use; None means no limit. `memory_bytes` is address space, not resident memory."""

    memory_bytes: int | None = 2 << 30
    cpu_s: int | None = 600
    file_bytes: int | None = None
    wall_s: float | None = 3600.0
    open_files: int = 128


class ChildProcess:
    """A context: leaving it for any reason leaves no process of the group behind."""

    def __init__(
        self,
        argv: Sequence[str],
        limits: Limits,
        watch: Watch | None,
        reads: Sequence[Path],
        writes: Sequence[Path],
        *,
        feed: bool,
        devices: bool = False,
    ) -> None:
        if watch is not None:
            watch.check()
        for path in writes:
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600))
        self._writes = tuple(writes)
        self._watch = watch
        self._limits = limits
        self._tail = b""
        self._stopped_by: StoppedBy | None = None
        self._over = threading.Event()
        command = _command(argv, limits, reads, writes, devices)
        self._process: subprocess.Popen[bytes] = _spawn(
            lambda: subprocess.Popen(
                command,
                stdin=subprocess.PIPE if feed else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                env=_environment(),
                cwd="/",
                start_new_session=True,
            )
        )
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        self.stdout = self._process.stdout.fileno()
        self.stderr = self._process.stderr.fileno()
        self.stdin = self._process.stdin.fileno() if self._process.stdin is not None else -1
        for pipe in (self.stdout, self.stdin):
            if pipe >= 0:
                _widen(pipe)
        if self.stdin >= 0:
            os.set_blocking(self.stdin, False)
        self._guard = threading.Thread(target=self._stand_guard, name="child-guard", daemon=True)
        self._guard.start()

    def __enter__(self) -> "ChildProcess":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._over.is_set():
            self._stop(StoppedBy.CALLER)
            self.end()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()

    @property
    def pid(self) -> int:
        """Of the leader; also the number of its group."""
        return self._process.pid

    @property
    def stderr_tail(self) -> str:
        """The last 8 KiB that the child wrote to stderr."""
        return self._tail.decode("utf-8", "replace")

    def heard(self, piece: bytes) -> None:
        """Keep the end of what the child says on stderr."""
        self._tail = (self._tail + piece)[-_TAIL_BYTES:]

    def read(self, pipe: int, count: int) -> bytes:
        return os.read(pipe, count)

    def write(self, data: memoryview) -> int | None:
        """How many bytes the child took now; None when it has closed its stdin."""
        try:
            return os.write(self.stdin, data)
        except BlockingIOError:
            return 0
        except BrokenPipeError:
            return None

    def close_stdin(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()

    def end(self) -> int:
        """Wait for the child, kill what is left of its group, and give its status (-n: signal n)."""
        os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)
        self._over.set()
        self._guard.join()
        self._signal(signal.SIGKILL)  # the leader is not reaped yet: its group id cannot be anybody else's
        return self._process.wait()

    def ending(self, status: int) -> Ending:
        """How it ended, for `endings.check_ending`."""
        return Ending(status, self.stderr_tail, self._stopped_by, self._limits_said(), self._writes)

    def _limits_said(self) -> dict[str, float | int | None]:
        return {"cpu_s": self._limits.cpu_s, "wall_s": self._limits.wall_s}

    def _stand_guard(self) -> None:
        """Until the child is over: stop it when the person or the clock says so."""
        wall_s = self._limits.wall_s
        deadline = None if wall_s is None else time.monotonic() + wall_s
        while not self._over.wait(_POLL_S):
            if self._watch is not None and self._watch.cancelled:
                return self._stop(StoppedBy.PERSON)
            if deadline is not None and time.monotonic() > deadline:
                return self._stop(StoppedBy.CLOCK)
        return None

    def _stop(self, by: StoppedBy) -> None:
        self._stopped_by = self._stopped_by or by
        self._signal(signal.SIGTERM)
        deadline = time.monotonic() + _GRACE_S
        while time.monotonic() < deadline and not self._leader_gone():
            time.sleep(0.01)
        self._signal(signal.SIGKILL)  # also for children of a leader that has gone and left them behind

    def _leader_gone(self) -> bool:
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None

    def _signal(self, which: signal.Signals) -> None:
        try:
            os.killpg(self.pid, which)
        except (ProcessLookupError, PermissionError):  # gone already; or a zombie alone in its group
            return


def _command(
    argv: Sequence[str], limits: Limits, reads: Sequence[Path], writes: Sequence[Path], devices: bool
) -> list[str]:
    fence: dict[str, Any] = {
        "parent": os.getpid(),
        "memory_bytes": limits.memory_bytes,
        "cpu_s": limits.cpu_s,
        "file_bytes": limits.file_bytes,
        "open_files": limits.open_files,
        "reads": [os.fspath(path.absolute()) for path in (Path(argv[0]).parent, *reads)],
        "devices": devices,
        "writes": [os.fspath(path.absolute()) for path in writes],
    }
    return [sys.executable, "-I", "-S", str(_LAUNCHER), json.dumps(fence), "--", *argv]


def _environment() -> dict[str, str]:
    """All that a child inherits. Libraries that would start a thread per core are told not to."""
    return {
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": "/nonexistent",
        "MALLOC_ARENA_MAX": "2",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _widen(pipe: int) -> None:
    """Fewer turns between two busy processes; refused by some systems, and then merely slower."""
    try:
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    except (OSError, AttributeError):
        return


# The death signal of Linux fires when the *thread* that started the child ends, so every child
# is started by one thread that lives as long as the process (see prctl(2), PR_SET_PDEATHSIG).
_requests: "queue.SimpleQueue[tuple[Callable[[], Any], queue.SimpleQueue[Any]]]" = queue.SimpleQueue()
_starter: tuple[int, threading.Thread] | None = None
_starter_lock = threading.Lock()


def _spawn(start: Callable[[], "subprocess.Popen[bytes]"]) -> "subprocess.Popen[bytes]":
    global _starter, _requests  # noqa: PLW0603 - one starter thread per process, remade after a fork
    with _starter_lock:
        if _starter is None or _starter[0] != os.getpid():
            _requests = queue.SimpleQueue()
            thread = threading.Thread(
                target=_serve_starts, args=(_requests,), name="child-starter", daemon=True
            )
            thread.start()
            _starter = (os.getpid(), thread)
    answer: queue.SimpleQueue[subprocess.Popen[bytes] | BaseException] = queue.SimpleQueue()
    _requests.put((start, answer))
    result = answer.get()
    if isinstance(result, BaseException):
        raise result
    return result


def _serve_starts(requests: "queue.SimpleQueue[tuple[Callable[[], Any], queue.SimpleQueue[Any]]]") -> None:
    while True:
        start, answer = requests.get()
        try:
            answer.put(start())
        except BaseException as error:  # handed to the thread that asked
            answer.put(error)
