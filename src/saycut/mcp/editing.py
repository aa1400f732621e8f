"""Tools that look at a session and change it. Every change names the version that it is for."""

import asyncio
import base64
from typing import Annotated, Any, Literal

from mcp.types import AudioContent, CallToolResult, ImageContent, TextContent
from pydantic import Field

from saycut.language.understand import Step
from saycut.mcp import waiting
from saycut.mcp.desk import Asked, Desk
from saycut.mcp.shapes import Job, Operation, Plan, Preview, Timeline
from saycut.service import editing, revising
from saycut.service.editing import MOST_STEPS
from saycut.service.planning import LONGEST_TEXT
from saycut.service.previews import Moment

SessionId = Annotated[str, Field(max_length=64, description="As open_media gave it.")]
Version = Annotated[
    int,
    Field(ge=0, le=1 << 60, description="Of the session, as it was last told; refused when it has moved on."),
]
OpenSession = Annotated[
    SessionId | None, Field(description="To add the files to what is open; else a new session begins.")
]
OpenVersion = Annotated[Version | None, Field(description="Needed with session_id.")]
WaitS = Annotated[
    float, Field(ge=0, le=600, description="Seconds to wait for the end; the job goes on in any case.")
]
USUAL_WAIT_S = 50.0  # many clients give up after a minute


class Editing:
    """Tools of one door."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def get_timeline(self, session_id: SessionId, context: Asked) -> Timeline:
        """What lies on the timeline now, its files, its version, and how far undo and redo reach."""
        user = self._desk.user(context, "read")
        return await asyncio.to_thread(self._desk.timeline, user, session_id)

    async def plan_edit(
        self,
        session_id: SessionId,
        text: Annotated[
            str,
            Field(
                min_length=1,
                max_length=LONGEST_TEXT,
                description="What to do, in plain words: “remove the noise and trim the silences”.",
            ),
        ],
        context: Asked,
    ) -> Plan:
        """What these words would do, as operations in words, without doing it. Where something has to be
        asked first there is a question: put it to the person, and plan again with the answer. What cannot be
        done is in `refused`."""
        user = self._desk.user(context, "read")
        seen = await asyncio.to_thread(editing.outlook, self._desk.workplace, user, session_id, text)
        return Plan.of(seen)

    async def apply_edit(
        self,
        session_id: SessionId,
        operations: Annotated[
            list[Operation],
            Field(min_length=1, max_length=MOST_STEPS, description="As plan_edit gave them, or changed."),
        ],
        version: Version,
        context: Asked,
        wait_s: WaitS = USUAL_WAIT_S,
    ) -> Job:
        """Carry out exactly these operations. Sources are never altered, and undo takes all of it back. The
        same call again is the same edit: it waits on, and nothing is done twice."""
        user = self._desk.user(context, "write")
        steps = [Step(each.op, each.args) for each in operations]
        turn = await asyncio.to_thread(editing.edit, self._desk.workplace, user, session_id, steps, version)
        return await waiting.over(self._desk, user, turn.id, wait_s, context)

    async def undo(
        self,
        session_id: SessionId,
        version: Version,
        context: Asked,
        steps: Annotated[int, Field(ge=1, le=10_000, description="How many turns.")] = 1,
    ) -> Timeline:
        """Take back the last edit, or several. What was undone comes back with the operation `redo`."""
        user = self._desk.user(context, "write")
        place = self._desk.workplace
        await asyncio.to_thread(revising.undone, place, user.id, session_id, steps, version)
        return await asyncio.to_thread(self._desk.timeline, user, session_id)

    async def preview(
        self,
        session_id: SessionId,
        context: Asked,
        what: Annotated[
            Literal["picture", "sound"], Field(description="A small JPEG, or some seconds of sound (MP3).")
        ] = "picture",
        at_s: Annotated[float, Field(ge=0, le=1e6, description="Seconds of the timeline.")] = 0.0,
        seconds: Annotated[float, Field(gt=0, le=10, description="Of sound.")] = 5.0,
    ) -> Annotated[CallToolResult, Preview]:
        """Look at the result at a moment, or listen to it from there on, without making the file. The
        sound is as loud as before the loudness of the whole is set."""
        user = self._desk.user(context, "read")
        now = await asyncio.to_thread(self._desk.timeline, user, session_id)
        moment = Moment(what=what, at_s=at_s, length_s=seconds, most_side=640)
        data = (await self._desk.previews.made(user.id, session_id, moment)).data
        told = Preview(
            session_id=now.session_id,
            version=now.version,
            what=what,
            at_s=at_s,
            media_type=moment.media_type,
            size_bytes=len(data),
        )
        kind: Any = ImageContent if what == "picture" else AudioContent
        media = kind(data=base64.b64encode(data).decode(), mime_type=moment.media_type)
        return CallToolResult(
            content=[TextContent(text=told.model_dump_json()), media],
            structured_content=told.model_dump(mode="json"),
        )
