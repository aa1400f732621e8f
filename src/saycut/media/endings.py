"""How a child can end, and what that means to a person."""

import enum
import re
import signal
from collections.abc import Sequence
from pathlib import Path

import msgspec

from saycut.errors import Cancelled, DiskFull, EngineFailed, LimitExceeded


class StoppedBy(enum.Enum):
    """Who stopped a child before its end."""

    PERSON = enum.auto()
    CLOCK = enum.auto()
    CALLER = enum.auto()


class Ending(msgspec.Struct, frozen=True):
    """`status` is the exit status, or -n for signal n."""

    status: int
    stderr_tail: str
    stopped_by: StoppedBy | None
    limits: dict[str, float | int | None]
    writes: tuple[Path, ...]


_DISK_FULL = re.compile(r"No space left on device|Disk quota exceeded|\[Errno 28\]|\[Errno 122\]")
_NO_MEMORY = re.compile(r"Cannot allocate memory|MemoryError|bad_alloc|malloc of size|Failed to allocate")
_TOO_LARGE = re.compile(r"File too large|\[Errno 27\]")
_ENOSPC_STATUS = 256 - 28  # ffmpeg exits with the low byte of its negative error code
_ENOMEM_STATUS = 256 - 12


def check_ending(ending: Ending, accept: Sequence[int]) -> None:
    """Return when the child ended with a status in `accept` by itself; raise the fitting error otherwise."""
    if ending.stopped_by is StoppedBy.PERSON:
        raise Cancelled()
    if ending.stopped_by is StoppedBy.CLOCK:
        minutes = (ending.limits["wall_s"] or 0) / 60
        raise LimitExceeded(
            reason=f"The media engine was stopped after {minutes:g} minutes.",
            reason_zh=f"媒体引擎运行超过 {minutes:g} 分钟，已停止。",
        )
    if ending.status in accept:
        return
    if ending.status == _ENOSPC_STATUS or _DISK_FULL.search(ending.stderr_tail):
        raise DiskFull(folder=ending.writes[0].parent if ending.writes else "the work files")
    if ending.status == -signal.SIGXCPU:
        raise LimitExceeded(
            reason=f"The file needs more than {ending.limits['cpu_s']} seconds of computing to read.",
            reason_zh=f"读取该文件需要超过 {ending.limits['cpu_s']} 秒的计算时间。",
        )
    if ending.status == -signal.SIGXFSZ or _TOO_LARGE.search(ending.stderr_tail):
        raise LimitExceeded(
            reason="The result grew past the size that is allowed.", reason_zh="生成的文件超过了允许的大小。"
        )
    if (
        ending.status in (_ENOMEM_STATUS, -signal.SIGKILL)
        or _NO_MEMORY.search(ending.stderr_tail)
        or ending.status == -signal.SIGBUS
    ):
        raise LimitExceeded(
            reason="The file needs more memory than is allowed.", reason_zh="处理该文件所需内存超过限制。"
        )
    raise EngineFailed(reason=last_line(ending.stderr_tail) or _status_words(ending.status))


def last_line(text: str) -> str:
    """The last line that says something, shortened; addresses of contexts are left out."""
    for line in reversed(text.splitlines()):
        said = re.sub(r"\s*@ 0x[0-9a-f]+", "", line).strip()
        if said:
            return said[:300]
    return ""


def _status_words(status: int) -> str:
    return f"signal {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"
