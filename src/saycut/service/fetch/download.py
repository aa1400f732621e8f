"""A file fetched from the web, by addresses that were checked, in constant memory.

Every hop is resolved once, checked and pinned anew; redirects are followed here and by nothing else. There
are no cookies, no credentials and no proxies of the environment, and nothing is unpacked.
"""

import http.client
import re
import ssl
import time
from collections.abc import Callable
from typing import TypeVar

import msgspec

from saycut.service.fetch import refusals
from saycut.service.fetch.naming import file_name, header_text
from saycut.service.fetch.pinned import PinnedConnection, connected
from saycut.service.fetch.refusals import answered_with, failed, refused, too_large
from saycut.service.fetch.resolving import Resolver, checked_addresses, system_resolver
from saycut.service.fetch.rules import FetchRules
from saycut.service.fetch.target import Target, led_to, target_of
from saycut.service.fetch.watchdog import Watchdog
from saycut.watch import Watch
from saycut.words import Words

ReadT = TypeVar("ReadT")
Writer = Callable[[bytes], object]
_BLOCK_BYTES = 65_536
_UNTOLD = "application/octet-stream"
_LENGTH = re.compile(r"[0-9]{1,18}")
_REDIRECTS = (301, 302, 303, 307, 308)


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """What came: its name for people, its size, and what the host called its type (never trusted)."""

    name: str
    size_bytes: int
    content_type: str


def fetch(
    url: str,
    write: Writer,
    *,
    rules: FetchRules | None = None,
    watch: Watch | None = None,
    resolver: Resolver = system_resolver,
    context: ssl.SSLContext | None = None,
) -> Fetched:
    """Fetch `url` and hand its bytes to `write` block by block (at most 64 KiB each).

    Blocks the calling thread. On an error `write` may have had a part of the file: keep it only after a
    return. Raises UrlRefused, UrlFailed, LimitExceeded (too many bytes), Cancelled, and what `write` raises.
    """
    rules, watch = rules or FetchRules(), watch or Watch()
    hops = _Hops(write, rules, watch, resolver, context)
    asked = target = target_of(url, rules.ports)
    for _ in range(rules.most_redirects + 1):
        came = hops.hop(asked, target)
        if isinstance(came, Fetched):
            return came
        target = led_to(target, came, rules.ports)
    raise refused(refusals.REDIRECTS)


class _Hops:
    """What the hops of one fetch have in common: limits, the deadline, where the bytes go."""

    def __init__(
        self,
        write: Writer,
        rules: FetchRules,
        watch: Watch,
        resolver: Resolver,
        context: ssl.SSLContext | None,
    ) -> None:
        self._write = write
        self._rules = rules
        self._allowed = rules.networks()
        self._watch = watch
        self._resolver = resolver
        self._context = context
        self._until = time.monotonic() + rules.total_s

    def hop(self, asked: Target, target: Target) -> Fetched | str:
        """The file from `target`, or where its answer leads to."""
        until, watch = self._until, self._watch
        addresses = checked_addresses(target, self._resolver, self._allowed, until, watch)
        sock = connected(addresses, target.port, self._rules, until, watch)
        connection = PinnedConnection(target, sock, self._rules)
        try:
            with Watchdog(sock, self._rules, until, watch) as watchdog:
                return self._answer(asked, target, connection, watchdog)
        finally:
            connection.close()

    def _answer(
        self, asked: Target, target: Target, connection: PinnedConnection, watchdog: Watchdog
    ) -> Fetched | str:
        answer = _read(watchdog, refusals.NO_HTTP, lambda: self._head(target, connection))
        if answer.status in _REDIRECTS and answer.headers["Location"]:
            return header_text(answer.headers["Location"])
        if answer.status != 200:
            raise answered_with(answer.status)
        size_bytes = self._body(answer, _length(answer, self._rules.most_bytes), watchdog)
        name = file_name(answer.headers["Content-Disposition"], asked, target)
        told = answer.headers.get_content_type() if "Content-Type" in answer.headers else _UNTOLD
        return Fetched(name=name, size_bytes=size_bytes, content_type=told)

    def _head(self, target: Target, connection: PinnedConnection) -> http.client.HTTPResponse:
        if target.secure:
            connection.secured(self._context or ssl.create_default_context())
        return connection.asked()

    def _body(self, answer: http.client.HTTPResponse, length: int | None, watchdog: Watchdog) -> int:
        came = 0
        while length is None or came < length:
            block = _read(watchdog, refusals.CUT_SHORT, lambda: answer.read1(_BLOCK_BYTES))
            if not block:
                break
            came += len(block)
            watchdog.count(len(block))
            if came > self._rules.most_bytes:
                raise too_large(self._rules.most_bytes)
            self._write(block)
            self._watch.report("fetch", came / length if length else 0.0)
        watchdog.raise_if_hung_up()  # to the reader of a file without a length this looks like its end
        if length is not None and came < length:
            raise failed(refusals.CUT_SHORT)
        return came


def _read(watchdog: Watchdog, otherwise: Words, read: Callable[[], ReadT]) -> ReadT:
    """What `read` gives. Raises UrlFailed with the reason that the watchdog has, else with `otherwise`."""
    try:
        with watchdog.reading():
            return read()
    except (OSError, http.client.HTTPException, ValueError) as error:
        watchdog.raise_if_hung_up()
        raise failed(otherwise) from error


def _length(answer: http.client.HTTPResponse, most_bytes: int) -> int | None:
    """How long the body says it is, None where it does not. Raises UrlFailed, LimitExceeded.

    A body that is packed in any way is refused: a few bytes of it could become very many.
    """
    if (answer.headers["Content-Encoding"] or "identity").strip().lower() != "identity":
        raise failed(refusals.COMPRESSED)
    carried = answer.headers["Transfer-Encoding"]
    if carried is not None:
        if carried.strip().lower() != "chunked":
            raise failed(refusals.COMPRESSED)
        return None
    told = set(answer.headers.get_all("Content-Length", ()))
    if not told:
        return None
    text = told.pop().strip()
    if told or not _LENGTH.fullmatch(text):
        raise failed(refusals.NO_HTTP)
    if int(text) > most_bytes:
        raise too_large(most_bytes)
    return int(text)
