"""The worker that `saycut serve` starts: settings on stdin, and an end when stdin is closed."""

import sys
import threading

from saycut.http.serve import read_settings
from saycut.service import worker
from saycut.service.workplace import Workplace


def main() -> None:
    """Take jobs until whoever started us is gone."""
    settings = read_settings(sys.stdin.readline())
    stop = worker.stop_on_signals()
    threading.Thread(target=_until_left_alone, args=(stop,), daemon=True).start()
    workplace = Workplace(settings)
    try:
        worker.run(workplace, "embedded", stop, ready=lambda: None)
    finally:
        workplace.close()


def _until_left_alone(stop: threading.Event) -> None:
    sys.stdin.read()
    stop.set()


if __name__ == "__main__":
    main()
