"""The worker that `saycut serve` starts: settings on stdin, and an end when stdin is closed."""

import sys
import threading

from saycut.http.serve import read_started, work
from saycut.service import worker


def main() -> None:
    """Take jobs until whoever started us is gone."""
    started = read_started(sys.stdin.readline())
    stop = worker.stop_on_signals()
    threading.Thread(target=_until_left_alone, args=(stop,), daemon=True).start()
    work(started.settings, started.worker_id, stop)


def _until_left_alone(stop: threading.Event) -> None:
    sys.stdin.read()
    stop.set()


if __name__ == "__main__":
    main()
