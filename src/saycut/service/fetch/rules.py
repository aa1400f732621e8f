"""What a fetch may do and cost."""

import msgspec

from saycut.service.fetch.private_ranges import Network, networks


class FetchRules(msgspec.Struct, frozen=True, kw_only=True):
    """The limits of one fetch.

    `allowed_networks`: networks of the operator's own ("10.1.0.0/16") that may be fetched from although they
    are private. `min_bytes_per_s` is held over every `speed_window_s` spent waiting for bytes.
    """

    allowed_networks: tuple[str, ...] = ()
    ports: tuple[int, ...] = (80, 443, 8080, 8443)
    most_bytes: int = 500_000_000
    most_header_bytes: int = 32_768
    most_redirects: int = 5
    connect_s: float = 10.0  # for each address that is tried
    total_s: float = 1800.0
    min_bytes_per_s: float = 4096.0
    speed_window_s: float = 30.0

    def networks(self) -> tuple[Network, ...]:
        """`allowed_networks` read. Raises ValueError for a text that is no network."""
        return networks(self.allowed_networks)
