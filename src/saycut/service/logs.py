"""Logs: one JSON object a line on standard error. Never a token, a path, a name of media or what was said."""

import json
import sys
import threading
import time

_lock = threading.Lock()


def log(event: str, **facts: str | float | None) -> None:
    """One line. `facts` are ids and numbers of ours."""
    line = {"at": round(time.time(), 3), "event": event, **{k: v for k, v in facts.items() if v is not None}}
    with _lock:
        sys.stderr.write(json.dumps(line, ensure_ascii=False) + "\n")
        sys.stderr.flush()
