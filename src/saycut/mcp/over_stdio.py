"""The door on standard input and output, for one agent on this machine."""

import signal
from collections.abc import Sequence
from pathlib import Path

import anyio

from saycut.mcp.desk import Desk
from saycut.mcp.fence import Fence
from saycut.mcp.local import Local
from saycut.mcp.server import server
from saycut.service import accounts
from saycut.service.operator import operator_token
from saycut.service.workplace import Workplace


def serve(workplace: Workplace, roots: Sequence[Path]) -> None:
    """Answer until standard input is closed, for the operator of this machine. Nothing but the protocol is
    written to standard output. Raises NotFound for a root that is no folder."""
    fence = Fence(roots)
    token = operator_token(workplace).read_text("ascii").strip()
    with workplace.database.reading() as connection:
        user = accounts.whose(connection, token)
    desk = Desk(workplace, user)
    # Whoever ends us need not wait for a line: what is under way is kept by the service.
    for which in (signal.SIGINT, signal.SIGTERM):
        signal.signal(which, signal.SIG_DFL)
    anyio.run(server(desk, Local(desk, fence)).run_stdio_async)
