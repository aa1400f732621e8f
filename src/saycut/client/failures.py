"""What can go wrong between a client and a service. None of these carries a token, a header or a body."""

from typing import Any


class ClientError(Exception):
    """Base of this room's errors."""


class BadAddress(ClientError):
    """What was given as the service's address is none."""


class Stopped(ClientError):
    """The person stopped it."""


class Unreachable(ClientError):
    """Nobody answers at the address. Nothing was sent, so that asking again costs nothing."""


class Dropped(ClientError):
    """The connection went away in the middle: nobody knows how much the service has heard."""


class Garbled(ClientError):
    """An answer that is not of the wire format."""


class NoSuchFile(ClientError):
    """A file that was to be sent is not there. `name` as the person gave it."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Refused(ClientError):
    """The service said no: its code (0 when it gave none), the HTTP status, and what came with it."""

    def __init__(
        self,
        code: int,
        status: int,
        message: str = "",
        data: dict[str, Any] | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(f"code {code}, status {status}")
        self.code = code
        self.status = status
        self.message = message
        self.data = data or {}
        self.retry_after_s = retry_after_s
