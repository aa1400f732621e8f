"""Time, waiting and chance: the things that tests bring themselves."""

import secrets
import threading
import time
from typing import Protocol

from saycut.client.failures import Stopped


class Clock(Protocol):
    """What the room needs of the world besides the service."""

    def now_s(self) -> float:
        """Seconds that never go back, from any zero."""
        ...

    def today_s(self) -> float:
        """Seconds since 1970."""
        ...

    def wait_s(self, seconds: float, stop: threading.Event) -> None:
        """Let so much time pass. Raises Stopped as soon as `stop` is set."""
        ...

    def chance(self) -> str:
        """A few letters that nobody had before."""
        ...


class SystemClock:
    """The real one."""

    def now_s(self) -> float:
        return time.monotonic()

    def today_s(self) -> float:
        return time.time()

    def wait_s(self, seconds: float, stop: threading.Event) -> None:
        if stop.wait(max(seconds, 0.0)):
            raise Stopped

    def chance(self) -> str:
        return secrets.token_hex(3)
