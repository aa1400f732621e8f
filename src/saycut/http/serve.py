"""`saycut serve` and `saycut worker`: the processes."""

import asyncio
import fcntl
import hashlib
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO, TypeVar

import msgspec
import uvicorn

from saycut.errors import Usage
from saycut.http.app import Door, application
from saycut.service import tracing, worker
from saycut.service.operator import operator_token
from saycut.service.workplace import ServiceSettings, Workplace

# Everything is gone within 20 s: a supervisor that waits no longer would kill what is being put in order.
_DRAIN_S = 10.0
_GRACE_S = 18
_RESTART_S = 0.5


def serve(
    settings: ServiceSettings,
    announce: Callable[[str], None],
    doors: Sequence[Callable[[Workplace], Door]] = (),
) -> None:
    """Answer on `host`:`port` (0: any free one) with a worker beside, until told to stop; `doors` are made
    for the same workplace and answer beside the routes.

    `announce` hears the address as soon as it answers. Raises Usage for an address that is taken.
    """
    with ExitStack() as stack:
        tracing.start()
        stack.callback(tracing.stop)
        workplace = Workplace(settings)
        stack.callback(workplace.close)
        worker_beside = _Worker(settings) if settings.workers > 0 else None
        if worker_beside is not None:
            stack.callback(worker_beside.stop)
        listening = _listening(settings)
        stack.callback(listening.close)
        host, port = listening.getsockname()[:2]
        config = uvicorn.Config(
            application(workplace, [door(workplace) for door in doors]),
            log_level="warning",
            access_log=False,
            server_header=False,
            date_header=True,
            timeout_graceful_shutdown=_GRACE_S,
        )
        operator_token(workplace)
        announce(f"http://{f'[{host}]' if ':' in host else host}:{port}")
        _Server(config, worker_beside).run(sockets=[listening])


def work(settings: ServiceSettings, worker_id: str | None, stop: threading.Event) -> None:
    """Take jobs until `stop`, under a name that is kept over restarts (the machine's when none is given)."""
    tracing.start()
    workplace = Workplace(settings)
    try:
        worker.run(workplace, worker_id or socket.gethostname(), stop)
    finally:
        workplace.close()
        tracing.stop()


def _listening(settings: ServiceSettings) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        return socket.create_server((settings.host.strip("[]"), settings.port), family=family, backlog=512)
    except OSError as error:
        raise Usage(
            reason=f"{settings.host}:{settings.port} cannot be listened on: {error.strerror}.",
            reason_zh=f"无法监听 {settings.host}:{settings.port}：{error.strerror}。",
        ) from None


class _Server(uvicorn.Server):
    """Stops the worker beside it while it lets go of its own connections.

    What is still open after a while is cut, not ended: a stream that ends says that its turn is over, one
    that breaks off is gone on with after the restart.
    """

    def __init__(self, config: uvicorn.Config, worker_beside: "_Worker | None") -> None:
        super().__init__(config)
        self._worker = worker_beside

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._worker is not None:
            self._worker.tell_to_stop()
        cutting = asyncio.get_running_loop().call_later(_DRAIN_S, self._cut)
        await super().shutdown(sockets)
        cutting.cancel()

    def _cut(self) -> None:
        for connection in list(self.server_state.connections):
            if connection.transport is not None:
                connection.transport.close()


class _Slot:
    """A name for a worker of this folder that no other has as long as we live.

    Of two services on one folder each has a worker of its own; one that comes back has the name it had.
    """

    def __init__(self, data_dir: Path) -> None:
        place = hashlib.sha256(str(data_dir.absolute()).encode()).hexdigest()[:8]
        number = 1
        while (held := self._held(data_dir / f"worker-{number}.lock")) is None:
            number += 1
        self._file = held  # open as long as this process is there
        self.name = place if number == 1 else f"{place}-{number}"

    def _held(self, path: Path) -> TextIO | None:
        file = path.open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return None
        except OSError:  # a file system without locks: there the number is not sure
            pass
        return file

    def release(self) -> None:
        """Somebody else may have the name."""
        self._file.close()


class StartedWorker(msgspec.Struct, frozen=True):
    """What `serve` hands to its worker."""

    worker_id: str
    settings: ServiceSettings


def read_started(text: str) -> StartedWorker:
    """What `serve` handed to its worker. Raises Usage."""
    return _read(text, StartedWorker)


def read_settings(text: str) -> ServiceSettings:
    """What another program handed to a service of its own. Raises Usage."""
    return _read(text, ServiceSettings)


def written(what: StartedWorker | ServiceSettings) -> bytes:
    """One line, for `read_started` or `read_settings`."""
    return msgspec.json.encode(what, enc_hook=str) + b"\n"


HandedT = TypeVar("HandedT", StartedWorker, ServiceSettings)


def _read(text: str, kind: type[HandedT]) -> HandedT:
    try:
        return msgspec.json.decode(text, type=kind, dec_hook=lambda _, value: Path(value))
    except msgspec.MsgspecError as error:
        raise Usage(reason=str(error)) from None


class _Worker:
    """The worker that comes with `serve`. It ends when its stdin is closed, and is started again when it ends
    by itself: under the same name, so that it finishes what it had begun."""

    def __init__(self, settings: ServiceSettings) -> None:
        self._slot = _Slot(settings.data_dir)
        started = StartedWorker(f"{socket.gethostname()}-{self._slot.name}", settings)
        self._text = written(started)
        self._stopping = threading.Event()
        self._told_s = 0.0
        self._process = self._started()
        self._guard = threading.Thread(target=self._stand_guard, name="worker-guard", daemon=True)
        self._guard.start()

    def tell_to_stop(self) -> None:
        """It finishes what it can in a moment, and puts the rest down."""
        self._told_s = self._told_s or time.monotonic()
        self._stopping.set()
        assert self._process.stdin is not None
        self._process.stdin.close()

    def stop(self) -> None:
        """Wait for it to have put its work down."""
        self.tell_to_stop()
        self._guard.join(max(self._told_s + _GRACE_S - time.monotonic(), 0.0))
        if self._guard.is_alive():
            self._process.kill()
            self._guard.join()
        self._slot.release()

    def _started(self) -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(
            [sys.executable, "-m", "saycut.http.worker_process"], stdin=subprocess.PIPE
        )
        assert process.stdin is not None
        process.stdin.write(self._text)
        process.stdin.flush()
        return process

    def _stand_guard(self) -> None:
        while True:
            self._process.wait()
            if self._stopping.wait(_RESTART_S):
                return
            self._process = self._started()
