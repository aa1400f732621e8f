"""What ends a connection from outside: a cancel, the deadline, or bytes that come too slowly.

A read of a socket may wait for ever for its next byte, and the standard library's HTTP reader cannot go on
after a timeout. So the reads have none: another thread looks on and hangs up, and the read then ends.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator

from saycut.errors import Cancelled
from saycut.service.fetch import refusals
from saycut.service.fetch.refusals import failed
from saycut.service.fetch.rules import FetchRules
from saycut.watch import Watch
from saycut.words import Words

_LOOK_S = 0.05


class Watchdog:
    """Looks on while `sock` is read; a context manager. Only the time spent in `reading` counts as slow."""

    def __init__(self, sock: socket.socket, rules: FetchRules, until: float, watch: Watch) -> None:
        self._sock = sock.dup()  # stays valid when TLS takes the other one over
        self._rules = rules
        self._until = until
        self._watch = watch
        self._over = threading.Event()
        self._waited_s = 0.0
        self._waiting_since: float | None = None
        self._came = 0
        self._why: Words | None = None
        self._thread = threading.Thread(target=self._look_on, daemon=True, name="fetch watchdog")

    def __enter__(self) -> "Watchdog":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._sock.close()

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """Around whatever waits for the other side."""
        self._waiting_since = time.monotonic()
        try:
            yield
        finally:
            since, self._waiting_since = self._waiting_since, None
            self._waited_s += time.monotonic() - since

    def count(self, size_bytes: int) -> None:
        """That many bytes have come."""
        self._came += size_bytes

    def raise_if_hung_up(self) -> None:
        """Raises Cancelled or UrlFailed when it was this watchdog that ended the connection."""
        if self._watch.cancelled:
            raise Cancelled()
        if self._why is not None:
            raise failed(self._why)

    def _look_on(self) -> None:
        mark_s, mark = 0.0, 0
        while not self._over.wait(_LOOK_S):
            waited_s, came = self._waited(), self._came
            if self._watch.cancelled:
                return self._hang_up()
            if time.monotonic() >= self._until:
                self._why = refusals.TOO_LATE
                return self._hang_up()
            if waited_s - mark_s < self._rules.speed_window_s:
                continue
            if came - mark < self._rules.min_bytes_per_s * (waited_s - mark_s):
                self._why = refusals.TOO_SLOW
                return self._hang_up()
            mark_s, mark = waited_s, came
        return None

    def _waited(self) -> float:
        since = self._waiting_since
        return self._waited_s + (time.monotonic() - since if since is not None else 0.0)

    def _hang_up(self) -> None:
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)
