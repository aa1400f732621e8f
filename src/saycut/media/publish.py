"""A result appears whole or not at all."""

import errno
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from saycut.errors import DiskFull, EngineFailed, Usage


@contextmanager
def publishing(out: Path, *, inputs: Iterable[Path] = (), replace: bool = True) -> Iterator[Path]:
    """Yield a hidden name beside `out` (same suffix) to write to; on leaving, sync it and rename it to `out`.

    On any error the hidden file is removed and `out` is as it was. An existing `out` keeps its
    permissions; a link is followed. Raises Usage when `out` is one of `inputs` (also by link) or a
    folder, when its folder is not there, or when it exists and `replace` is False; DiskFull when
    the disk is full; EngineFailed when nothing was written.
    """
    out = Path(os.path.realpath(out))
    check_place(out, inputs, replace=replace)
    hidden = out.with_name(f".saycut-{secrets.token_hex(4)}.part{out.suffix}")
    try:
        _create(hidden, out)
        yield hidden
        _settle(hidden)
        _rename(hidden, out, replace)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(folder=out.parent) from None
        raise
    finally:
        hidden.unlink(missing_ok=True)


def check_place(out: Path, inputs: Iterable[Path] = (), *, replace: bool = True) -> None:
    """Raise the Usage that `publishing` would, for callers that have long work to do before it."""
    out = Path(os.path.realpath(out))
    if out.is_dir():
        raise _misplaced(f"{out.name} is a folder; name a file.", f"{out.name} 是文件夹，请给出文件名。")
    if not out.parent.is_dir():
        raise _misplaced(f"The folder {out.parent} is not there.", f"文件夹 {out.parent} 不存在。")
    if not out.exists():
        return
    for path in inputs:
        if path.exists() and out.samefile(path):
            raise _misplaced(
                f"{out.name} is one of the inputs, which are never overwritten.",
                f"{out.name} 是输入文件之一，输入文件不会被覆盖。",
            )
    if not replace:
        raise _taken(out)


def _misplaced(en: str, zh: str) -> Usage:
    return Usage(reason=en, reason_zh=zh)


def _taken(out: Path) -> Usage:
    return _misplaced(f"{out.name} is there already.", f"{out.name} 已存在。")


def _create(hidden: Path, out: Path) -> None:
    """With the permissions of what it replaces, else those that the person's umask gives a new file."""
    try:
        descriptor = os.open(hidden, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    except PermissionError:
        en, zh = f"The folder {out.parent} may not be written to.", f"没有写入文件夹 {out.parent} 的权限。"
        raise _misplaced(en, zh) from None
    try:
        if out.exists():
            os.fchmod(descriptor, out.stat().st_mode & 0o777)
    finally:
        os.close(descriptor)


def _settle(hidden: Path) -> None:
    """On the disk for good before the name changes: a power cut leaves the old or the new, never half."""
    descriptor = os.open(hidden, os.O_RDWR | os.O_CLOEXEC)
    try:
        if os.fstat(descriptor).st_size == 0:
            raise EngineFailed(reason="nothing was written")
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _rename(hidden: Path, out: Path, replace: bool) -> None:
    if replace:
        hidden.replace(out)
    else:
        try:
            os.link(hidden, out)  # fails when somebody else was quicker; a rename would win silently
        except FileExistsError:
            raise _taken(out) from None
    with suppress(OSError):  # not every file system lets a folder be synced
        folder = os.open(out.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
