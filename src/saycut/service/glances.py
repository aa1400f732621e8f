"""What a page draws of a file: how loud it is along its length, and small pictures. Made by a task, kept.

What is kept lies in the work folder under the hash of the file: it can be made again at any time.
"""

import asyncio
import json
import secrets
from contextlib import aclosing
from pathlib import Path
from typing import Any

from saycut.errors import SaycutError
from saycut.media.peaks import together
from saycut.media.sketch import sketch
from saycut.service.errors import ServiceError, TookTooLong
from saycut.service.room import NoRoom
from saycut.service.sessions import AssetRow
from saycut.service.tasks import TaskFailed, lines
from saycut.service.workplace import Workplace

MOST_PEAKS = 4096
_AT_ONCE = 2  # tasks beside those of the workers


class NothingToSee(ServiceError):
    """A file without sound has no peaks, one without a picture no thumbnail. Facts: reason, reason_zh."""

    code = "nothing_to_see"
    wire_code = 422
    http_status = 422
    exit_code = 3
    sentence_en = "{reason}"
    sentence_zh = "{reason}"
    hint_en = ""
    hint_zh = ""


class AssetNotFound(ServiceError):
    """A file that is not in the session."""

    code = "asset_not_found"
    wire_code = 1002
    http_status = 404
    exit_code = 4
    sentence_en = "This file was not found."
    sentence_zh = "找不到该文件。"
    hint_en = ""
    hint_zh = ""


def refusal_of(failure: TaskFailed) -> SaycutError | TaskFailed:
    """What is said of a task that made nothing to see or hear; a fault stays what it is."""
    told = failure.told
    if told["code"] == NoRoom.code:
        return NoRoom()
    if told["http_status"] >= 500:
        return failure
    return NothingToSee(reason=told["en"], reason_zh=told["zh"])


async def answer(request: dict[str, Any], longest_s: float | None = None) -> dict[str, Any]:
    """What a task says in the end; cancelled, or after `longest_s`, it is stopped. Raises what `refusal_of`
    makes of its refusal, TookTooLong."""
    done: dict[str, Any] = {}
    try:
        async with asyncio.timeout(longest_s), aclosing(lines(request)) as said:
            async for line in said:
                done = line.get("done", done)
    except TaskFailed as failure:
        raise refusal_of(failure) from None
    except TimeoutError:
        raise TookTooLong() from None
    return done


class Glances:
    """Those of one web process: the same is never made twice at the same time."""

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace
        self._folder = workplace.work / "glances"
        self._folder.mkdir(exist_ok=True, mode=0o700)
        self._at_once = asyncio.Semaphore(_AT_ONCE)
        self._made: dict[str, asyncio.Lock] = {}

    async def peaks(self, asset: AssetRow, count: int) -> list[float]:
        """RMS levels of `count` equal stretches; `count` divides 4096. Raises NothingToSee."""
        asked = {"glance": "peaks", "count": MOST_PEAKS}
        kept = await self._glance(asset, f"{asset.sha256}.json", asked)
        levels: list[float] = json.loads(await asyncio.to_thread(kept.read_bytes))
        return together(levels, count)

    async def sketch(self, asset: AssetRow, count: int) -> tuple[list[float], bool]:
        """The levels that `peaks` gives when they are there, else about those, and soon; whether they are
        exact. Raises NothingToSee."""
        if not (self._folder / f"{asset.sha256}.json").exists():
            source = await asyncio.to_thread(asset.source_of, self._workplace.store)
            try:
                async with self._at_once:
                    levels = await asyncio.to_thread(sketch, source, count)
            except SaycutError as refusal:
                raise NothingToSee(reason=refusal.sentence("en"), reason_zh=refusal.sentence("zh")) from None
            if levels is not None:
                return levels, False
        return await self.peaks(asset, count), True

    async def thumbnail(self, asset: AssetRow, percent: int, most_side: int) -> bytes:
        """A JPEG of what is seen that far into the file. Raises NothingToSee."""
        asked = {"glance": "thumbnail", "percent": percent, "most_side": most_side}
        kept = await self._glance(asset, f"{asset.sha256}-{percent}-{most_side}.jpg", asked)
        return await asyncio.to_thread(kept.read_bytes)

    async def _glance(self, asset: AssetRow, name: str, asked: dict[str, Any]) -> Path:
        place = self._folder / name
        lock = self._made.setdefault(name, asyncio.Lock())
        try:
            async with lock:
                if not place.exists():
                    async with self._at_once:
                        await self._make(asset, place, asked)
        finally:
            if not lock.locked():
                self._made.pop(name, None)
        return place

    async def _make(self, asset: AssetRow, place: Path, asked: dict[str, Any]) -> None:
        """Under another name first: what stands at `place` is whole."""
        out = place.with_name(f".{secrets.token_hex(8)}")
        source = await asyncio.to_thread(asset.source_of, self._workplace.store)
        request = {"kind": "glance", "path": str(source.path), "info": asset.info_json, "out": str(out)}
        try:
            await answer({**request, **asked})
            out.replace(place)
        finally:
            out.unlink(missing_ok=True)
