"""What is promised of the tools, over both transports: names, arguments, answers, and what each does."""

from pathlib import Path
from typing import Any

import pytest

from mcp import Client
from saycut.mcp.desk import Desk
from saycut.mcp.fence import Fence
from saycut.mcp.local import Local
from saycut.mcp.remote import Remote
from saycut.mcp.server import server
from saycut.service.workplace import ServiceSettings, Workplace

pytestmark = pytest.mark.anyio
LOOKS, CHANGES, STOPS = (True, False, True), (False, False, True), (False, True, True)
# name: (readOnly, destructive, idempotent), arguments with those that are needed first
TOOLS: dict[str, tuple[tuple[bool, bool, bool], list[str], list[str]]] = {
    "open_media": ((False, False, False), [], ["session_id", "version"]),
    "plan_edit": (LOOKS, ["session_id", "text"], []),
    "apply_edit": (CHANGES, ["operations", "session_id", "version"], ["wait_s"]),
    "undo": (CHANGES, ["session_id", "version"], ["steps"]),
    "get_timeline": (LOOKS, ["session_id"], []),
    "preview": (LOOKS, ["session_id"], ["at_s", "seconds", "what"]),
    "export": (CHANGES, ["session_id", "version"], ["format", "quality", "wait_s"]),
    "job_status": (LOOKS, ["job_id"], []),
    "cancel_job": (STOPS, ["job_id"], []),
    "report": (LOOKS, ["job_id"], []),
}


@pytest.mark.parametrize("door", ["stdio", "http"])
async def test_the_list_of_tools(door: str, tmp_path: Path) -> None:
    workplace = Workplace(ServiceSettings(data_dir=tmp_path / "data"))
    desk = Desk(workplace)
    local = door == "stdio"
    made = server(desk, Local(desk, Fence([tmp_path])) if local else Remote(desk))
    async with Client(made) as client:
        tools = (await client.list_tools()).tools
    workplace.close()
    assert [tool.name for tool in tools] == list(TOOLS)
    for tool in tools:
        hints, needed, others = TOOLS[tool.name]
        if tool.name == "open_media":
            needed = ["files"] if local else ["links"]
        if tool.name == "export" and local:
            others = [*others, "save_as"]
        told = tool.annotations
        assert told is not None
        assert (told.read_only_hint, told.destructive_hint, told.idempotent_hint) == hints, tool.name
        assert told.open_world_hint == (tool.name == "open_media" and not local), tool.name
        schema: dict[str, Any] = tool.input_schema
        assert schema["additionalProperties"] is False
        assert sorted(schema["required"]) == needed, tool.name
        assert sorted(schema["properties"]) == sorted([*needed, *others]), tool.name
        assert tool.output_schema is not None and tool.output_schema["type"] == "object"
        assert tool.title and tool.description and len(tool.description) < 600


async def test_a_model_elsewhere_makes_planning_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAYCUT_LLM_URL", "http://127.0.0.1:1/v1")
    monkeypatch.setenv("SAYCUT_LLM_MODEL", "any")
    workplace = Workplace(ServiceSettings(data_dir=tmp_path / "data"))
    desk = Desk(workplace)
    async with Client(server(desk, Remote(desk))) as client:
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
    workplace.close()
    hints = tools["plan_edit"].annotations
    assert hints is not None and hints.open_world_hint is True
