"""What a child may do, how it ends, and that nothing of it is left."""

import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from saycut.errors import Cancelled, DiskFull, EngineFailed, LimitExceeded
from saycut.media.child_process import ChildProcess
from saycut.media.sandbox import Limits, isolation, network_isolation, run, stream
from saycut.watch import Watch

PYTHON_READS = [Path(sys.prefix), Path(sys.base_prefix)]
FREE = Limits()


def python(code: str) -> list[str]:
    return [sys.executable, "-I", "-S", "-c", code]


def test_a_child_answers_and_sees_a_scrubbed_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary")
    done = run(
        python("import os; print(sorted(os.environ)); print(os.getcwd())"), limits=FREE, reads=PYTHON_READS
    )
    assert b"AWS" not in done.stdout
    assert done.stdout.splitlines()[1] == b"/"


def test_stdin_is_streamed_while_stdout_comes_back() -> None:
    """Four times the pipe's size both ways at once: any order of reading that waits would hang here."""
    piece = bytes(range(256)) * 4096
    got = bytearray()
    run(["/bin/cat"], limits=FREE, stdin=(piece for _ in range(4)), on_stdout=got.extend)
    assert bytes(got) == piece * 4


def test_a_child_that_stops_reading_ends_the_feed_by_its_own_status() -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield bytes(1 << 20)

    assert run(["/bin/true"], limits=FREE, stdin=endless()).status == 0
    with pytest.raises(EngineFailed):
        run(["/bin/false"], limits=FREE, stdin=endless())


def test_much_stderr_neither_blocks_nor_grows() -> None:
    done = run(
        python("import sys\nfor k in range(20000): sys.stderr.write(f'line {k} ' + 'x' * 90 + '\\n')"),
        limits=FREE,
        reads=PYTHON_READS,
    )
    assert len(done.stderr_tail) <= 8192
    assert "line 19999" in done.stderr_tail


def test_the_last_line_of_stderr_is_the_reason() -> None:
    with pytest.raises(EngineFailed) as caught:
        run(
            python("import sys; print('first\\nsecond thing', file=sys.stderr); sys.exit(9)"),
            limits=FREE,
            reads=PYTHON_READS,
        )
    assert caught.value.facts["reason"] == "second thing"


@pytest.mark.parametrize(
    "code",
    [
        "while True: pass",  # computing
        "x = bytearray(4 << 30)",  # memory
        "import sys\nf = open(sys.argv[1], 'wb')\nwhile True: f.write(bytes(1 << 16))",  # file size
    ],
    ids=["cpu", "memory", "file"],
)
def test_limits_hold_inside(code: str, tmp_path: Path) -> None:
    limits = Limits(memory_bytes=1 << 30, cpu_s=1, file_bytes=1 << 20)
    out = tmp_path / "out"
    with pytest.raises(LimitExceeded):
        run([*python(code), str(out)], limits=limits, reads=PYTHON_READS, writes=[out])
    assert out.stat().st_size <= 1 << 20


def test_the_wall_clock_stops_a_sleeper() -> None:
    with pytest.raises(LimitExceeded):
        run(["/bin/sleep", "600"], limits=Limits(wall_s=0.2))


def test_no_core_file_and_few_open_files() -> None:
    code = "import resource as r; print(r.getrlimit(r.RLIMIT_CORE), r.getrlimit(r.RLIMIT_NOFILE))"
    done = run(python(code), limits=Limits(open_files=33), reads=PYTHON_READS)
    assert done.stdout.split() == b"(0, 0) (33, 33)".split()


@pytest.mark.skipif(not isolation()["landlock"], reason="this kernel has no Landlock")
def test_only_named_files_can_be_touched(tmp_path: Path) -> None:
    secret, allowed, out = tmp_path / "secret", tmp_path / "allowed", tmp_path / "out"
    secret.write_text("canary")
    allowed.write_text("hello")
    code = (
        "import sys\n"
        "for name, mode in zip(sys.argv[1:], ('r', 'r', 'w', 'w')):\n"
        "    try: print(open(name, mode).mode)\n"
        "    except OSError as error: print(error.errno)\n"
    )
    done = run(
        [*python(code), str(allowed), str(secret), str(out), str(tmp_path / "new")],
        limits=FREE,
        reads=[*PYTHON_READS, allowed],
        writes=[out],
    )
    assert done.stdout.split() == [b"r", b"13", b"w", b"13"]
    assert not (tmp_path / "new").exists()


