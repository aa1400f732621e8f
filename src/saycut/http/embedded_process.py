"""A service that belongs to another program: its settings on stdin, its address on stdout, and an end when
stdin is closed, however that program went."""

import os
import signal
import sys
import threading

from saycut.http.serve import read_settings, serve


def main() -> None:
    """Answer until whoever started us is gone."""
    settings = read_settings(sys.stdin.readline())
    threading.Thread(target=_until_left_alone, daemon=True).start()
    serve(settings, announce=_say)


def _say(address: str) -> None:
    sys.stdout.write(address + "\n")
    sys.stdout.flush()


def _until_left_alone() -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)  # as a supervisor would


if __name__ == "__main__":
    main()
