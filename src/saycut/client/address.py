"""Which service, as whom, and in the name of which skill."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from saycut.client.failures import BadAddress

# Where skills are installed, and what a service calls that place.
_PLATFORMS = ((".clawhub", "clawhub"), (".cursor/skills", "cursor"))


@dataclass(frozen=True, slots=True)
class Address:
    """A service. `token` and `client_id` are what the environment says, and never part of any text.

    `name`: what it is remembered by, for one whose address is another every time.
    """

    url: str
    web_url: str
    token: str | None = field(default=None, repr=False)
    client_id: str | None = field(default=None, repr=False)
    name: str = ""

    @property
    def known_as(self) -> str:
        """What of it is kept is kept under this."""
        return self.name or self.url

    @property
    def is_on_this_machine(self) -> bool:
        """Whether it is reached without any network."""
        return _is_loopback(urlsplit(self.url).hostname or "")


@dataclass(frozen=True, slots=True)
class Skill:
    """Who asks: recorded with every export."""

    source: str
    version: str
    platform: str = "unknown"


def address_of(environ: Mapping[str, str], server: str | None = None) -> Address | None:
    """The service to talk to: `server`, else SAYCUT_URL, else NEMO_API_URL; None when nobody names one.

    A token goes only where it belongs: each of the two tokens to the address of its own family, and
    SAYCUT_TOKEN also to a `server` that is given while SAYCUT_URL is not. Raises BadAddress.
    """
    ours, theirs = environ.get("SAYCUT_URL"), environ.get("NEMO_API_URL")
    chosen = server or ours or theirs
    if not chosen:
        return None
    url = checked_url(chosen)
    is_ours, is_theirs = _same(url, ours), _same(url, theirs)
    token = environ.get("NEMO_TOKEN") if is_theirs and not is_ours else None
    if is_ours or (server and not ours and not is_theirs):
        token = environ.get("SAYCUT_TOKEN")
    web = environ.get("NEMO_WEB_URL") if is_theirs else None
    return Address(
        url=url,
        web_url=checked_url(web) if web else url,
        token=token or None,
        client_id=environ.get("NEMO_CLIENT_ID") or None,
    )


def _same(url: str, other: str | None) -> bool:
    return other is not None and url == other.strip().rstrip("/")


def checked_url(url: str) -> str:
    """The address without a slash at its end. Raises BadAddress for what is no http address."""
    try:
        parts = urlsplit(url.strip())
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fine = False
    if not fine or parts.username or parts.password or parts.query or parts.fragment:
        raise BadAddress("an address like https://example.org is needed")
    return url.strip().rstrip("/")


def skill_of(environ: Mapping[str, str], source: str, version: str, installed: Path) -> Skill:
    """The skill at `installed`; SKILL_SOURCE overrides what its place says about the platform."""
    said = environ.get("SKILL_SOURCE")
    if said:
        return Skill(source, version, said)
    place = installed.as_posix()
    found = (name for folder, name in _PLATFORMS if f"/{folder}/" in f"{place}/")
    return Skill(source, version, next(found, "unknown"))


def same_origin(one: str, other: str) -> bool:
    """Whether two addresses are of one server: only then may one see what is meant for the other."""
    first, second = urlsplit(one), urlsplit(other)
    return (first.scheme, first.hostname, _port(first.scheme, first.port)) == (
        second.scheme,
        second.hostname,
        _port(second.scheme, second.port),
    )


def _port(scheme: str, port: int | None) -> int:
    return port or (443 if scheme == "https" else 80)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
