"""The durable jobs: a turn and a render, step by step. A step that finished is never done again.

Steps may run twice when a machine is thought dead and is not: they write under temporary names, tell the
stream by keys, and settle credits by conditional updates, so that twice is as good as once.
"""

import asyncio
import json
import time
from contextlib import aclosing
from pathlib import Path
from typing import Any

import msgspec
from dbos import DBOS

from saycut.language.understand import Step
from saycut.service import delivering, events, hooks, ledger, renders, sessions, telling, turns
from saycut.service.planning import Planned, plan_turn
from saycut.service.room import NoRoom, is_full
from saycut.service.task import history_data, history_of
from saycut.service.tasks import Stopped, TaskFailed, lines
from saycut.service.workplace import Workplace
from saycut.studio.bringing import with_files
from saycut.studio.opening import asset_of
from saycut.words import Words

_PROGRESS_EVERY_S = 1.0
_ATTEMPTS = 3
_place: list[Workplace] = []  # the workplace of this worker; set once, before jobs are taken


def work_at(workplace: Workplace) -> None:
    """Everything from now on is done at `workplace`."""
    _place[:] = [workplace]
    delivering.work_at(workplace)


def _transient(error: BaseException) -> bool:
    """Worth another try: neither what a task said, nor what we refuse."""
    return not isinstance(error, TaskFailed) and isinstance(error, OSError)


@DBOS.workflow(name="run_turn")
async def run_turn(turn_id: str) -> None:
    """One turn: understood, carried out, settled. Who cancels it has settled it (`cancelling`)."""
    plan = msgspec.convert(await _planned(turn_id), Planned)
    if not plan.steps:
        return
    try:
        done = await _carried_out(turn_id, msgspec.to_builtins(plan.steps))
    except Stopped:
        return
    except Exception as error:
        await _failed(turn_id, _told(error), plan.language)
        return
    await _settled(turn_id, done, msgspec.to_builtins(plan))


@DBOS.step(name="plan")
async def _planned(turn_id: str) -> dict[str, Any]:
    planned: dict[str, Any] = msgspec.to_builtins(await asyncio.to_thread(plan_turn, _place[0], turn_id))
    return planned


@DBOS.step(
    name="carry_out",
    preemptible=True,
    retries_allowed=True,
    max_attempts=_ATTEMPTS,
    should_retry=_transient,
)
async def _carried_out(turn_id: str, steps: list[dict[str, Any]]) -> dict[str, Any]:
    request = await asyncio.to_thread(_turn_request, turn_id, steps)
    told_at_s = 0.0
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
    return done


@DBOS.step(name="settle")
async def _settled(turn_id: str, done: dict[str, Any], plan: dict[str, Any]) -> None:
    await asyncio.to_thread(_settle, turn_id, done, msgspec.convert(plan, Planned))


@DBOS.step(name="fail")
async def _failed(turn_id: str, told: dict[str, Any], language: str) -> None:
    await asyncio.to_thread(_undone, turn_id, told, language)


@DBOS.workflow(name="run_render")
async def run_render(workflow_id: str) -> None:
    """One render: made, published, recorded. Who cancels it has settled it (`cancelling`)."""
    try:
        await _rendered(workflow_id)
    except Stopped:
        return
    except Exception as error:
        await asyncio.to_thread(_render_failed, workflow_id, _told(error))


@DBOS.step(
    name="render",
    preemptible=True,
    retries_allowed=True,
    max_attempts=_ATTEMPTS,
    should_retry=_transient,
)
async def _rendered(workflow_id: str) -> None:
    found = await asyncio.to_thread(_render_request, workflow_id)
    if found is None:
        return
    request, name = found
    out = Path(request["out"])
    started_s = time.monotonic()
    try:
        async with aclosing(lines(request, lambda: _render_is_over(workflow_id))) as said:
            async for line in said:
                if "progress" in line:
                    await asyncio.to_thread(_advance, workflow_id, line["progress"], started_s)
                elif "done" in line:
                    await asyncio.to_thread(_publish, workflow_id, out, name, line["done"])
    finally:
        for left in out.parent.glob("*"):
            left.unlink(missing_ok=True)
        out.parent.rmdir()


def _turn_request(turn_id: str, steps: list[dict[str, Any]]) -> dict[str, Any]:
    with _place[0].database.reading() as connection:
        turn = turns.of_id(connection, turn_id)
        assert turn is not None
        session = sessions.of_user(connection, turn.user_id, turn.session_id)
        history = sessions.history(connection, session)
    return {
        "kind": "turn",
        "assets": _assets(session.id),
        "history": history_data(history),
        "steps": steps,
        "said": turn.text,
        "music_folder": _music_folder(),
    }


def _render_request(workflow_id: str) -> tuple[dict[str, Any], str] | None:
    place = _place[0]
    with place.database.reading() as connection:
        row = renders.of_workflow(connection, workflow_id)
    if row is None or row.is_over:
        return None
    with place.database.writing() as connection:
        renders.advance(connection, workflow_id, 0, None)  # it was taken
    options = json.loads(row.options)
    folder = place.work / workflow_id
    folder.mkdir(exist_ok=True)
    for left in folder.glob("*"):  # of an attempt that was cut off
        left.unlink(missing_ok=True)
    request = {
        "kind": "render",
        "assets": _assets(row.session_id),
        "project": row.project,
        "steps": [],
        "out": str(folder / f"out.{options['format']}"),
        "music_folder": _music_folder(),
    }
    return request, options["name"]


