"""An agent: the official client, over both transports, with what it was told on the way."""

import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult, ListRootsResult, Root, TextContent

from mcp import Client

PATIENCE_S = 300.0


class Agent:
    """One connection."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.progress: list[tuple[float, float | None, str | None]] = []

    async def result(self, tool: str, **arguments: Any) -> CallToolResult:
        """The answer, whatever it is."""
        return await self.client.call_tool(tool, arguments, PATIENCE_S, self._heard)

    async def call(self, tool: str, **arguments: Any) -> dict[str, Any]:
        """What a call answered, which is no error."""
        answer = await self.result(tool, **arguments)
        assert not answer.is_error, answer.content
        told: dict[str, Any] = answer.structured_content or {}
        return told

    async def refused(self, tool: str, **arguments: Any) -> str:
        """What a call that is an error said: one sentence."""
        answer = await self.result(tool, **arguments)
        assert answer.is_error, answer.structured_content
        (said,) = answer.content
        assert isinstance(said, TextContent)
        assert "\n" not in said.text and "Traceback" not in said.text
        return said.text

    async def applied(self, session_id: str, version: int, *operations: dict[str, Any]) -> dict[str, Any]:
        return await self.call(
            "apply_edit", session_id=session_id, version=version, operations=operations, wait_s=PATIENCE_S
        )

    async def _heard(self, progress: float, total: float | None, message: str | None) -> None:
        self.progress.append((progress, total, message))


def program(data_dir: Path, *roots: Path) -> StdioServerParameters:
    """`saycut mcp` with these folders."""
    flags = [part for root in roots for part in ("--root", str(root))]
    command = ["-m", "saycut", "mcp", "--data-dir", str(data_dir), *flags]
    return StdioServerParameters(command=sys.executable, args=command, env={"OMP_NUM_THREADS": "1"})


@asynccontextmanager
async def on_stdio(
    data_dir: Path, *roots: Path, shows: Sequence[Path] | None = None, mode: str = "auto"
) -> AsyncIterator[Agent]:
    """An agent with a server of its own; `shows` are the folders that it shows of itself."""

    async def list_roots(_: Any) -> ListRootsResult:
        return ListRootsResult(roots=[Root(uri=path.as_uri()) for path in shows or ()])

    callback = None if shows is None else list_roots
    async with Client(program(data_dir, *roots), list_roots_callback=callback, mode=mode) as client:
        yield Agent(client)


@asynccontextmanager
async def on_http(address: str, token: str | None, mode: str = "auto") -> AsyncIterator[Agent]:
    """An agent at a service."""
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=PATIENCE_S) as http,
        Client(streamable_http_client(f"{address}/mcp", http_client=http), mode=mode) as client,
    ):
        yield Agent(client)
