"""A message posted to a web address, under the rules by which files are fetched from one.

The address is resolved once, checked and pinned; redirects are not followed, and of the answer only the
status is read.
"""

import http.client
import ssl
import time
from collections.abc import Mapping

from saycut.service.fetch import refusals
from saycut.service.fetch.pinned import PinnedConnection, connected
from saycut.service.fetch.refusals import failed
from saycut.service.fetch.resolving import Resolver, checked_addresses, system_resolver
from saycut.service.fetch.rules import FetchRules
from saycut.service.fetch.target import target_of
from saycut.service.fetch.watchdog import Watchdog
from saycut.watch import Watch


def check_address(url: str, rules: FetchRules, resolver: Resolver = system_resolver) -> None:
    """Whether anything may be posted there at all, now. Raises UrlRefused, UrlFailed."""
    target = target_of(url, rules.ports)
    checked_addresses(target, resolver, rules.networks(), time.monotonic() + rules.connect_s, Watch())


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    rules: FetchRules,
    resolver: Resolver = system_resolver,
    context: ssl.SSLContext | None = None,
) -> int:
    """The status that the host answers with. Blocks. Raises UrlRefused, UrlFailed."""
    watch, until = Watch(), time.monotonic() + rules.total_s
    target = target_of(url, rules.ports)
    addresses = checked_addresses(target, resolver, rules.networks(), until, watch)
    sock = connected(addresses, target.port, rules, until, watch)
    connection = PinnedConnection(target, sock, rules)
    try:
        with Watchdog(sock, rules, until, watch) as watchdog:
            try:
                with watchdog.reading():
                    if target.secure:
                        connection.secured(context or ssl.create_default_context())
                    connection.request("POST", target.path, body, dict(headers))
                    return connection.getresponse().status
            except (OSError, http.client.HTTPException, ValueError) as error:
                watchdog.raise_if_hung_up()
                raise failed(refusals.NO_HTTP) from error
    finally:
        connection.close()
