"""The durable jobs of a render. A step that finished is never done again.

A short one is one job. The picture of a long one is divided: every span is a job of its own that any worker
may take, and the last that is done calls for the job that makes the sound and joins them all. Nobody waits
for anybody meanwhile. Whoever cancels a render has settled it (`cancelling`); jobs see that it is over.

Steps may run twice when a machine is thought dead and is not: they write under temporary names, publish by
rename, and end a render by conditional updates, so that twice is as good as once.
"""

import asyncio
import json
import shutil
import time
from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from pathlib import Path
from typing import Any

from dbos import DBOS

from saycut.operations.exporting import SOUND_FORMATS
from saycut.render.spans import may_be_divided
from saycut.service import hooks, renders, sessions, spans, tracing
from saycut.service.renders import RenderRow
from saycut.service.spans import SpanRow
from saycut.service.stages import Far, eta_s, far
from saycut.service.tasks import Stopped, lines
from saycut.service.tracing import Traced
from saycut.service.working import media_of, patiently, place, step, told_of, traced
from saycut.timeline.stored import from_text

_PICTURE_PERCENT = 75.0  # of a divided render, before the joining begins


@DBOS.workflow(name="run_render")
async def run_render(workflow_id: str) -> None:
    """One render: divided, or made, published and recorded."""
    async with traced("render", workflow_id) as span:
        try:
            if not await _divided(workflow_id):
                await _rendered(workflow_id)
        except Stopped:
            return
        except Exception as error:
            await _given_up(span, workflow_id, error)


@DBOS.workflow(name="run_span")
async def run_span(span_id: str) -> None:
    """One span of a render: encoded, and kept for the joining."""
    async with traced("span", span_id) as span:
        try:
            await _encoded(span_id)
        except Stopped:
            await _cleared(spans.render_of(span_id))
        except Exception as error:
            await _given_up(span, spans.render_of(span_id), error)


@DBOS.workflow(name="run_join")
async def run_join(join_id: str) -> None:
    """The rest of a divided render: its sound made, its spans joined, published and recorded."""
    workflow_id = spans.render_of(join_id)
    async with traced("join", join_id) as span:
        try:
            await _rendered(workflow_id)
        except Stopped:
            await _cleared(workflow_id)
        except Exception as error:
            await _given_up(span, workflow_id, error)


async def _cleared(workflow_id: str) -> None:
    """What was encoded for a render that is over goes: whichever of its jobs is the last to see that."""
    await asyncio.to_thread(place().store.drop_parts, workflow_id)


async def _given_up(span: Traced, workflow_id: str, error: Exception) -> None:
    told = told_of(error)
    span.fail(told["code"])
    await patiently(_failed, workflow_id, told)


@step("divide")
async def _divided(workflow_id: str) -> bool:
    row = await asyncio.to_thread(_taken, workflow_id)
    if row is None or not may_be_divided(from_text(row.project)):
        return False
    with _folder(f"{workflow_id}.divide") as folder:
        done = await _done(_request("divide", row, folder), row, lambda _: None)
    if not done["spans"]:
        return False
    await asyncio.to_thread(_divide, row, [(first, end) for first, end in done["spans"]])
    return True


@step("span")
async def _encoded(span_id: str) -> None:
    workflow_id = spans.render_of(span_id)
    row, mine = await asyncio.to_thread(_span, span_id)
    if row is None or row.is_over:
        await _cleared(workflow_id)
        return
    if mine is None or mine.is_done:
        return  # done by another
    with _folder(span_id) as folder:
        request = _request("span", row, folder) | {"span": [mine.first_frame, mine.end_frame]}
        request["out"] = str(folder / "part.mp4")

        def heard(progress: list[Any]) -> None:
            if progress[0] == "encode":
                _advance_span(workflow_id, mine, progress[1])

        await _done(request, row, heard)
        await asyncio.to_thread(_keep_part, row, mine, folder / "part.mp4")


@step("render")
async def _rendered(workflow_id: str) -> None:
    row = await asyncio.to_thread(_render, workflow_id)
    if row is None or row.is_over:
        await _cleared(workflow_id)
        return
    with _folder(workflow_id) as folder:
        parts = await asyncio.to_thread(_parts, workflow_id, folder)
        request = _request("render", row, folder) | {"parts": parts}
        options = json.loads(row.options)
        request |= {"steps": options.get("steps", []), "recipe": options.get("recipe")}
        begun = _PICTURE_PERCENT if parts else 0.0
        started_s = time.monotonic()

        sound_alone = Path(request["out"]).suffix.lstrip(".") in SOUND_FORMATS

        def heard(progress: list[Any]) -> None:
            stage, fraction = progress
            took_s = time.monotonic() - started_s
            _advance(workflow_id, far(stage, fraction, took_s, begun=begun, sound_alone=sound_alone))

        done = await _done(request, row, heard)
        await asyncio.to_thread(_publish, row, Path(request["out"]), done)


