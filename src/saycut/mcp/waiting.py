"""Jobs as an agent sees them, and waiting for one with progress. Whoever stops waiting stops no job."""

import asyncio
import json
from typing import Any, Literal

from saycut.mcp.desk import Asked, Desk
from saycut.mcp.shapes import Job
from saycut.service import renders, sessions, turns
from saycut.service.accounts import User
from saycut.service.renders import RenderRow
from saycut.service.turns import TurnRow

_POLL_S = 0.1
TURN = "e-"  # how ids of turns begin; those of renders are chosen by whoever asks for them
Status = Literal["waiting", "running", "done", "failed", "cancelled"]
_OF_TURN: dict[str, Status] = {"queued": "waiting"}
_OF_RENDER: dict[str, Status] = {"pending": "waiting", "processing": "running", "completed": "done"}


def job(desk: Desk, user: User, job_id: str) -> Job:
    """How far it is. Raises TurnNotFound, RenderNotFound."""
    with desk.workplace.database.reading() as connection:
        if job_id.startswith(TURN):
            turn = turns.of_user(connection, user.id, job_id)
            told = [json.loads(body) for _, body in turns.told_after(connection, turn.id, 0)]
            version = sessions.of_user(connection, user.id, turn.session_id).version
            return _of_turn(turn, told, version)
        return _of_render(renders.of_user(connection, user.id, job_id))


async def over(desk: Desk, user: User, job_id: str, wait_s: float, context: Asked) -> Job:
    """The job when it is over, or as it is when the wait is. Tells how far it is meanwhile."""
    loop = asyncio.get_running_loop()
    until_s = loop.time() + wait_s
    told = -1
    while True:
        seen = await asyncio.to_thread(job, desk, user, job_id)
        if seen.progress > told:
            told = seen.progress
            await context.report_progress(told, 100, seen.said or seen.status)
        if seen.status not in ("waiting", "running") or loop.time() >= until_s:
            return seen
        await asyncio.sleep(_POLL_S)


def _of_turn(turn: TurnRow, told: list[dict[str, Any]], version: int) -> Job:
    status = _OF_TURN.get(turn.status) or turn.status
    parts = [part for event in told for part in (event.get("content") or {}).get("parts", ())]
    said = [part["text"] for part in parts if "text" in part]
    receipts = [event.get("customMetadata", {}).get("receipt", {}) for event in told]
    errors = [event["errorCode"] for event in told if "errorCode" in event]
    return Job.model_validate(
        {
            "job_id": turn.id,
            "kind": "edit",
            "status": status,
            "session_id": turn.session_id,
            "progress": 100 if turn.is_over else _share(told, parts),
            "said": said[-1] if said else None,
            "version": version,
            "measured": next((r["operations"] for r in reversed(receipts) if "operations" in r), []),
            "error": errors[-1] if errors else None,
        }
    )


def _share(told: list[dict[str, Any]], parts: list[dict[str, Any]]) -> int:
    """Percent of a turn under way: the operations that are done, and a part of the one that is not."""
    calls = sum("functionCall" in part for part in parts)
    if not calls:
        return 0
    done, within = 0, 0.0
    for event in told:
        if any("functionResponse" in part for part in (event.get("content") or {}).get("parts", ())):
            done, within = done + 1, 0.0
        elif "progress" in event.get("customMetadata", {}):
            within = max(within, event["customMetadata"]["progress"]["fraction"])
    return min(round(100 * (done + within) / calls), 99)


def _of_render(row: RenderRow) -> Job:
    status = _OF_RENDER.get(row.status) or row.status
    error = json.loads(row.error) if row.error else None
    return Job.model_validate(
        {
            "job_id": row.id,
            "kind": "export",
            "status": status,
            "session_id": row.session_id,
            "progress": row.progress,
            "eta_s": row.eta_s,
            "said": None if error is None else error["en"],
            "error": None if error is None else error["code"],
        }
    )