@pytest.mark.skipif(network_isolation() == "allow-lists only", reason="this system cannot cut a child off")
def test_a_listener_on_this_machine_is_out_of_reach() -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as canary:
        port = canary.getsockname()[1]
        with pytest.raises(EngineFailed):
            run(
                python(f"import socket; socket.create_connection(('127.0.0.1', {port}), 5)"),
                limits=FREE,
                reads=PYTHON_READS,
            )
        canary.setblocking(False)
        with pytest.raises(BlockingIOError):
            canary.accept()


STUBBORN = (
    "import os, signal, time\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "child = os.fork()\n"
    "print(os.getpid() if child else 0, child, flush=True) if child else None\n"
    "time.sleep(600)\n"
)


def gone(descriptor: int) -> bool:
    """Whether the process of a pidfd ends (waits for the kernel to say so, at most ten seconds)."""
    return bool(select.select([descriptor], [], [], 10)[0])


def test_cancel_kills_the_whole_group_even_when_it_ignores_the_request() -> None:
    watch = Watch()
    held: list[int] = []

    def heard(piece: bytes) -> None:
        held.extend(os.pidfd_open(int(word)) for word in piece.split())
        watch.cancel()

    with pytest.raises(Cancelled):
        run(python(STUBBORN), limits=FREE, watch=watch, on_stdout=heard, reads=PYTHON_READS)
    assert len(held) == 2
    assert all(gone(descriptor) for descriptor in held)


def test_a_cancelled_watch_starts_nothing() -> None:
    watch = Watch()
    watch.cancel()
    with pytest.raises(Cancelled):
        run(["/bin/true"], limits=FREE, watch=watch)


def test_cancel_reaches_a_child_while_its_feeder_is_busy() -> None:
    """The guard does not depend on the thread that feeds: here that one is stuck until the child has gone."""
    watch = Watch()
    ended = threading.Event()
    held: list[int] = []

    def blocks() -> Iterator[bytes]:
        watch.cancel()
        assert gone(held[0])
        ended.set()
        yield b"more"

    with ChildProcess(["/bin/sleep", "600"], FREE, watch, (), (), feed=False) as child:
        held.append(os.pidfd_open(child.pid))
        assert next(blocks()) == b"more"
    assert ended.is_set()


def test_closing_a_stream_early_kills_the_child() -> None:
    pieces = stream(
        python("import os\nprint(os.getpid(), flush=True)\nwhile True: print('x' * 1000)"),
        limits=FREE,
        reads=PYTHON_READS,
    )
    descriptor = os.pidfd_open(int(next(pieces).split()[0]))
    pieces.close()
    assert gone(descriptor)


def test_an_error_of_the_reader_kills_the_child_and_passes_on() -> None:
    held: list[int] = []

    def refuse(piece: bytes) -> None:
        held.append(os.pidfd_open(int(piece.split()[0])))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(
            python("import os, time; print(os.getpid(), flush=True); time.sleep(600)"),
            limits=FREE,
            on_stdout=refuse,
            reads=PYTHON_READS,
        )
    assert gone(held[0])


def test_children_die_with_a_killed_parent() -> None:
    """And only with it: the death signal is per thread, and the thread that asked has ended before."""
    code = (
        "import threading, sys\n"
        "from saycut.media.child_process import ChildProcess, Limits\n"
        "made = []\n"
        "def start():\n"
        "    made.append(ChildProcess(['/bin/sleep', '600'], Limits(), None, (), (), feed=False))\n"
        "thread = threading.Thread(target=start); thread.start(); thread.join()\n"
        "print(made[0].pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stdin=subprocess.PIPE)
    with parent:
        assert parent.stdout is not None
        descriptor = os.pidfd_open(int(parent.stdout.readline()))
        assert not select.select([descriptor], [], [], 0.3)[0], (
            "the child died with the thread that asked for it"
        )
        parent.send_signal(signal.SIGKILL)
        assert gone(descriptor)


def test_no_room_left_is_said_as_such() -> None:
    with pytest.raises(DiskFull):
        run(
            python("open('/dev/full', 'wb', 0).write(b'x')"),
            limits=FREE,
            reads=PYTHON_READS,
            writes=[Path("/dev/full")],
        )


def test_a_program_that_is_not_there() -> None:
    with pytest.raises(EngineFailed, match="No such file"):
        run(["/nonexistent/program"], limits=FREE)
