"""Work that nobody waits for any more is stopped: whoever asked has gone."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from fastapi import Request

from saycut.errors import Cancelled

T = TypeVar("T")
_LOOK_S = 0.5


async def unless_gone(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """What `work` comes to; it is cancelled when the client has gone. Raises Cancelled then, and
    whatever `work` raises. The body of the request was read before."""
    doing = asyncio.ensure_future(work)
    try:
        while not doing.done():
            await asyncio.wait({doing}, timeout=_LOOK_S)
            if not doing.done() and await request.is_disconnected():
                raise Cancelled()
        return doing.result()
    finally:
        if not doing.done():
            doing.cancel()
            await asyncio.gather(doing, return_exceptions=True)
