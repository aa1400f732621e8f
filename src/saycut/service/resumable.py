"""Resumable uploads: bytes that arrived stay, whatever happens to the connection or to us.

How much there is, is what lies on the disk, synced before it is acknowledged. Two that write at once would
tear a file: the second is told that it is locked.
"""

import fcntl
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path
from typing import Literal

import msgspec
import sqlalchemy as sa

from saycut.errors import LimitExceeded, SaycutError
from saycut.service import sessions, uploads
from saycut.service.accounts import User
from saycut.service.errors import Conflict, ServiceError
from saycut.service.tables import resumables
from saycut.service.workplace import Workplace

_BLOCK_BYTES = 1 << 20
_KEPT_S = 7 * 24 * 3600.0


class UploadNotFound(ServiceError):
    """An upload that is not there, is over, or is somebody else's."""

    code = "upload_not_found"
    wire_code = 1002
    http_status = 404
    exit_code = 4
    sentence_en = "This upload was not found."
    sentence_zh = "找不到该上传任务。"
    hint_en = "Begin a new one."
    hint_zh = "请重新开始上传。"


class UploadLocked(ServiceError):
    """Another connection is writing to it."""

    code = "upload_locked"
    wire_code = 423
    http_status = 423
    exit_code = 5
    sentence_en = "Another connection is writing to this upload."
    sentence_zh = "另一个连接正在写入该上传任务。"
    hint_en = "Try again in a moment."
    hint_zh = "请稍后重试。"


class Resumable(msgspec.Struct, frozen=True):
    """One upload under way."""

    id: str
    user_id: str
    session_id: str
    name: str
    size_bytes: int
    asset_id: str | None


def begin(workplace: Workplace, user: User, session_id: str, name: str, size_bytes: int) -> Resumable:
    """A new upload of that many bytes. Raises LimitExceeded, SessionNotFound."""
    most = user.plan.upload_bytes
    if most is not None and size_bytes > most:
        raise LimitExceeded(
            reason=f"A file may have at most {most >> 20} MB.", reason_zh=f"单个文件最大 {most >> 20} MB。"
        )
    made = Resumable(f"upl_{secrets.token_urlsafe(12)}", user.id, session_id, name, size_bytes, None)
    with workplace.database.reading() as connection:
        session = sessions.of_user(connection, user.id, session_id)
    uploads.check_room(workplace, user, session, size_bytes)
    _path(workplace, made).touch(mode=0o600)
    with workplace.database.writing() as connection:
        _forget_old(workplace, connection)
        connection.execute(
            resumables.insert().values(**msgspec.structs.asdict(made), created_at_s=time.time())
        )
    return made


def of_user(workplace: Workplace, user: User, upload_id: str) -> Resumable:
    """The upload of that id when it is `user`'s. Raises UploadNotFound, for others' as for none."""
    columns = [resumables.c[name] for name in Resumable.__struct_fields__]
    with workplace.database.reading() as connection:
        row = connection.execute(
            sa.select(*columns).where(resumables.c.id == upload_id, resumables.c.user_id == user.id)
        ).first()
    if row is None:
        raise UploadNotFound()
    return Resumable(*row)


def offset(workplace: Workplace, upload: Resumable) -> int:
    """How many bytes are here."""
    if upload.asset_id is not None:
        return upload.size_bytes
    try:
        return _path(workplace, upload).stat().st_size
    except FileNotFoundError:
        raise UploadNotFound() from None


