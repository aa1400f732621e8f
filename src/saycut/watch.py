"""Progress out, cancellation in: the one object that long tasks carry."""

import threading
from collections.abc import Callable

from saycut.errors import Cancelled

OnProgress = Callable[[str, float], None]


class Watch:
    """Reports (stage, fraction 0..1) and carries the wish to stop.

    Every report is also a place where the task may be stopped, so anything that reports
    at least once a second can be cancelled within a second.
    """

    def __init__(self, on_progress: OnProgress | None = None) -> None:
        self._on_progress = on_progress
        self._stop = threading.Event()

    def report(self, stage: str, fraction: float) -> None:
        """Tell how far `stage` is (clamped to 0..1). Raises Cancelled when stopped."""
        self.check()
        if self._on_progress is not None:
            self._on_progress(stage, min(max(fraction, 0.0), 1.0))

    def check(self) -> None:
        """Raise Cancelled when the person has stopped the task."""
        if self._stop.is_set():
            raise Cancelled()

    def cancel(self) -> None:
        """Ask the task to stop; safe from signal handlers and other threads."""
        self._stop.set()

    @property
    def cancelled(self) -> bool:
        return self._stop.is_set()


class Aside(Watch):
    """The watch of work that goes on beside other work: it stops with it, and is heard after it."""

    def __init__(self, beside: Watch) -> None:
        super().__init__()
        self._beside = beside

    def speak_up(self) -> None:
        """From now on progress is reported where the other work reported its own."""
        self._on_progress = self._beside.report

    def check(self) -> None:
        if self.cancelled:
            raise Cancelled()

    @property
    def cancelled(self) -> bool:
        return self._stop.is_set() or self._beside.cancelled
