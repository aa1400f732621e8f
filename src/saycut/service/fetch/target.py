"""A web address taken apart, and refused where two readers could take it apart differently.

Most ways round an address check are texts that the checker and the connecting library read differently
(Orange Tsai, "A New Era of SSRF", 2017). Here the text is read once, strictly; what is connected to and what
is said in `Host` and SNI come from this reading alone.
"""

import re
import unicodedata
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

import msgspec

from saycut.service.fetch import refusals
from saycut.service.fetch.private_ranges import Address
from saycut.service.fetch.refusals import refused

_MOST_CHARACTERS = 4096
_DEFAULT_PORTS = {"http": 80, "https": 443}
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
# A last label like this makes the whole host a number (WHATWG URL, "ends in a number").
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+")
_BRACKETED = re.compile(r"\[[0-9A-Fa-f:.]+\](:[0-9]*)?")
_SAFE_IN_PATH = "/%:@!$&'()*+,;=-._~"


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """What to connect to and what to ask for. `literal` is set where the host is written as an address."""

    scheme: str
    host: str
    port: int
    path: str  # with the query, as it stands in the request line
    literal: Address | None = None

    @property
    def secure(self) -> bool:
        return self.scheme == "https"

    @property
    def url(self) -> str:
        """The address again, in the one form."""
        host = f"[{self.host}]" if isinstance(self.literal, IPv6Address) else self.host
        return f"{self.scheme}://{host}:{self.port}{self.path}"

    @property
    def last_part(self) -> str:
        """The last part of the path, as a person reads it."""
        return unquote(self.path.partition("?")[0].rsplit("/", 1)[-1], errors="replace")


def target_of(text: str, ports: tuple[int, ...]) -> Target:
    """The target that `text` names. Raises UrlRefused."""
    text = text.strip()
    if len(text) > _MOST_CHARACTERS or any(_is_odd(letter) for letter in text):
        raise refused(refusals.NO_URL)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise refused(refusals.NO_URL) from error
    if parts.scheme not in _DEFAULT_PORTS:
        raise refused(refusals.SCHEME if parts.scheme else refusals.NO_URL)
    if "@" in parts.netloc:
        raise refused(refusals.CREDENTIALS)
    port = _DEFAULT_PORTS[parts.scheme] if port is None else port
    if port not in ports:
        raise refused(refusals.PORT)
    host, literal = _host(parts)
    path = quote(parts.path or "/", safe=_SAFE_IN_PATH)
    query = quote(parts.query, safe=_SAFE_IN_PATH + "?")
    whole = f"{path}?{query}" if query else path
    return Target(scheme=parts.scheme, host=host, port=port, path=whole, literal=literal)


def led_to(target: Target, location: str, ports: tuple[int, ...]) -> Target:
    """The target that an answer's `Location` names. Raises UrlRefused, also for https that leads to http."""
    try:
        joined = urljoin(target.url, location.strip())
    except ValueError as error:
        raise refused(refusals.NO_URL) from error
    following = target_of(joined, ports)
    if target.secure and not following.secure:
        raise refused(refusals.DOWNGRADE)
    return following


def _is_odd(letter: str) -> bool:
    """Characters that libraries drop or take for a separator."""
    return letter == "\\" or unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp", "Zs")


def _host(parts: SplitResult) -> tuple[str, Address | None]:
    host = parts.hostname or ""
    if "[" in parts.netloc:
        if not _BRACKETED.fullmatch(parts.netloc):  # a zone is refused too: it names one of our interfaces
            raise refused(refusals.NO_URL)
        return _ipv6(host)
    try:
        host = host.encode("idna").decode("ascii").lower() if not host.isascii() else host
    except UnicodeError as error:
        raise refused(refusals.NO_URL) from error
    host = host.removesuffix(".")
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise refused(refusals.NO_URL)
    if not _NUMBER.fullmatch(labels[-1]):
        return host, None
    try:
        return host, IPv4Address(host)
    except AddressValueError as error:  # 2130706433, 0x7f.1, 0177.0.0.1: no person writes these
        raise refused(refusals.NO_URL) from error


def _ipv6(host: str) -> tuple[str, IPv6Address]:
    try:
        address = IPv6Address(host)
    except AddressValueError as error:
        raise refused(refusals.NO_URL) from error
    return str(address), address
