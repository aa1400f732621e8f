"""A service of one's own, as long as somebody needs it: for doors that are a service's clients.

It listens on a free port of this machine, works in the user's data folder like any other, and ends with the
program that needed it; what was under way then goes on with the next.
"""

import subprocess
import sys
from types import TracebackType

from saycut.errors import Internal
from saycut.http.serve import written
from saycut.service.operator import TOKEN_FILE
from saycut.service.workplace import ServiceSettings

_LOG = "service.log"  # of the last one that ran


class Embedded:
    """A running service; its address and the token of this machine's operator. Raises Internal."""

    def __init__(self, settings: ServiceSettings) -> None:
        settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (settings.data_dir / _LOG).open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "saycut.http.embedded_process"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the conversation, not for the service behind it
            )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(written(settings))
        self._process.stdin.flush()
        self.address = self._process.stdout.readline().decode().strip()
        if not self.address:
            self.close()
            raise Internal(reason=f"the service did not start; {settings.data_dir / _LOG} says why")
        self.token = (settings.data_dir / TOKEN_FILE).read_text("ascii").strip()

    def __enter__(self) -> "Embedded":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let it put its work down. It ends by itself, so that nobody has to wait for that."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
