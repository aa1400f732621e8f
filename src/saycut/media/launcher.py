"""The first thing that runs in a child: fences itself in, then becomes the program it was asked to be.

Run by path (`python -I -S launcher.py <fence json> -- argv…`), standard library only, never
imported by the product. Everything here survives `exec`: resource limits, the empty network
namespace, the Landlock rule set and the death signal.
"""

import ctypes
import json
import os
import resource
import signal
import struct
import sys

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446  # the same on every architecture

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR, _TRUNCATE = 1, 1 << 1, 1 << 2, 1 << 3, 1 << 14
_FILE_RIGHTS = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | 1 << 15
_SYSTEM_READS = (
    "/usr",
    "/lib",
    "/lib64",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/dev/null",
    "/dev/zero",
    "/dev/urandom",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/sys/devices/system/cpu",
)

_DEVICES = (  # of chips that encode pictures, with what their drivers read; only where that was asked for
    "/dev/dri",
    "/dev/nvidia0",
    "/dev/nvidiactl",
    "/dev/nvidia-uvm",
    "/dev/nvidia-uvm-tools",
    "/dev/nvidia-modeset",
)
_DEVICE_READS = ("/sys", "/proc", "/etc")

_libc = ctypes.CDLL(None, use_errno=True)


def limit_resources(fence: dict[str, int | None]) -> None:
    """Soft and hard limits; CPU gets two more seconds before the kernel stops asking."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for key, which in (
        ("memory_bytes", resource.RLIMIT_AS),
        ("file_bytes", resource.RLIMIT_FSIZE),
        ("open_files", resource.RLIMIT_NOFILE),
    ):
        value = fence.get(key)
        if value is not None:
            resource.setrlimit(which, (value, value))
    cpu_s = fence.get("cpu_s")
    if cpu_s is not None:
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 2))


def leave_network() -> bool:
    """Move into an empty network namespace; False where the system refuses."""
    if _libc.unshare(_CLONE_NEWNET) == 0:
        return True
    return bool(_libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0)


def landlock_version() -> int:
    """The Landlock ABI of this kernel; 0 when there is none."""
    return max(int(_libc.syscall(_LANDLOCK_CREATE, None, 0, 1)), 0)


def fence_files(reads: list[str], writes: list[str], devices: bool) -> bool:
    """Only `reads` (and what a program needs to start) may be read, only `writes` written, no TCP; with
    `devices`, chips that encode may be used.

    False where the kernel has no Landlock. https://docs.kernel.org/userspace-api/landlock.html
    """
    version = landlock_version()
    if version == 0:
        return False
    handled = (1 << 13) - 1
    if version >= 2:
        handled |= 1 << 13  # renaming and linking across folders
    if version >= 3:
        handled |= _TRUNCATE
    if version >= 5:
        handled |= 1 << 15  # device ioctl
    network = 3 if version >= 4 else 0  # bind and connect
    scoped = 3 if version >= 6 else 0  # abstract sockets and signals of others
    rules = struct.pack("=QQQ", handled, network, scoped)
    ruleset = _libc.syscall(
        _LANDLOCK_CREATE, rules, len(rules) if version >= 6 else 16 if version >= 4 else 8, 0
    )
    if ruleset < 0:
        return False
    for path in (*_SYSTEM_READS, *reads):
        _allow(ruleset, path, handled & (_READ_FILE | _READ_DIR | _EXECUTE))
    for path in writes:
        _allow(ruleset, path, handled & (_READ_FILE | _WRITE_FILE | _TRUNCATE))
    for path in _DEVICES if devices else ():
        _allow(ruleset, path, handled & (_READ_FILE | _WRITE_FILE | _READ_DIR | 1 << 15))
    for path in _DEVICE_READS if devices else ():
        _allow(ruleset, path, handled & (_READ_FILE | _READ_DIR))
    restricted = bool(_libc.syscall(_LANDLOCK_RESTRICT, ruleset, 0) == 0)
    os.close(ruleset)
    return restricted


def _allow(ruleset: int, path: str, rights: int) -> None:
    """Paths that are not there are left out: whoever needs them will say so better than we can."""
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    if not os.path.isdir(path):  # noqa: PTH112 - pathlib is not loaded under -S for speed
        rights &= _FILE_RIGHTS
    rule = struct.pack("=Qi", rights, place)
    _libc.syscall(_LANDLOCK_ADD, ruleset, 1, rule, 0)
    os.close(place)


def main() -> None:
    """Fence, then exec; exits 127 when the program cannot be started."""
    fence = json.loads(sys.argv[1])
    argv = sys.argv[3:]
    leave_network()
    # After unshare: a change of credentials clears the death signal.
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() not in (fence["parent"], 0):  # 0: the parent lives in an outer pid namespace
        os._exit(1)  # the parent died before the death signal was armed
    _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    fence_files(fence["reads"], fence["writes"], bool(fence["devices"]))
    limit_resources(fence)
    for ignored_by_python in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(ignored_by_python, signal.SIG_DFL)
    try:
        os.execv(argv[0], argv)
    except OSError as error:
        sys.stderr.write(f"{argv[0]}: {error.strerror}\n")
        os._exit(127)


if __name__ == "__main__":
    if sys.argv[1:] == ["--isolation"]:
        version = landlock_version()
        kind = "namespace" if leave_network() else "landlock" if version >= 4 else "allow-lists only"
        sys.stdout.write(json.dumps({"network": kind, "landlock": version}))
    else:
        main()
