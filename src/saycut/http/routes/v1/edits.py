"""Edits in two moves: what words would do, and operations that are carried out exactly as they stand."""

import asyncio
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from saycut.http.asking import AskingToRead, AskingToWrite, Place
from saycut.http.leaving import unless_gone
from saycut.http.problems import responses
from saycut.http.routes.v1.shapes import Id
from saycut.http.routes.v1.turns import Turn
from saycut.language.understand import Step
from saycut.service import editing
from saycut.service.editing import MOST_STEPS, Outlook
from saycut.service.planning import LONGEST_TEXT
from saycut.service.previews import Moment, Previews
from saycut.words import Words

router = APIRouter(tags=["edits"], prefix="/sessions/{session_id}")
LOUDNESS = "X-Loudness-LUFS"


class Wish(BaseModel):
    """What a person wants."""

    text: str = Field(min_length=1, max_length=LONGEST_TEXT, examples=["remove the background noise"])
    by_words: bool = Field(
        False, description="Ask no language model, even where one is set up: for words that are still typed."
    )


class InWords(BaseModel):
    """The same in both languages."""

    en: str
    zh: str

    @classmethod
    def of(cls, words: Words) -> "InWords":
        """As a room below says it."""
        return cls(en=words.en, zh=words.zh)


class Operation(BaseModel):
    """One operation (see the reference of operations)."""

    op: str = Field(max_length=40, examples=["denoise"])
    args: dict[str, Any] = Field(default_factory=dict, examples=[{}])


class PlannedOperation(Operation):
    """One operation, in words."""

    described: InWords


class Plan(BaseModel):
    """What would be done; nothing was. `operations` with `version` are what an edit takes."""

    session_id: str
    version: int = Field(description="Of the session that this is a plan for.", examples=[7])
    kind: str = Field(
        description="edit, export, credits, status, upload, help, out_of_scope or clarify.", examples=["edit"]
    )
    language: str = Field(description="Of the words.", examples=["en"])
    operations: list[PlannedOperation]
    question: InWords | None = Field(description="What has to be answered first.")
    choices: list[InWords] = Field(description="What may be answered.")
    refused: list[InWords] = Field(description="What cannot be done, and why.")
    by_model: bool = Field(description="Whether a language model is set up to make plans.", examples=[False])
    credits: int = Field(description="What it costs.", examples=[5])

    @classmethod
    def of(cls, seen: Outlook) -> "Plan":
        """As the service sees it."""
        return cls(
            session_id=seen.session_id,
            version=seen.version,
            kind=seen.kind,
            language=seen.language,
            operations=[
                PlannedOperation(op=step.op, args=step.args, described=InWords.of(words))
                for step, words in zip(seen.steps, seen.described, strict=True)
            ],
            question=None if seen.question is None else InWords.of(seen.question),
            choices=[InWords.of(choice) for choice in seen.choices],
            refused=[InWords.of(part) for part in seen.refused],
            by_model=seen.by_model,
            credits=seen.price,
        )


class Chosen(BaseModel):
    """Operations that are not said in words."""

    operations: list[Operation] = Field(min_length=1, max_length=MOST_STEPS)


class Edit(BaseModel):
    """Operations for the session as it is at `version`."""

    operations: list[Operation] = Field(min_length=1, max_length=MOST_STEPS)
    version: int = Field(ge=0, le=1 << 60, examples=[7])
    on_place: int | None = Field(
        None,
        ge=0,
        le=1 << 30,
        description="Of the state in the history that they are done to, beside what came after it; the "
        "present one when left out.",
    )


class Look(BaseModel):
    """A moment of the session as it stands, or stood."""

    what: Literal["picture", "film", "sound"] = Field("picture", examples=["picture"])
    at_s: float = Field(
        0.0, allow_inf_nan=False, ge=0, le=1e6, description="Seconds of the timeline.", examples=[1.5]
    )
    seconds: float = Field(
        10.0, allow_inf_nan=False, gt=0, le=10, description="Of film or of sound.", examples=[3.0]
    )
    side: Literal[160, 320, 640] = Field(640, description="Pixels of a picture's longer side.")
    place: int | None = Field(
        None, ge=0, le=1 << 30, description="Of a state in the history; the present one when left out."
    )
    solo: list[Annotated[str, Field(max_length=64)]] | None = Field(
        None, max_length=100, description="Ids of the tracks that are heard; all when left out."
    )


@router.post("/plan", responses=responses(401, 404, 422), operation_id="plan_edit")
async def plan_edit(session_id: Id, body: Wish, user: AskingToRead, place: Place) -> Plan:
    """What these words would do, without doing it."""
    # In a thread that is not one of the few for routes: a model may be asked, which takes its time.
    seen = asyncio.to_thread(editing.outlook, place, user, session_id, body.text, by_words=body.by_words)
    return Plan.of(await seen)


@router.post("/plan/operations", responses=responses(401, 404, 422), operation_id="describe_edit")
def describe_edit(session_id: Id, body: Chosen, user: AskingToRead, place: Place) -> Plan:
    """A plan of exactly these operations, in words, without doing it: for a plan that somebody changed."""
    steps = [Step(each.op, each.args) for each in body.operations]
    return Plan.of(editing.outlook_of(place, user, session_id, steps))


@router.post("/edits", status_code=202, responses=responses(401, 404, 409, 422), operation_id="apply_edit")
def apply_edit(session_id: Id, body: Edit, user: AskingToWrite, place: Place) -> Turn:
    """Carry out exactly these operations, as a turn like any other. The same request again is the same
    turn, unless that failed or was cancelled; 409 when the session is at another version or busy."""
    steps = [Step(each.op, each.args) for each in body.operations]
    return Turn.of(editing.edit(place, user, session_id, steps, body.version, on_place=body.on_place))


@router.post(
    "/preview",
    response_class=Response,
    responses={
        200: {
            "description": "A JPEG, an MP4 without sound, or an MP3.",
            "content": {"image/jpeg": {}, "video/mp4": {}, "audio/mpeg": {}},
            "headers": {
                LOUDNESS: {
                    "description": "Of the sound, in LUFS; not of silence.",
                    "schema": {"type": "number"},
                }
            },
        },
        **responses(401, 404, 422, 503),
    },
    operation_id="preview",
)
async def preview(session_id: Id, body: Look, request: Request, user: AskingToRead) -> Response:
    """A small picture of the result at a moment, or up to ten seconds of its film or of its sound (before the
    loudness of the whole is set)."""
    moment = Moment(
        what=body.what,
        at_s=body.at_s,
        length_s=body.seconds,
        most_side=body.side,
        place=body.place,
        solo=None if body.solo is None else tuple(body.solo),
    )
    previews: Previews = request.app.state.previews
    made = await unless_gone(request, previews.made(user.id, session_id, moment))
    loudness = {} if made.lufs is None else {LOUDNESS: f"{made.lufs:.2f}"}
    return Response(
        made.data, media_type=moment.media_type, headers={"Cache-Control": "no-store", **loudness}
    )
