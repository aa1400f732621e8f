"""How often something may be done: counted in this process, over a window that slides."""

import threading
import time
from collections import deque

from saycut.service.errors import TooMany

_MOST_KEYS = 100_000


class Rates:
    """Counters by key, for one thing: at most `most` in `window_s` seconds."""

    def __init__(self, most: int, window_s: float) -> None:
        self._most = most
        self._window_s = window_s
        self._seen: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def count(self, key: str, now_s: float | None = None) -> None:
        """Once more. Raises TooMany, saying when it may be tried again."""
        now_s = time.monotonic() if now_s is None else now_s
        with self._lock:
            seen = self._seen.setdefault(key, deque())
            while seen and seen[0] <= now_s - self._window_s:
                seen.popleft()
            if len(seen) >= self._most:
                wait_s = max(int(seen[0] + self._window_s - now_s) + 1, 1)
                raise TooMany(
                    reason=f"That is more than {self._most} in {self._window_s:.0f} s.",
                    reason_zh=f"{self._window_s:.0f} 秒内超过 {self._most} 次。",
                    retry_after_s=wait_s,
                )
            seen.append(now_s)
            if len(self._seen) > _MOST_KEYS:
                self._forget(now_s)

    def _forget(self, now_s: float) -> None:
        """Keys that have not been seen for a window; memory is bounded whoever asks."""
        old = [key for key, seen in self._seen.items() if not seen or seen[-1] <= now_s - self._window_s]
        for key in old:
            del self._seen[key]
