"""The sentences with which a file is refused, in both languages, and the errors that carry them."""

from pathlib import Path

from saycut.errors import LimitExceeded, Unreadable, Unsupported
from saycut.words import Words

EMPTY = Words("it is empty", "文件是空的")
A_FOLDER = Words("it is a folder", "它是文件夹")
NOT_A_FILE = Words("it is not a plain file", "它不是普通文件")
NO_PERMISSION = Words("it may not be opened", "没有打开的权限")
NO_INDEX = Words(
    "it has no index, so the recording or download was not finished", "它没有索引，录制或下载没有完成"
)
NOTHING_INSIDE = Words("it holds no picture and no sound", "里面没有画面也没有声音")
DAMAGED = Words("its data is damaged", "数据已损坏")
UNKNOWN_KIND = Words("a file of an unknown kind", "未知类型的文件")


def _name(path: Path) -> str:
    """What a person calls it; ".", ".." and "/" have no name of their own."""
    return path.name or str(path)


def unreadable(path: Path, reason: Words) -> Unreadable:
    """The error that says why `path` cannot be read."""
    return Unreadable(name=_name(path), reason=reason.en, reason_zh=reason.zh)


def unsupported(path: Path, kind: Words) -> Unsupported:
    """The error that says what `path` is instead of media."""
    return Unsupported(name=_name(path), kind=kind.en, kind_zh=kind.zh)


def too_much(path: Path, what: Words) -> LimitExceeded:
    """The error that says which limit `path` is over."""
    return LimitExceeded(reason=f"{_name(path)} {what.en}.", reason_zh=f"{_name(path)} {what.zh}。")
