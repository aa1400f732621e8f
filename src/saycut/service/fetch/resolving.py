"""A host's addresses, looked up once and every one of them checked.

The connection is made to an address from this list (`pinned`), never to the name again: a second look-up
could be answered differently (DNS rebinding).
"""

import queue
import socket
import threading
import time
from collections.abc import Callable, Sequence
from ipaddress import ip_address

from saycut.service.fetch import refusals
from saycut.service.fetch.private_ranges import Address, Network, may_be_reached
from saycut.service.fetch.refusals import failed, refused
from saycut.service.fetch.target import Target
from saycut.watch import Watch

Resolver = Callable[[str], Sequence[str]]
"""From a host's name to all its addresses as text. Raises OSError when there are none."""

_LOOK_S = 0.05


def system_resolver(host: str) -> Sequence[str]:
    """What the machine's own resolver says. Raises OSError."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(answer[4][0]) for answer in found))


def checked_addresses(
    target: Target, resolver: Resolver, allowed: tuple[Network, ...], until: float, watch: Watch
) -> tuple[Address, ...]:
    """The addresses of the target's host. Raises UrlRefused unless there is one and all may be reached."""
    found = (
        [target.literal] if target.literal is not None else _looked_up(target.host, resolver, until, watch)
    )
    if not found or not all(may_be_reached(address, allowed) for address in found):
        raise refused(refusals.NOT_PUBLIC)
    return tuple(found)


def _looked_up(host: str, resolver: Resolver, until: float, watch: Watch) -> list[Address]:
    """`resolver`'s answer, without waiting for it longer than `until` or after a cancel.

    A look-up of the system cannot be ended from outside; it is left behind and ends by its own limits.
    """
    answers: queue.SimpleQueue[list[Address] | Exception] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            answers.put([ip_address(text) for text in resolver(host)])
        except (OSError, ValueError) as error:
            answers.put(error)

    threading.Thread(target=look_up, daemon=True, name="resolve").start()
    while True:
        watch.check()
        if time.monotonic() >= until:
            raise failed(refusals.TOO_LATE)
        try:
            answer = answers.get(timeout=_LOOK_S)
        except queue.Empty:
            continue
        if isinstance(answer, Exception):
            raise refused(refusals.NOT_PUBLIC) from answer
        return answer