async def _done(request: dict[str, Any], row: RenderRow, heard: Any) -> dict[str, Any]:
    """What a task answers; `heard` is told of its progress, in another thread. Raises TaskFailed, Stopped."""
    done: dict[str, Any] = {}
    with tracing.span("task", saycut__task=request["kind"]):
        async with aclosing(lines(request, lambda: _is_over(row.workflow_id))) as said:
            async for line in said:
                if "progress" in line:
                    await asyncio.to_thread(heard, line["progress"])
                elif "done" in line:
                    done = line["done"]
    return done


@contextmanager
def _folder(name: str) -> Iterator[Path]:
    """Room for one job, empty whatever an attempt that was cut off left there."""
    folder = place().work / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _request(kind: str, row: RenderRow, folder: Path) -> dict[str, Any]:
    return {
        "kind": kind,
        **media_of(row.session_id),
        "project": row.project,
        "out": str(folder / f"out.{json.loads(row.options)['format']}"),
    }


def _taken(workflow_id: str) -> RenderRow | None:
    """The render, which is under way now; None when it is over."""
    with place().database.writing() as connection:
        renders.advance(connection, workflow_id, 0, None)
        row = renders.of_workflow(connection, workflow_id)
    return None if row is None or row.is_over else row


def _divide(row: RenderRow, frames: list[tuple[int, int]]) -> None:
    here = place()
    with here.database.writing() as connection:
        if not _over(renders.of_workflow(connection, row.workflow_id)):
            spans.divide(connection, here.jobs, row.workflow_id, row.user_id, frames)


def _span(span_id: str) -> tuple[RenderRow | None, SpanRow | None]:
    """The render, and the span of it; None for what is over."""
    workflow_id = spans.render_of(span_id)
    with place().database.writing() as connection:
        row = renders.of_workflow(connection, workflow_id)
        mine = next((each for each in spans.of_render(connection, workflow_id) if each.id == span_id), None)
        if mine is not None:
            spans.advance(connection, mine, 0)
    return row, mine


def _advance_span(workflow_id: str, mine: SpanRow, fraction: float) -> None:
    with place().database.writing() as connection:
        spans.advance(connection, mine, int(99 * fraction))
        rows = spans.of_render(connection, workflow_id)
        begun_at_s = spans.begun_at_s(rows)
        if begun_at_s is not None:
            percent = _PICTURE_PERCENT * spans.percent(rows) / 100
            left_s = eta_s(percent, time.time() - begun_at_s)
            renders.advance(connection, workflow_id, int(percent), left_s, "encode")


def _keep_part(row: RenderRow, mine: SpanRow, path: Path) -> None:
    here = place()
    here.store.keep_part(row.workflow_id, mine.number, path)
    with here.database.writing() as connection:
        over = _over(renders.of_workflow(connection, row.workflow_id))
        if not over:
            spans.finish(connection, here.jobs, mine, row.user_id)
    if over:
        here.store.drop_parts(row.workflow_id)


def _parts(workflow_id: str, folder: Path) -> list[tuple[str, int]]:
    """The encoded spans as files of this machine; none when one is missing (then all is encoded anew)."""
    here = place()
    with here.database.reading() as connection:
        rows = spans.of_render(connection, workflow_id)
    parts = []
    for row in rows:
        path = here.store.part(workflow_id, row.number, folder)
        if path is None:
            return []
        parts.append((str(path), row.frames))
    return parts


def _advance(workflow_id: str, now: Far) -> None:
    with place().database.writing() as connection:
        renders.advance(connection, workflow_id, int(now.percent), now.eta_s, now.stage)


def _publish(row: RenderRow, out: Path, done: dict[str, Any]) -> None:
    here = place()
    stored = here.store.publish_file(out)
    with here.database.writing() as connection:
        sessions.keep_object(connection, stored)
        ended = renders.end(
            connection,
            row.workflow_id,
            "completed",
            progress=100,
            sha256=stored.sha256,
            name=json.loads(row.options)["name"],
            duration_ms=round(done["receipt"]["duration_after_s"] * 1000),
            receipt=json.dumps(done, ensure_ascii=False),
        )
        if ended:
            hooks.render_ended(connection, here.jobs, row.workflow_id)
    here.store.drop_parts(row.workflow_id)


def _failed(workflow_id: str, told: dict[str, Any]) -> None:
    here = place()
    with here.database.writing() as connection:
        if renders.end(connection, workflow_id, "failed", error=json.dumps(told, ensure_ascii=False)):
            hooks.render_ended(connection, here.jobs, workflow_id)
    here.store.drop_parts(workflow_id)


def _is_over(workflow_id: str) -> bool:
    return _over(_render(workflow_id))


def _render(workflow_id: str) -> RenderRow | None:
    with place().database.reading() as connection:
        return renders.of_workflow(connection, workflow_id)


def _over(row: RenderRow | None) -> bool:
    return row is None or row.is_over
