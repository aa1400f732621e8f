"""HTTP to one checked address, under the name it was checked for.

The standard library's client is used because pinning is then one overridden method: `connect` takes a socket
that is already connected to the checked address, while `Host`, SNI and the certificate check go by the name.
httpx would need a transport and a network backend of its own for the same, a dependency more, and it reads
proxies and certificates from the environment by default.
"""

import contextlib
import errno
import http.client
import select
import socket
import ssl
import time
from typing import Any

from saycut.service.fetch import refusals
from saycut.service.fetch.private_ranges import Address
from saycut.service.fetch.refusals import failed
from saycut.service.fetch.rules import FetchRules
from saycut.service.fetch.target import Target
from saycut.watch import Watch

_LOOK_MS = 50
_ASKED_WITH = {
    "Accept": "*/*",
    "Accept-Encoding": "identity",
    "Connection": "close",
    "User-Agent": "saycut",
}


def connected(
    addresses: tuple[Address, ...], port: int, rules: FetchRules, until: float, watch: Watch
) -> socket.socket:
    """A socket connected to the first of `addresses` that answers. Raises UrlFailed, Cancelled."""
    for address in addresses:
        patience = min(until, time.monotonic() + rules.connect_s)
        sock = _connected_to(address, port, patience, watch)
        if sock is not None:
            return sock
    raise failed(refusals.TOO_LATE if time.monotonic() >= until else refusals.UNREACHABLE)


def _connected_to(address: Address, port: int, until: float, watch: Watch) -> socket.socket | None:
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    try:
        sock = socket.socket(family, socket.SOCK_STREAM)
    except OSError:  # a machine without IPv6
        return None
    try:
        if _reached(sock, (str(address), port), until, watch):
            sock.setblocking(True)
            return sock
    except BaseException:
        sock.close()
        raise
    sock.close()
    return None


def _reached(sock: socket.socket, place: tuple[str, int], until: float, watch: Watch) -> bool:
    """Whether `sock` got through to `place` before `until`; looks for a cancel meanwhile."""
    sock.setblocking(False)
    if sock.connect_ex(place) not in (0, errno.EINPROGRESS):
        return False
    poll = select.poll()
    poll.register(sock, select.POLLOUT)
    while not poll.poll(_LOOK_MS):
        watch.check()
        if time.monotonic() >= until:
            return False
    return sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0


class _Counted:
    """The lines of an answer's head, at most `most_bytes` of them, however many there are."""

    def __init__(self, lines: Any, most_bytes: int) -> None:
        self._lines = lines
        self._left = most_bytes

    def readline(self, limit: int) -> bytes:
        line: bytes = self._lines.readline(min(limit, self._left + 1))
        self._left -= len(line)
        if self._left < 0:
            raise failed(refusals.HEADERS)
        return line

    def close(self) -> None:
        self._lines.close()


class _Answer(http.client.HTTPResponse):
    most_header_bytes: int

    def begin(self) -> None:
        """Read the head; the standard library's own limit is 65 kB for each of any number of lines."""
        lines: Any = self.fp
        self.fp = _Counted(lines, self.most_header_bytes)  # type: ignore[assignment]
        try:
            super().begin()
        finally:
            if self.fp is not None:
                self.fp = lines


class PinnedConnection(http.client.HTTPConnection):
    """A connection for one request over `sock`, which is connected to a checked address already."""

    def __init__(self, target: Target, sock: socket.socket, rules: FetchRules) -> None:
        super().__init__(target.host, target.port)
        self._target = target
        self._connected = sock
        self._answer: _Answer | None = None
        self._most_header_bytes = rules.most_header_bytes

    def connect(self) -> None:
        self.sock = self._connected

    def secured(self, context: ssl.SSLContext) -> None:
        """Go on under TLS, with the certificate checked for the target's host. Raises UrlFailed."""
        try:
            self._connected = context.wrap_socket(self._connected, server_hostname=self._target.host)
        except ssl.SSLCertVerificationError as error:
            raise failed(refusals.CERTIFICATE) from error

    def asked(self) -> http.client.HTTPResponse:
        """The head of the answer. Raises UrlFailed, OSError or HTTPException."""
        host = self._target.url.split("/")[2]
        usual = 443 if self._target.secure else 80
        host = host.removesuffix(f":{usual}")
        self.putrequest("GET", self._target.path, skip_host=True, skip_accept_encoding=True)
        for name, value in {"Host": host, **_ASKED_WITH}.items():
            self.putheader(name, value)
        self.endheaders()
        answer = self._answer = _Answer(self._connected, method="GET")
        answer.most_header_bytes = self._most_header_bytes
        answer.begin()
        return answer

    def close(self) -> None:
        if self._answer is not None:
            self._answer.close()  # it holds the socket open as well
        super().close()
        with contextlib.suppress(OSError):
            self._connected.close()
