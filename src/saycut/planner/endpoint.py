"""One question to one endpoint: JSON out, JSON in, within a deadline and a size. Follows no redirect."""

import contextlib
import http.client
import socket
import ssl
import threading
import time
from typing import Any

import msgspec

from saycut.planner.settings import PlannerSettings

_MOST_BYTES = 256 * 1024  # a plan is a few hundred bytes
_LATE = "it did not answer in time"


class NoAnswer(Exception):
    """The endpoint gave no usable answer; the text says why, in a few words of our own."""


class Refused(NoAnswer):
    """An answer came and it is no plan: worth one more try, with the reason."""


def asked(settings: PlannerSettings, body: dict[str, Any], until: float) -> Any:
    """The JSON that the endpoint answers to `body` before `until` (a time of `time.monotonic`).

    Raises Refused for an answer that is no JSON, NoAnswer for everything else that goes wrong.
    """
    left_s = until - time.monotonic()
    if left_s <= 0:
        raise NoAnswer(_LATE)
    connection = _connection(settings, left_s)
    watchdog = threading.Timer(left_s, _hang_up, (connection,))  # a server may drip bytes for ever
    watchdog.daemon = True
    watchdog.start()
    try:
        return msgspec.json.decode(_answer(connection, settings, body))
    except (msgspec.DecodeError, RecursionError) as error:
        raise Refused("the answer was no JSON") from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        late = time.monotonic() >= until or isinstance(error, TimeoutError)
        raise NoAnswer(_LATE if late else "it could not be reached") from error
    finally:
        watchdog.cancel()
        connection.close()


def _connection(settings: PlannerSettings, timeout_s: float) -> http.client.HTTPConnection:
    address = settings.address
    host, port = str(address.hostname), address.port
    if address.scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=timeout_s, context=context)
    return http.client.HTTPConnection(host, port, timeout=timeout_s)


def _hang_up(connection: http.client.HTTPConnection) -> None:
    """End a connection from outside: what waits for its bytes then fails."""
    if connection.sock is not None:
        with contextlib.suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)


def _answer(connection: http.client.HTTPConnection, settings: PlannerSettings, body: dict[str, Any]) -> bytes:
    """The body of the answer. Raises NoAnswer for a status that is not 200 and for too long a body."""
    address = settings.address
    target = f"{address.path}?{address.query}" if address.query else address.path
    connection.request("POST", target, msgspec.json.encode(body), _headers(settings))
    response = connection.getresponse()
    if response.status != 200:
        raise NoAnswer(f"it answered with status {response.status}")
    read = response.read(_MOST_BYTES + 1)
    if len(read) > _MOST_BYTES:
        raise NoAnswer("the answer was too long")
    return read


def _headers(settings: PlannerSettings) -> dict[str, str]:
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    return {**headers, "Authorization": f"Bearer {settings.key}"} if settings.key else headers