def _assets(session_id: str) -> list[dict[str, Any]]:
    with _place[0].database.reading() as connection:
        rows = sessions.assets_of(connection, session_id)
    return [
        {
            "id": row.id,
            "path": str(_place[0].store.path_of(row.sha256, row.name)),
            "info": row.info_json,
        }
        for row in rows
    ]


def _music_folder() -> str | None:
    folder = _place[0].settings.music_folder
    return None if folder is None else str(folder)


def _tell(turn_id: str, key: str, event: dict[str, Any]) -> None:
    with _place[0].database.writing() as connection:
        turns.tell(connection, turn_id, key, event)


def _tell_step(turn_id: str, number: int, measured: dict[str, Any]) -> None:
    response = {key: value for key, value in measured.items() if key not in ("op", "args", "step")}
    _tell(turn_id, f"response:{number}", events.response(turn_id, number, measured["op"], response))


def _settle(turn_id: str, done: dict[str, Any], plan: Planned) -> None:
    """Keep the new history, spend what is held, and say what changed: all of it, or nothing."""
    place = _place[0]
    after = history_of(done["history"])
    with place.database.writing() as connection:
        turn = turns.of_id(connection, turn_id)
        if turn is None or not turns.is_open(connection, turn_id):
            return
        session = sessions.of_user(connection, turn.user_id, turn.session_id)
        before = sessions.history(connection, session)
        settle = ledger.capture if after.project != before.project else ledger.release
        known = {asset.id for entry in after.entries for asset in entry.project.assets}
        came = [row for row in sessions.assets_of(connection, session.id) if row.id not in known]
        if came:  # uploaded while the turn ran
            brought = [asset_of(row.source_of(place.store), row.id) for row in came]
            after = after.then(with_files(after.project, brought), "")
        version = sessions.keep_history(connection, session, before, after)
        settle(connection, turn_id)  # a turn that changed nothing costs nothing
        words = telling.changed(done)
        if plan.refused:
            words = telling.joined([words, *plan.refused], "\n", "\n")
        turns.tell(
            connection,
            turn_id,
            "end",
            events.text(
                turn_id,
                words.said(plan.language),
                turnComplete=True,
                state_delta={"version": version},
                customMetadata={"receipt": {"operations": done["steps"]}},
            ),
        )
        steps = tuple(Step(each["op"], each["args"]) for each in plan.steps)
        turns.end(connection, turn_id, "done", steps)
        hooks.turn_ended(connection, place.jobs, turn_id)


def _undone(turn_id: str, told: dict[str, Any], language: str) -> None:
    """Give back what is held, and say why nothing changed."""
    said = Words(told["en"], told.get("zh", told["en"])).said(language)
    with _place[0].database.writing() as connection:
        if turns.is_open(connection, turn_id):
            ledger.release(connection, turn_id)
            turns.tell(connection, turn_id, "error", events.error(turn_id, told["code"], said))
            turns.tell(connection, turn_id, "end", events.text(turn_id, said, turnComplete=True))
            turns.end(connection, turn_id, "failed")
            hooks.turn_ended(connection, _place[0].jobs, turn_id)


def _advance(workflow_id: str, progress: list[Any], started_s: float) -> None:
    stage, fraction = progress
    percent = {"verify": 95.0, "copy": 80.0}.get(stage, 80.0 * fraction)
    took_s = time.monotonic() - started_s
    eta_s = round(took_s * (100 - percent) / percent, 1) if percent >= 5 else None
    with _place[0].database.writing() as connection:
        renders.advance(connection, workflow_id, int(percent), eta_s)


def _publish(workflow_id: str, out: Path, name: str, done: dict[str, Any]) -> None:
    place = _place[0]
    stored = place.store.publish_file(out)
    with place.database.writing() as connection:
        sessions.keep_object(connection, stored)
        ended = renders.end(
            connection,
            workflow_id,
            "completed",
            progress=100,
            sha256=stored.sha256,
            name=name,
            duration_ms=round(done["receipt"]["duration_after_s"] * 1000),
            receipt=json.dumps(done, ensure_ascii=False),
        )
        if ended:
            hooks.render_ended(connection, place.jobs, workflow_id)


def _render_failed(workflow_id: str, told: dict[str, Any]) -> None:
    with _place[0].database.writing() as connection:
        if renders.end(connection, workflow_id, "failed", error=json.dumps(told, ensure_ascii=False)):
            hooks.render_ended(connection, _place[0].jobs, workflow_id)


def _turn_is_over(turn_id: str) -> bool:
    with _place[0].database.reading() as connection:
        turn = turns.of_id(connection, turn_id)
    return turn is None or turn.is_over


def _render_is_over(workflow_id: str) -> bool:
    with _place[0].database.reading() as connection:
        row = renders.of_workflow(connection, workflow_id)
    return row is None or row.is_over


def _told(error: Exception) -> dict[str, Any]:
    if isinstance(error, TaskFailed):
        return error.told
    if is_full(error):
        full = NoRoom()
        return {"code": full.code, "http_status": 507, "en": full.sentence("en"), "zh": full.sentence("zh")}
    fault = telling.FAULT
    return {"code": "internal", "http_status": 500, "en": fault.en, "zh": fault.zh}
