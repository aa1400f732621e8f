"""The project file of a render: a recipe (`studio.recipe`) that `saycut apply` and `saycut replay` read."""

import json
from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from saycut.service import sessions
from saycut.service.errors import ServiceError
from saycut.service.renders import RenderRow
from saycut.service.sessions import SessionRow
from saycut.studio.recipe import Recipe, as_file
from saycut.timeline.history import History


class NoProjectFile(ServiceError):
    """A project file is asked for that is not there yet, or never will be."""

    code = "no_project_file"
    wire_code = 409
    http_status = 409
    sentence_en = (
        "This render has no project file: it is not completed, or was made from a draft, not a plan."
    )
    sentence_zh = "该渲染没有项目文件：尚未完成，或由草稿而非计划生成。"
    hint_en = ""
    hint_zh = ""


def asked_of(
    connection: sa.Connection,
    session: SessionRow,
    history: History,
    steps: Sequence[dict[str, Any]],
    *,
    name: str,
    small: bool,
) -> dict[str, Any]:
    """What a render's task needs for the recipe: the plan that led to the present state of `session`, how
    many operations each turn of it had, and its files (`inputs`: None where some came after the first turn).

    The file is the last operation of all. What had nothing to act on stays out: it would have nothing again.
    """
    plan: list[dict[str, Any]] = []
    turns: list[int] = []
    before = ""
    for step in (each for each in steps if "step" in each):
        turn = str(step["step"]).partition(".")[0]  # a step is called by its turn and its place in that
        if turn != before:
            turns.append(0)
        before = turn
        turns[-1] += 1
        plan.append({"op": step["op"], "args": step["args"]})
    file: dict[str, Any] = {"format": name.rsplit(".", 1)[-1]}
    plan.append({"op": "export", "args": {**file, "quality": "small"} if small else file})
    said = [history.entries[place].said for place in history.path]
    rows = sessions.assets_of(connection, session.id)
    inputs = [{"name": r.name, "sha256": r.sha256, "size_bytes": r.info.byte_size} for r in rows]
    return {
        "plan": plan,
        "turns": [*turns, 1],
        "said": "; ".join(text for text in said if text),
        "name": name,
        "inputs": inputs if _came_first(history, {row.id for row in rows}) else None,
    }


def project_file(row: RenderRow) -> bytes:
    """The file. Raises NoProjectFile."""
    told = json.loads(row.receipt) if row.receipt is not None else {}
    if told.get("recipe") is None:
        raise NoProjectFile()
    return as_file(msgspec.convert(told["recipe"], Recipe))


def _came_first(history: History, uploaded: set[str]) -> bool:
    """Whether the files are those that were uploaded, all of them before the first turn: what is brought has
    no words."""
    if {asset.id for asset in history.project.assets if asset.bed is None} != uploaded:
        return False
    said = [bool(history.entries[place].said) for place in history.path]
    return said == sorted(said)
