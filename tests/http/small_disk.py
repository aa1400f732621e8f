"""A service whose disks are small: two of them, in memory, in a mount namespace of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

import pytest

from tests.http.server import Server

_DISK_MB = 64
_WORK_MB = 64
_TRIES = 100
_MOUNT = (
    'mount -t tmpfs -o size="$0"m none "$1" && mount -t tmpfs -o size="$2"m none "$3" '
    '&& export TMPDIR="$3" && shift 3 && exec "$@"'
)


@cache
def _may_mount() -> bool:
    tried = ["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"]
    try:
        return subprocess.run(tried, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


class SmallDisk:
    """One of the disks: `path` is where the service sees it, `root` where we do."""

    def __init__(self, path: Path, pid: int) -> None:
        self.path = path
        self.root = Path(f"/proc/{pid}/root") / path.relative_to("/")

    def fill(self, but_bytes: int = 0) -> None:
        """Leave so many bytes and no more; what was left before may have been less."""
        with (self.root / "filler").open("ab", buffering=0) as filler:
            for _ in range(_TRIES):
                room = self.free_bytes - but_bytes
                if room <= 0:
                    return
                with suppress(OSError):  # the service took of the room meanwhile
                    os.posix_fallocate(filler.fileno(), os.fstat(filler.fileno()).st_size, room)
                    return
        raise AssertionError("the disk does not fill")

    def empty(self) -> None:
        """There is room again."""
        (self.root / "filler").unlink(missing_ok=True)

    @property
    def free_bytes(self) -> int:
        has = os.statvfs(self.root)
        return has.f_bavail * has.f_frsize


class OnSmallDisks:
    """A server, the disk of its data, and that of its work files (TMPDIR)."""

    def __init__(self, server: Server, data: Path, work: Path) -> None:
        self.server = server
        self.data = SmallDisk(data, server.process.pid)
        self.work = SmallDisk(work, server.process.pid)

    @property
    def folder(self) -> tuple[str, str]:
        """What `saycut …` is told of where the service is."""
        return "--data-dir", str(self.server.data_dir)

    def inbox(self) -> list[str]:
        """What is on its way into the store."""
        return [path.name for path in (self.data.root / "inbox").iterdir()]

    def under(self, *command: str, status: int = 0) -> "subprocess.CompletedProcess[str]":
        """Run a command that sees the same disks."""
        enter = ("nsenter", "-U", "-m", "--preserve-credentials", "-t", str(self.server.process.pid))
        environment = {**os.environ, "TMPDIR": str(self.work.path)}
        done = subprocess.run(
            [*enter, *command], capture_output=True, text=True, env=environment, check=False
        )
        assert done.returncode == status, (command, done)
        return done

    def ran(self, *arguments: str, status: int = 0) -> "subprocess.CompletedProcess[str]":
        """`saycut …` on the same disks."""
        return self.under(sys.executable, "-m", "saycut", *arguments, status=status)


@contextmanager
def serving_on_small_disks(folder: Path) -> Iterator[OnSmallDisks]:
    """Skips where nobody may mount anything."""
    if not _may_mount():
        pytest.skip("no disk can be mounted here: unshare -rm is not allowed")
    data, work = folder / "data", folder / "work"
    data.mkdir()
    work.mkdir()
    sizes = (str(_DISK_MB), str(data), str(_WORK_MB), str(work))
    server = Server(data, under=("unshare", "-rm", "sh", "-c", _MOUNT, *sizes))
    try:
        yield OnSmallDisks(server, data, work)
    finally:
        server.stop()
