"""A PostgreSQL of the tests' own: on a free loopback port, not as root, gone afterwards."""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

ABSENT = "PostgreSQL is neither on the PATH nor in /usr/lib/postgresql: nothing was checked on it"


def programs() -> Path | None:
    """The folder of `initdb` and `postgres`."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or [
        Path(path) for path in (shutil.which("initdb"),) if path is not None
    ]
    return found[-1].resolve().parent if found else None


class Cluster:
    """A running server; every `database()` is a new, empty one."""

    def __init__(self, folder: Path, programs_at: Path) -> None:
        self._user = "nobody" if os.geteuid() == 0 else None
        data = folder / "data"
        if self._user is not None:
            nobody = pwd.getpwnam(self._user)
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        make = [programs_at / "initdb", "-D", data, "-U", "saycut", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run(make, check=True, capture_output=True, user=self._user, cwd=folder)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "fsync": "off",
            "max_connections": 200,
        }
        options = [f"-c{name}={value}" for name, value in settings.items()]
        command = [programs_at / "postgres", "-D", data, "-k", folder, *options]
        self._process = subprocess.Popen(
            command, user=self._user, cwd=folder, stderr=subprocess.PIPE, text=True
        )
        assert self._process.stderr is not None
        if not any("ready to accept connections" in line for line in self._process.stderr):
            raise AssertionError("PostgreSQL did not start")
        # Somebody has to read what else it says, or it would wait for that one day.
        self._reader = threading.Thread(target=self._process.stderr.read, daemon=True)
        self._reader.start()

    def database(self) -> str:
        """The address of a new, empty database."""
        name = f"db_{secrets.token_hex(6)}"
        engine = sa.create_engine(f"{self._address}/postgres", isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        engine.dispose()
        return f"postgresql://saycut@127.0.0.1:{self.port}/{name}"

    @property
    def _address(self) -> str:
        return f"postgresql+psycopg://saycut@127.0.0.1:{self.port}"

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(30)
        self._reader.join()
        assert self._process.stderr is not None
        self._process.stderr.close()


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Skips, loudly, where there is no PostgreSQL."""
    found = programs()
    if found is None:
        pytest.skip(ABSENT)
    with tempfile.TemporaryDirectory(prefix="saycut-pg-") as name:
        running = Cluster(Path(name), found)
        try:
            yield running
        finally:
            running.stop()
