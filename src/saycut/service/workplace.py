"""The workplace: everything that a part of the service works with, put together once in a process."""

import os
import secrets
from pathlib import Path

import msgspec

from saycut.service.database import Database, sqlite_url
from saycut.service.jobs import Jobs
from saycut.service.store import Store


class ServiceSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What an operator may set (flags, `SAYCUT_*`, a file; `saycut config show` says what holds).

    `data_dir` holds the embedded database and the local store. `public_url` is where people reach the page.
    """

    data_dir: Path
    database_url: str | None = None
    store_url: str | None = None
    host: str = "127.0.0.1"
    port: int = 8765
    public_url: str = ""
    music_folder: Path | None = None
    workers: int = max((os.cpu_count() or 1) // 2, 1)  # jobs at once; 0: no worker beside serve
    turn_limit_s: float = 900.0
    keep_results_days: float = 30.0  # files of renders; 0: for ever
    fetch_networks: tuple[str, ...] = ()  # private networks that links may point into
    fetch_ports: tuple[int, ...] = (80, 443, 8080, 8443)

    @property
    def address(self) -> str:
        """The page's address, for links."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


def _secret(path: Path) -> bytes:
    """What signs addresses: made once, kept for nobody else to read."""
    try:
        with path.open("xb") as file:
            path.chmod(0o600)
            file.write(secrets.token_bytes(32))
    except FileExistsError:
        pass
    return path.read_bytes()


class Workplace:
    """Database, store, jobs and settings of one process. Close it at the end."""

    def __init__(self, settings: ServiceSettings) -> None:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.settings = settings
        self.database = Database(settings.database_url or sqlite_url(settings.data_dir))
        self.database.migrate()
        self.store = Store(settings.data_dir, settings.store_url)
        self.jobs = Jobs(self.database)
        self.secret = _secret(settings.data_dir / "secret")
        self.resumables = settings.data_dir / "resumable"
        self.resumables.mkdir(exist_ok=True, mode=0o700)
        self.work = settings.data_dir / "work"
        self.work.mkdir(exist_ok=True, mode=0o700)

    def close(self) -> None:
        """Give everything back."""
        self.jobs.close()
        self.database.close()
