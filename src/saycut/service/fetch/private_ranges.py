"""Which addresses are on the public internet: every other range, with the document that sets it apart.

Sources: the IANA special-purpose address registries for IPv4 and IPv6 and the IANA IPv6 global unicast
assignments, which cite the RFCs named here. A range that embeds an IPv4 address is refused whole: where it
is routed at all, it is a way round a check of the address that is embedded.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_REFUSED: tuple[tuple[str, str], ...] = (
    ("0.0.0.0/8", "RFC 791, 1122: this host; Linux connects 0.0.0.0 to itself"),
    ("10.0.0.0/8", "RFC 1918: private"),
    ("100.64.0.0/10", "RFC 6598: shared by a provider's customers (CGNAT); some clouds' metadata"),
    ("127.0.0.0/8", "RFC 1122: loopback"),
    ("168.63.129.16/32", "Azure's host agent, on a public address"),
    ("169.254.0.0/16", "RFC 3927: link-local; cloud metadata at 169.254.169.254"),
    ("172.16.0.0/12", "RFC 1918: private"),
    ("192.0.0.0/24", "RFC 6890: protocol assignments; Oracle's metadata at 192.0.0.192"),
    ("192.0.2.0/24", "RFC 5737: documentation"),
    ("192.31.196.0/24", "RFC 7535: AS112, answered by whatever is nearest"),
    ("192.52.193.0/24", "RFC 7450: multicast relays"),
    ("192.88.99.0/24", "RFC 7526: 6to4 relays, withdrawn"),
    ("192.168.0.0/16", "RFC 1918: private"),
    ("192.175.48.0/24", "RFC 7534: AS112, answered by whatever is nearest"),
    ("198.18.0.0/15", "RFC 2544: benchmarks"),
    ("198.51.100.0/24", "RFC 5737: documentation"),
    ("203.0.113.0/24", "RFC 5737: documentation"),
    ("224.0.0.0/4", "RFC 5771: multicast"),
    ("240.0.0.0/4", "RFC 1112, 919: reserved, and the broadcast address"),
    ("::/8", "RFC 4291: unspecified, loopback, IPv4-compatible and IPv4-mapped (::ffff:0:0/96)"),
    ("64:ff9b::/96", "RFC 6052: NAT64, embeds an IPv4 address"),
    ("64:ff9b:1::/48", "RFC 8215: NAT64 of one network, embeds an IPv4 address"),
    ("100::/64", "RFC 6666: discarded"),
    ("2001::/23", "RFC 2928: protocol assignments, with Teredo (2001::/32, RFC 4380, embeds an IPv4"
     " address), benchmarks (2001:2::/48, RFC 5180) and ORCHID (RFC 4843, 7343)"),
    ("2001:db8::/32", "RFC 3849: documentation"),
    ("2002::/16", "RFC 3056: 6to4, embeds an IPv4 address"),
    ("2620:4f:8000::/48", "RFC 7534: AS112, answered by whatever is nearest"),
    ("3fff::/20", "RFC 9637: documentation"),
    ("5f00::/16", "RFC 9602: segment routing"),
    ("fc00::/7", "RFC 4193: private (unique local)"),
    ("fe80::/10", "RFC 4291: link-local"),
    ("fec0::/10", "RFC 3879: site-local, withdrawn"),
    ("ff00::/8", "RFC 4291: multicast"),
)  # fmt: skip
REFUSED: tuple[tuple[Network, str], ...] = tuple((ip_network(text), why) for text, why in _REFUSED)

# RFC 4291 and IANA: nothing outside of it has been given to anybody on the public internet.
_GLOBAL_UNICAST = IPv6Network("2000::/3")
# RFC 5214: the interface identifiers of ISATAP, which embed an IPv4 address under any prefix.
_ISATAP = (0x0000_5EFE, 0x0200_5EFE)


def networks(allowed: Iterable[str]) -> tuple[Network, ...]:
    """The networks that the operator allows, from "10.1.0.0/16" and the like. Raises ValueError."""
    return tuple(ip_network(text) for text in allowed)


def is_public(address: Address) -> bool:
    """Whether `address` may be anybody's on the public internet."""
    if isinstance(address, IPv6Address):
        if address.scope_id is not None or address not in _GLOBAL_UNICAST:
            return False
        if int(address) >> 32 & 0xFFFF_FFFF in _ISATAP:
            return False
    if any(address in network for network, _ in REFUSED if network.version == address.version):
        return False
    # Python's own copy of the registries may know a range that came after this table.
    return address.is_global and not address.is_multicast and not address.is_reserved


def may_be_reached(address: Address, allowed: tuple[Network, ...] = ()) -> bool:
    """Whether `address` is public, or lies in a network that the operator `allowed`."""
    return is_public(address) or any(
        address in network for network in allowed if network.version == address.version
    )
