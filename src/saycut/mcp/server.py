"""The protocol's side: which tools there are, what each does to the world, and errors in one sentence."""

import logging
from collections.abc import Callable
from typing import Any

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError, UnexpectedToolError
from mcp.server.mcpserver.tools import Tool
from mcp.types import CallToolResult, InputRequiredResult, TextContent, ToolAnnotations
from pydantic import ConfigDict, ValidationError

from saycut import __version__
from saycut.errors import SaycutError
from saycut.mcp.desk import Desk
from saycut.mcp.editing import Editing
from saycut.mcp.jobs import Jobs
from saycut.mcp.local import Local
from saycut.mcp.remote import Remote
from saycut.planner.settings import planner_settings
from saycut.service.logs import log
from saycut.service.room import NoRoom, is_full

_INSTRUCTIONS = (
    "Saycut edits video and sound from plain words: noise, silences, sync, music, voiceovers, titles, cuts. "
    "open_media, then plan_edit with what the person wants, then apply_edit with the operations and the "
    "version of the plan, preview if in doubt, then export. Every edit can be undone. After an edit or an "
    "upload the version has moved on: use the newest one told."
)
_FAULT = "Something went wrong inside Saycut. (internal)"


def server(desk: Desk, media: Local | Remote) -> MCPServer[Any]:
    """The tools of a door; `media` is how files come in and go out there."""
    editing, jobs = Editing(desk), Jobs(desk)
    beyond = isinstance(media, Remote)  # it fetches links
    tools = [
        _tool(media.open_media, "Open media", idempotent=False, open_world=beyond),
        # A model of the person's own choice may make the plan, wherever that is.
        _tool(editing.plan_edit, "Plan an edit", read_only=True, open_world=planner_settings() is not None),
        _tool(editing.apply_edit, "Apply an edit"),
        _tool(editing.undo, "Undo"),
        _tool(editing.get_timeline, "Look at the timeline", read_only=True),
        _tool(editing.preview, "Preview", read_only=True),
        _tool(media.export, "Export"),
        _tool(jobs.job_status, "Status of a job", read_only=True),
        _tool(jobs.cancel_job, "Cancel a job", destructive=True),
        _tool(jobs.report, "Report", read_only=True),
    ]
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    made = _Server(
        "saycut",
        title="Saycut",
        version=__version__,
        instructions=_INSTRUCTIONS,
        tools=tools,
        subscriptions=False,
    )
    root.handlers[:] = handlers  # it sets up the log of the whole process, which is not its own
    root.setLevel(level)
    return made


class _Server(MCPServer[Any]):
    """With errors as people read them: one sentence and the stable code, nothing of the inside."""

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """One call."""
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as error:
            said = _said(name, error)
        return CallToolResult(content=[TextContent(text=said)], is_error=True)


def _said(name: str, error: ToolError) -> str:
    cause = error.__cause__
    if isinstance(cause, ValidationError):
        first = cause.errors(include_url=False, include_context=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        return f"{field}: {first['msg']}. (bad_arguments)"
    if not isinstance(error, UnexpectedToolError):
        return f"There is no tool “{name[:64]}”. (unknown_tool)"
    if isinstance(cause, SaycutError):
        return f"{cause.sentence('en')} {cause.hint('en')}".strip() + f" ({cause.code})"
    if cause is not None and is_full(cause):
        full = NoRoom()
        return f"{full.sentence('en')} ({full.code})"
    log("mcp_fault", tool=name, reason=type(cause).__name__)
    return _FAULT


def _tool(
    work: Callable[..., Any],
    title: str,
    *,
    read_only: bool = False,
    destructive: bool = False,
    idempotent: bool = True,
    open_world: bool = False,
) -> Tool:
    """A tool that takes the arguments it names and no others."""
    made = Tool.from_function(
        work,
        title=title,
        description=" ".join((work.__doc__ or "").split()),
        annotations=ToolAnnotations(
            title=title,
            read_only_hint=read_only,
            destructive_hint=destructive,
            idempotent_hint=idempotent,
            open_world_hint=open_world,
        ),
    )
    arguments = made.fn_metadata.arg_model
    arguments.model_config = ConfigDict(**{**arguments.model_config, "extra": "forbid"})
    arguments.model_rebuild(force=True)
    made.parameters = arguments.model_json_schema(by_alias=True)
    return made
