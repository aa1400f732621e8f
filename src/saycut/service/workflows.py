"""The durable job of a turn, step by step. A step that finished is never done again.

Steps may run twice when a machine is thought dead and is not: they write under temporary names, tell the
stream by keys, and settle credits by conditional updates, so that twice is as good as once.
"""

import asyncio
import time
from contextlib import aclosing
from typing import Any

import msgspec
from dbos import DBOS

from saycut.service import events, hooks, ledger, tracing, turns
from saycut.service.planning import Planned, plan_turn
from saycut.service.settling import request_for, settle
from saycut.service.tasks import Stopped, lines
from saycut.service.working import patiently, place, step, told_of, traced
from saycut.words import Words

_PROGRESS_EVERY_S = 1.0


@DBOS.workflow(name="run_turn")
async def run_turn(turn_id: str) -> None:
    """One turn: understood, carried out, settled. Who cancels it has settled it (`cancelling`)."""
    async with traced("turn", turn_id) as span:
        plan = msgspec.convert(await _planned(turn_id), Planned)
        span.tell(saycut__operations=len(plan.steps))
        if not plan.steps:
            return
        try:
            done = await _carried_out(turn_id, msgspec.to_builtins(plan.steps))
        except Stopped:
            return
        except Exception as error:
            told = told_of(error)
            span.fail(told["code"])
            await _failed(turn_id, told, plan.language)
            return
        await _settled(turn_id, done, msgspec.to_builtins(plan))


@DBOS.step(name="plan")
async def _planned(turn_id: str) -> dict[str, Any]:
    planned: dict[str, Any] = msgspec.to_builtins(await asyncio.to_thread(plan_turn, place(), turn_id))
    return planned


@step("carry_out")
async def _carried_out(turn_id: str, steps: list[dict[str, Any]]) -> dict[str, Any]:
    request = await asyncio.to_thread(request_for, place(), turn_id, steps)
    told_at_s = 0.0
    with tracing.span("task", saycut__task="turn"):
        async with aclosing(lines(request, lambda: _turn_is_over(turn_id))) as said:
            async for line in said:
                if "step" in line:
                    await asyncio.to_thread(_tell_step, turn_id, *line["step"])
                elif "progress" in line and time.monotonic() - told_at_s >= _PROGRESS_EVERY_S:
                    told_at_s = time.monotonic()
                    event = events.progress(turn_id, *line["progress"])
                    await asyncio.to_thread(_tell, turn_id, f"progress:{time.time_ns()}", event)
                elif "done" in line:
                    done: dict[str, Any] = line["done"]
    return {**done, "files": request["files"]}


@DBOS.step(name="settle")
async def _settled(turn_id: str, done: dict[str, Any], plan: dict[str, Any]) -> None:
    await asyncio.to_thread(settle, place(), turn_id, done, msgspec.convert(plan, Planned))


@DBOS.step(name="fail")
async def _failed(turn_id: str, told: dict[str, Any], language: str) -> None:
    await patiently(_undone, turn_id, told, language)


def _tell(turn_id: str, key: str, event: dict[str, Any]) -> None:
    with place().database.writing() as connection:
        turns.tell(connection, turn_id, key, event)


def _tell_step(turn_id: str, number: int, measured: dict[str, Any]) -> None:
    response = {key: value for key, value in measured.items() if key not in ("op", "args", "step")}
    _tell(turn_id, f"response:{number}", events.response(turn_id, number, measured["op"], response))


def _undone(turn_id: str, told: dict[str, Any], language: str) -> None:
    """Give back what is held, and say why nothing changed."""
    said = Words(told["en"], told.get("zh", told["en"])).said(language)
    with place().database.writing() as connection:
        if turns.is_open(connection, turn_id):
            ledger.release(connection, turn_id)
            turns.tell(connection, turn_id, "error", events.error(turn_id, told["code"], said))
            turns.tell(connection, turn_id, "end", events.text(turn_id, said, turnComplete=True))
            turns.end(connection, turn_id, "failed")
            hooks.turn_ended(connection, place().jobs, turn_id)


def _turn_is_over(turn_id: str) -> bool:
    with place().database.reading() as connection:
        turn = turns.of_id(connection, turn_id)
    return turn is None or turn.is_over
