"""From the timeline to the file: check, render under an id of its own, wait politely, fetch, link.

A render is remembered before it is asked for, so that a program that is closed in between finds it again; it
is forgotten when its file lies in its folder, or when the service has it no more.
"""

from collections.abc import Collection, Generator
from dataclasses import replace
from pathlib import Path

from saycut.client import said, tracks
from saycut.client.connection import Connection
from saycut.client.failures import ClientError, Dropped, Garbled, Refused, Unreachable
from saycut.client.fetching import Fetching
from saycut.client.memory import OpenRender
from saycut.client.refusals import Remedy
from saycut.client.shown import Delivered, Link, Progress, Shown, Text, Trouble
from saycut.client.wire import Json, RenderState, draft_is_ready

_FIRST_LOOK_S, _LONGEST_LOOK_S = 1.0, 15.0
_MOST_BLIND = 12  # looks in a row that were not answered
_STANDS_STILL_S = 30 * 60.0
_NO_SESSION: frozenset[Remedy] = frozenset({"new_session"})  # a render that is not there is no session


class Delivery:
    """The last part of a conversation."""

    def __init__(self, connection: Connection, folder: Path) -> None:
        self._connection = connection
        self._folder = folder
        self.running: OpenRender | None = None

    def export(
        self, suffix: str = "mp4", name: str | None = None, without: Collection[str] = ()
    ) -> Generator[Shown, None, Delivered | None]:
        """Render what is on the timeline, `without` some files, and fetch it. Raises Refused, Unreachable,
        Dropped, Garbled."""
        connection = self._connection
        state = yield from connection.state()
        draft = tracks.without(state.draft, without, state.sounds)
        if not draft_is_ready(draft):
            yield Trouble(said.NOTHING_TO_EXPORT.said(connection.language), "nothing_to_export")
            return None
        yield Progress(said.RENDERING.said(connection.language), "render")
        render = yield from self._submitted(self._next(suffix, name), draft)
        return (yield from self._followed(render, draft))

    def finish(self, render: OpenRender) -> Generator[Shown, None, Delivered | None]:
        """Go on with a render of before. Its session is not touched."""
        yield Progress(said.RENDERING.said(self._connection.language), "render")
        return (yield from self._followed(render, None))

    def _next(self, suffix: str, name: str | None) -> OpenRender:
        connection = self._connection
        session = connection.session
        today_s = connection.clock.today_s()
        return OpenRender(
            service=connection.wire.address.known_as,
            render_id=f"render_{int(today_s * 1000)}_{connection.clock.chance()}",
            session_id=connection.session_id,
            task_id=None if session is None else session.task_id,
            name=name or (session.name if session else "") or "video",
            suffix=suffix,
            folder=str(self._folder),
            begun_s=today_s,
        )

    def _submitted(self, render: OpenRender, draft: Json) -> Generator[Shown, None, OpenRender]:
        """The render that was taken. An id that is somebody's already is changed once."""
        connection = self._connection
        output = {"format": render.suffix, "quality": "high"}

        def ask() -> None:
            connection.wire.submit(render.render_id, render.session_id, draft, output)

        for last in (False, True):
            connection.memory.keep(render)
            try:
                yield from connection.asked(ask, safe=True, without=_NO_SESSION)
            except Refused as refused:
                connection.memory.forget(render)
                if refused.code != 409 or last:
                    raise
                render = self._again(render)
            else:
                break
        return render

    def _again(self, render: OpenRender) -> OpenRender:
        fresh = self._next(render.suffix, render.name)
        return replace(render, render_id=fresh.render_id, begun_s=fresh.begun_s)

    def _followed(self, render: OpenRender, draft: Json | None) -> Generator[Shown, None, Delivered | None]:
        """Wait for it and fetch it; a render that failed is asked for once more, under a new id."""
        language = self._connection.language
        self.running = render
        state = yield from self._awaited(render)
        if state is not None and state.status == "failed" and draft is not None:
            self._connection.memory.forget(render)
            yield Text(said.RENDER_AGAIN.said(language))
            self.running = render = yield from self._submitted(self._again(render), draft)
            state = yield from self._awaited(render)
        self.running = None
        if state is None:
            return None
        if state.status == "failed":
            self._connection.memory.forget(render)
            words = said.RENDER_DIED if draft is None else said.RENDER_FAILED
            yield Trouble(words.said(language), "render_failed")
            return None
        return (yield from self._fetched(render, state))

    def _awaited(self, render: OpenRender) -> Generator[Shown, None, RenderState | None]:
        """The state at the end; None when it was said why there is none."""
        connection, look_s, blind = self._connection, _FIRST_LOOK_S, 0
        shown, moved_s = "", connection.clock.now_s()
        while True:
            try:
                state: RenderState = yield from connection.asked(
                    lambda: connection.wire.render(render.render_id), without=_NO_SESSION
                )
                blind = 0
            except (Refused, Unreachable, Dropped, Garbled) as error:
                if isinstance(error, Refused) and error.status < 500:
                    yield from self._gone(render, error)
                    return None
                blind += 1
                if blind > _MOST_BLIND:
                    raise
                connection.wait_s(min(look_s * blind, _LONGEST_LOOK_S))
                continue
            if state.status in ("completed", "failed", "cancelled"):
                return state if state.status != "cancelled" else replace(state, status="failed")
            text = self._how_far(state)
            now_s = connection.clock.now_s()
            if text != shown:
                shown, moved_s = text, now_s
                yield Progress(text, "render", None if state.progress is None else state.progress / 100)
            elif now_s - moved_s > _STANDS_STILL_S:
                yield Trouble(said.RENDER_SLOW.said(connection.language), "render_slow")
                return None
            connection.wait_s(_pause_s(state, look_s))
            look_s = min(look_s * 1.3, _LONGEST_LOOK_S)

    def _gone(self, render: OpenRender, refused: Refused) -> Generator[Shown, None, None]:
        """Raises `refused` unless it says that there is no such render."""
        if refused.code not in (1002, 404):
            raise refused
        self._connection.memory.forget(render)
        yield Trouble(said.RENDER_GONE.said(self._connection.language), "render_gone")

    def _how_far(self, state: RenderState) -> str:
        language = self._connection.language
        if state.progress:
            return said.PERCENT.said(language, percent=f"{state.progress:.0f}")
        if state.eta_s:
            return said.RENDERING_ETA.said(language, eta_s=f"{state.eta_s:.0f}")
        return said.RENDERING.said(language)

    def _fetched(self, render: OpenRender, state: RenderState) -> Generator[Shown, None, Delivered | None]:
        connection = self._connection
        addresses = [lambda: connection.wire.download_url(render.render_id)]
        if state.url is not None:
            url = state.url
            addresses.insert(0, lambda: url)
        fetching = Fetching(connection, addresses, state.size_bytes)
        try:
            path = yield from fetching.into(Path(render.folder), render.name, render.suffix)
        except OSError:
            yield Trouble(said.DISK.said(connection.language, folder=render.folder), "disk")
            return None
        except ClientError as error:
            if isinstance(error, Refused) and error.code in (1002, 404, 410):
                yield from self._gone(render, Refused(1002, 404))
                return None
            connection.check()
            yield Trouble(said.DOWNLOAD_FAILED.said(connection.language), "download_failed")
            return None
        connection.memory.forget(render)
        size_bytes = path.stat().st_size
        text = said.DELIVERED.said(connection.language, name=path.name, size=said.size(size_bytes))
        delivered = Delivered(text, path, size_bytes, state.duration_s)
        yield delivered
        yield from self._link(render)
        return delivered

    def _link(self, render: OpenRender) -> Generator[Shown, None, None]:
        """The project in a browser. The file is there already: without a link nothing is lost."""
        connection = self._connection
        try:
            url: str = yield from connection.asked(
                lambda: connection.wire.claim(render.session_id, render.task_id), without=_NO_SESSION
            )
        except (Refused, Unreachable, Dropped, Garbled):
            return
        yield Link(said.PROJECT_LINK.said(connection.language, url=url), url, "project")


def _pause_s(state: RenderState, look_s: float) -> float:
    """Until the next look: longer the longer it has taken, and not long past the end that is expected."""
    if state.eta_s is None:
        return look_s
    return min(max(state.eta_s / 3, 0.5), look_s)
