"""Whether it was room that was missing: on the disk of the files, or on that of the database."""

import errno
import sqlite3
import sys

from saycut.errors import DiskFull
from saycut.service.errors import ServiceError

_FULL = (errno.ENOSPC, errno.EDQUOT)
_POSTGRESQL_FULL = "53100"  # disk_full, https://www.postgresql.org/docs/current/errcodes-appendix.html
# What SQLite says of a disk that is full depends on the file that had to grow (https://sqlite.org/rescode.html).
_SQLITE_FULL = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR_WRITE,
    sqlite3.SQLITE_IOERR_SHMSIZE,
    sqlite3.SQLITE_IOERR_SHMMAP,
)


class NoRoom(ServiceError):
    """The disk of the service is full. Says nothing of where that is."""

    code = "disk_full"
    wire_code = 507
    http_status = 507
    exit_code = 5
    sentence_en = "There is no room left on the disk of this service; nothing was changed."
    sentence_zh = "服务所在磁盘空间不足，没有任何改动。"
    hint_en = "Try again later."
    hint_zh = "请稍后重试。"


def is_full(error: BaseException) -> bool:
    """Whether `error`, of whatever room or library, is that of a full disk."""
    database = sys.modules.get("sqlalchemy.exc")  # tasks have none, and would take half a second to load it
    if database is not None and isinstance(error, database.DBAPIError):
        return error.orig is not None and is_full(error.orig)
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", None) in _SQLITE_FULL
    if isinstance(error, OSError):
        return error.errno in _FULL
    return isinstance(error, DiskFull | NoRoom) or getattr(error, "sqlstate", None) == _POSTGRESQL_FULL
