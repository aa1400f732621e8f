"""The bytes of a stream as they come, read by a thread of its own, so that whoever waits for them can look at
the clock, and stop, in between."""

import contextlib
import queue
import socket
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Literal

import httpx

from saycut.client.failures import ClientError, Dropped

_MOST_WAITING = 256  # pieces that lie in the queue while nobody takes them
_PUT_S = 0.2

Piece = bytes | ClientError | Literal["over"]


class Arriving:
    """A stream that is being read. To be closed."""

    def __init__(self, opened: Callable[[], AbstractContextManager[httpx.Response]]) -> None:
        self._opened = opened
        self._pieces: queue.Queue[Piece] = queue.Queue(_MOST_WAITING)
        self._closed = threading.Event()
        self._answered = threading.Event()
        self._refusal: ClientError | None = None
        self._response: httpx.Response | None = None
        self._thread = threading.Thread(target=self._read, name="saycut-stream", daemon=True)
        self._thread.start()

    def began(self, at_most_s: float) -> bool:
        """Whether the service has answered by now. Raises what it refused with."""
        if not self._answered.wait(at_most_s):
            return False
        if self._refusal is not None:
            raise self._refusal
        return True

    def next(self, at_most_s: float) -> Piece | None:
        """What came: bytes, the end ("over"), or the error that ended it; None when nothing came in time."""
        try:
            return self._pieces.get(timeout=at_most_s)
        except queue.Empty:
            return None

    def close(self) -> None:
        """Leave the stream; the service goes on or not, as it likes."""
        self._closed.set()
        stream = None if self._response is None else self._response.extensions.get("network_stream")
        if stream is not None:
            with contextlib.suppress(OSError, AttributeError):
                stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)  # wakes the thread
        self._thread.join(_PUT_S * 10)

    def _read(self) -> None:
        try:
            with self._opened() as response:
                self._response = response
                self._answered.set()
                for piece in response.iter_bytes():
                    if not self._put(piece):
                        return
            self._put("over")
        except ClientError as error:
            self._failed(error)
        except (httpx.HTTPError, httpx.StreamError, OSError):
            self._failed(Dropped())

    def _failed(self, error: ClientError) -> None:
        if not self._answered.is_set():
            self._refusal = error
            self._answered.set()
        self._put(error)

    def _put(self, piece: Piece) -> bool:
        while not self._closed.is_set():
            try:
                self._pieces.put(piece, timeout=_PUT_S)
                return True
            except queue.Full:
                continue
        return False
