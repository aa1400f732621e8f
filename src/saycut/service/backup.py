"""`saycut backup` and `restore`: the embedded database and the local store, taken while they are in use.

The database is copied by SQLite's own backup, which is consistent whoever writes; then the objects it names.
Objects never change, so those that are in the folder already are not copied again. A shared database and a
bucket have better tools of their own (pg_dump; the bucket's versioning).
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from saycut.errors import DiskFull, Impossible, NotFound, Usage
from saycut.service.room import is_full
from saycut.service.workplace import ServiceSettings, Workplace

_DATABASE = "saycut.db"
_KEPT = ("secret", "operator-token")


def backup(workplace: Workplace, into: Path) -> int:
    """Write a backup into the folder `into`; how many objects were copied. Raises Impossible, DiskFull.

    One that fails leaves the backup that was there as it was, and nothing half done.
    """
    if not workplace.database.is_sqlite or workplace.settings.store_url is not None:
        raise Impossible(
            reason="This service uses a database or a store of its own; back those up with their own tools.",
            reason_zh="该服务使用外部数据库或存储，请用它们自带的工具备份。",
        )
    data = workplace.settings.data_dir
    with _room_in(into):
        into.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _whole(into / _DATABASE) as temporary:  # in place last: without its objects it is no backup
            with (
                closing(sqlite3.connect(data / _DATABASE)) as source,
                closing(sqlite3.connect(temporary)) as copy,
            ):
                source.backup(copy)
            copied = _copied(data / "store", into / "store")
            for name in _KEPT:
                if (data / name).exists():
                    _copy(data / name, into / name)
    return copied


def restore(settings: ServiceSettings, source: Path) -> int:
    """Put a backup into an empty data folder; how many objects came. Raises NotFound, Usage, DiskFull; tried
    again, it goes on where it was."""
    if not (source / _DATABASE).is_file():
        raise NotFound(name=str(source / _DATABASE))
    data = settings.data_dir
    if (data / _DATABASE).exists():
        raise Usage(
            reason=f"There is a service in {data} already; restore into an empty folder.",
            reason_zh=f"{data} 中已有服务数据，请恢复到空文件夹。",
        )
    with _room_in(data):
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        copied = _copied(source / "store", data / "store")
        for name in (*_KEPT, _DATABASE):
            if (source / name).exists():
                _copy(source / name, data / name)
                (data / name).chmod(0o600)
    return copied


def _copied(source: Path, into: Path) -> int:
    """Objects that are not there yet; hard links where both folders lie on one file system."""
    count = 0
    for path in source.rglob("*"):
        place = into / path.relative_to(source)
        if not path.is_file() or place.exists():
            continue
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _copy(path, place, link=True)
        count += 1
    return count


def _copy(path: Path, place: Path, *, link: bool = False) -> None:
    with _whole(place) as temporary:
        if link:
            with suppress(OSError):  # another file system
                os.link(path, temporary)
                return
        shutil.copy2(path, temporary)


@contextmanager
def _whole(place: Path) -> Iterator[Path]:
    """A name to write under: it becomes `place` in the end, and on an error nothing is left of it."""
    temporary = place.with_name(f".{place.name}.new")
    temporary.unlink(missing_ok=True)
    try:
        yield temporary
        temporary.replace(place)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def _room_in(folder: Path) -> Iterator[None]:
    """Raises DiskFull for whatever says that there is no room."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        if not is_full(error):
            raise
        raise DiskFull(folder=folder) from error
