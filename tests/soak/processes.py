"""What a process takes, read from /proc."""

import os
import sys
from pathlib import Path

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


def tell(figures: str) -> None:
    """A line for whoever runs the soak tests (`pytest -s`)."""
    sys.stderr.write(f"\n{figures}\n")


def resident_mb(pid: int) -> float:
    """Resident memory now."""
    return _status_mb(pid, "VmRSS")


def private_mb(pid: int) -> float:
    """Memory that is nobody else's and no file's: what a leak grows."""
    return _status_mb(pid, "RssAnon")


def forget_peak(pid: int) -> None:
    """The peak counts from now on (proc(5), clear_refs)."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def peak_mb(pid: int) -> float:
    """The most that was resident."""
    return _status_mb(pid, "VmHWM")


def descriptors(pid: int) -> int:
    """Open files, sockets and pipes."""
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def children(pid: int) -> list[int]:
    """The processes that the main thread of `pid` started and that live."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def cpu_s(pid: int) -> float:
    """CPU seconds of a process and of everything it started that has ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(ticks) for ticks in fields[11:15]) / _TICKS_PER_S


def _status_mb(pid: int, name: str) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:")) / 1024