class Writing:
    """One connection that adds to an upload; what it wrote is kept when it breaks off."""

    def __init__(self, workplace: Workplace, upload: Resumable, at: int) -> None:
        self._upload = upload
        if upload.asset_id is not None:
            raise Conflict(reason="All of it is here already.", reason_zh="该文件已全部上传。")
        self._file = _alone(workplace, upload, "ab")
        self.offset = self._file.tell()
        if self.offset != at:
            self._file.close()
            raise Conflict(
                reason=f"There are {self.offset} bytes, not {at}.",
                reason_zh=f"已有 {self.offset} 字节，而不是 {at}。",
            )

    def write(self, data: bytes) -> None:
        """The next bytes. Raises LimitExceeded for more than were announced, OSError for what cannot be
        written; what could be stays."""
        if self.offset + len(data) > self._upload.size_bytes:
            raise LimitExceeded(reason="That is more than was announced.", reason_zh="数据超过了声明的大小。")
        left = memoryview(data)
        while left:
            written = self._file.write(left)
            self.offset += written
            left = left[written:]

    def close(self) -> None:
        """What was written is on the disk before anybody is told."""
        try:
            os.fsync(self._file.fileno())
        finally:
            self._file.close()


@contextmanager
def writing(workplace: Workplace, upload: Resumable, at: int) -> Iterator[Writing]:
    """Add to `upload`, which has `at` bytes. Raises Conflict for another offset, UploadLocked."""
    made = Writing(workplace, upload, at)
    try:
        yield made
    finally:
        made.close()


def finish(workplace: Workplace, user: User, upload: Resumable) -> None:
    """All of it is here: it becomes an asset, once, whoever asks and however often. What is no media is
    refused, and gone; what only had no room stays. Raises UploadLocked while somebody else does the same."""
    with _alone(workplace, upload, "rb") as file, workplace.store.incoming(None) as incoming:
        while block := file.read(_BLOCK_BYTES):
            incoming.write(block)
        try:
            received = uploads.receive(workplace, upload.name, incoming)
        except SaycutError as error:
            if error.http_status < 500:
                drop(workplace, upload)
            raise
        _taken(workplace, user, upload, received)
        _path(workplace, upload).unlink(missing_ok=True)


def finished(workplace: Workplace, user: User, upload: Resumable) -> Resumable:
    """The upload as it is now. What was cut off between its last byte and its asset is made up for: to a
    client nothing is missing. Raises as `finish`."""
    if upload.asset_id is None and offset(workplace, upload) == upload.size_bytes:
        with suppress(UploadLocked):
            finish(workplace, user, upload)
    return of_user(workplace, user, upload.id)


def _taken(workplace: Workplace, user: User, upload: Resumable, received: uploads.Received) -> None:
    """The asset and its mark are one transaction: neither is there without the other. Raises UploadNotFound
    when it was given up meanwhile."""
    with workplace.database.writing() as connection:
        here = sa.select(resumables.c.asset_id).where(resumables.c.id == upload.id)
        row = connection.execute(here).first()
        if row is None:
            raise UploadNotFound()
        if row.asset_id is not None:  # somebody else's request was sooner
            return
        (added,) = uploads.add_within(connection, workplace.store, user, upload.session_id, [received])
        done = resumables.update().where(resumables.c.id == upload.id)
        connection.execute(done.values(asset_id=added.id))


def drop(workplace: Workplace, upload: Resumable) -> None:
    """Nobody wants it any more."""
    with workplace.database.writing() as connection:
        connection.execute(resumables.delete().where(resumables.c.id == upload.id))
    _path(workplace, upload).unlink(missing_ok=True)


def _forget_old(workplace: Workplace, connection: sa.Connection) -> None:
    old = connection.execute(
        resumables.delete()
        .where(resumables.c.created_at_s < time.time() - _KEPT_S)
        .returning(resumables.c.id)
    )
    for upload_id in old.scalars():
        (workplace.resumables / upload_id).unlink(missing_ok=True)


def _alone(workplace: Workplace, upload: Resumable, mode: Literal["ab", "rb"]) -> FileIO:
    """The bytes of an upload, for nobody else until it is closed. Raises UploadNotFound, UploadLocked."""
    try:
        file = _path(workplace, upload).open(mode, buffering=0)
    except FileNotFoundError:  # it became an asset, or was given up, a moment ago
        raise UploadNotFound() from None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise UploadLocked() from None
    return file


def _path(workplace: Workplace, upload: Resumable) -> Path:
    return workplace.resumables / upload.id
