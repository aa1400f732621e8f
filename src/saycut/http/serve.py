"""`saycut serve` and `saycut worker`: the processes."""

import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import msgspec
import uvicorn

from saycut.errors import Usage
from saycut.http.app import application
from saycut.service import worker
from saycut.service.workplace import ServiceSettings, Workplace

_GRACE_S = 18


def serve(settings: ServiceSettings, announce: Callable[[str], None]) -> None:
    """Answer on `host`:`port` (0: any free one) with a worker beside, until told to stop.

    `announce` hears the address as soon as it answers. Raises Usage for an address that is taken.
    """
    with ExitStack() as stack:
        workplace = Workplace(settings)
        stack.callback(workplace.close)
        stack.callback(_Worker(settings).stop)
        listening = _listening(settings)
        stack.callback(listening.close)
        host, port = listening.getsockname()[:2]
        config = uvicorn.Config(
            application(workplace),
            log_level="warning",
            access_log=False,
            server_header=False,
            date_header=True,
            timeout_graceful_shutdown=_GRACE_S,
        )
        announce(f"http://{f'[{host}]' if ':' in host else host}:{port}")
        uvicorn.Server(config).run(sockets=[listening])


def work(settings: ServiceSettings, worker_id: str | None) -> None:
    """Take jobs of a shared database until told to stop, under a name that is kept over restarts."""
    stop = worker.stop_on_signals()
    workplace = Workplace(settings)
    try:
        worker.run(workplace, worker_id or socket.gethostname(), stop, ready=lambda: None)
    finally:
        workplace.close()


def _listening(settings: ServiceSettings) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        return socket.create_server((settings.host.strip("[]"), settings.port), family=family, backlog=512)
    except OSError as error:
        raise Usage(
            reason=f"{settings.host}:{settings.port} cannot be listened on: {error.strerror}.",
            reason_zh=f"无法监听 {settings.host}:{settings.port}：{error.strerror}。",
        ) from None


def read_settings(text: str) -> ServiceSettings:
    """What `serve` handed to its worker. Raises Usage."""
    try:
        return msgspec.json.decode(text, type=ServiceSettings, dec_hook=lambda _, value: Path(value))
    except msgspec.MsgspecError as error:
        raise Usage(reason=str(error)) from None


class _Worker:
    """The worker that comes with `serve`; it ends when its stdin is closed."""

    def __init__(self, settings: ServiceSettings) -> None:
        text = msgspec.json.encode(settings, enc_hook=str)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "saycut.http.worker_process"], stdin=subprocess.PIPE
        )
        assert self._process.stdin is not None
        self._process.stdin.write(text + b"\n")
        self._process.stdin.flush()

    def stop(self) -> None:
        """Wait for it to put its work down."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(_GRACE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
