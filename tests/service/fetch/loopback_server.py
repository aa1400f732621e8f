"""A web server on loopback that answers as it is told to, byte by byte, and says what it was asked."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable
from types import TracebackType

Answer = Callable[["Talk"], None]


class Talk:
    """One connection: what was asked, and a way to answer. `send` is False once the other side has gone."""

    def __init__(self, sock: socket.socket, over: threading.Event) -> None:
        self._sock = sock
        self._over = over
        self.head = b""
        while b"\r\n\r\n" not in self.head:
            block = sock.recv(4096)
            if not block:
                break
            self.head += block

    @property
    def path(self) -> str:
        return self.head.split(b" ", 2)[1].decode("latin-1")

    def send(self, data: bytes) -> bool:
        try:
            self._sock.sendall(data)
        except OSError:
            return False
        return not self._over.is_set()

    def drip(self, piece: bytes, every_s: float) -> None:
        """`piece` again and again until the other side or the test has gone."""
        while self.send(piece) and not self._over.wait(every_s):
            pass

    def silence(self) -> None:
        """Nothing, until the test is over."""
        self._over.wait()


class LoopbackServer:
    """`answers`: what to do for each path; what is no request is left waiting. A context manager."""

    def __init__(self, answers: dict[str, Answer], context: ssl.SSLContext | None = None) -> None:
        self.answers = answers
        self._context = context
        self._over = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.heads: list[bytes] = []
        self._threads = [threading.Thread(target=self._accept)]

    def __enter__(self) -> "LoopbackServer":
        self._threads[0].start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in self._threads:
            thread.join()

    def url(self, path: str, host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                sock, _ = self._listening.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._talk, args=(sock,))
            self._threads.append(thread)
            thread.start()

    def _talk(self, sock: socket.socket) -> None:
        with contextlib.suppress(OSError, IndexError, KeyError), contextlib.ExitStack() as stack:
            stack.enter_context(sock)
            if self._context is not None:
                sock = stack.enter_context(self._context.wrap_socket(sock, server_side=True))
            talk = Talk(sock, self._over)
            self.heads.append(talk.head)
            self.answers[talk.path.partition("?")[0]](talk)


def answering(body: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> Answer:
    """The plain answer: a status, headers, a body; `length` is what it says of the body."""
    said = len(body) if length is None else length

    def answer(talk: Talk) -> None:
        lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {said}", "", ""]
        talk.send("\r\n".join(lines).encode("utf-8") + body)

    return answer


def leading(location: str, status: str = "302 Found") -> Answer:
    """A redirect."""
    return answering(b"", f"Location: {location}", status=status)


def saying(raw: bytes) -> Answer:
    """Exactly these bytes."""

    def answer(talk: Talk) -> None:
        talk.send(raw)

    return answer
