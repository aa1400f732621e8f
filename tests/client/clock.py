"""A clock that only moves when somebody waits, or when the stand-in service says that time has passed."""

import threading

from saycut.client.failures import Stopped

_PATIENCE_S = 20.0  # of the test for the client, in real time


class FakeClock:
    """One for client and service."""

    def __init__(self) -> None:
        self._now_s = 1000.0
        self._changed = threading.Condition()
        self._read_s = 0.0
        self._chances = 0
        self.waits: list[float] = []

    def now_s(self) -> float:
        with self._changed:
            self._read_s = self._now_s
            self._changed.notify_all()
            return self._now_s

    def today_s(self) -> float:
        return 1_700_000_000.0 + self.now_s()

    def wait_s(self, seconds: float, stop: threading.Event) -> None:
        if stop.is_set():
            raise Stopped
        self.waits.append(seconds)
        self.advance(seconds)

    def chance(self) -> str:
        self._chances += 1
        return f"{self._chances:06x}"

    def advance(self, seconds: float) -> None:
        """So much time has passed."""
        with self._changed:
            self._now_s += seconds

    def until_read(self) -> None:
        """The service waits until the client has looked at the clock since it moved."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._read_s == self._now_s, _PATIENCE_S)
