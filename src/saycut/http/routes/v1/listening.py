"""Operations heard before anybody agrees to them: ten seconds before, after, and what is taken out."""

from typing import Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from saycut.http.asking import AskingToRead
from saycut.http.leaving import unless_gone
from saycut.http.problems import responses
from saycut.http.routes.v1.edits import Chosen, InWords
from saycut.http.routes.v1.shapes import Id
from saycut.language.understand import Step
from saycut.service.previews import Previews, Trial

router = APIRouter(tags=["edits"], prefix="/sessions/{session_id}")


class Listen(Chosen):
    """Operations for the session as it is at `version`, and which seconds to hear."""

    version: int = Field(ge=0, le=1 << 60, examples=[7])
    at_s: float | None = Field(
        None,
        allow_inf_nan=False,
        ge=0,
        le=1e6,
        description="Seconds of the timeline. Left out: where an operation acts, or else a telling moment.",
        examples=[1.5],
    )
    seconds: float = Field(10.0, allow_inf_nan=False, gt=0, le=10, examples=[10.0])
    place: int | None = Field(
        None,
        ge=0,
        le=1 << 30,
        description="Of the state in the history that they are tried on; the present one when left out.",
    )


class Listening(BaseModel):
    """MP3s in base64, all at the loudness `lufs` (or as they are where nothing sounds)."""

    at_s: float = Field(description="Where they begin on the timeline.", examples=[1.5])
    seconds: float = Field(description="Of `before`.", examples=[10.0])
    after_s: float = Field(description="How many of these seconds are left.", examples=[8.2])
    before: str = Field(description="As it is.", json_schema_extra={"contentEncoding": "base64"})
    after: str | None = Field(description="As it would be; null where all of it is cut out.")
    removed: str | None = Field(description="What is taken out; null where nothing is, or no comparison is.")
    removed_is: Literal["cut", "difference", "nothing"] = Field(
        description="The pieces that are cut out, joined; or before less after, sample by sample."
    )
    removed_s: float = Field(examples=[1.8])
    lufs: float | None = Field(examples=[-16.0])
    gain_before_db: float = Field(description="Added to `before` and `removed`.", examples=[4.2])
    gain_after_db: float = Field(description="Added to `after`.", examples=[3.9])
    steps: list[dict[str, Any]] = Field(
        description="What each operation measured, in order; on these seconds alone where it listens."
    )
    warnings: list[InWords]


@router.post(
    "/preview/operations",
    response_model=Listening,
    responses=responses(401, 404, 409, 422, 503),
    operation_id="preview_operations",
)
async def preview_operations(session_id: Id, body: Listen, request: Request, user: AskingToRead) -> Listening:
    """Hear what exactly these operations would do, without doing it. 409 when the session is at another
    version. Whoever leaves stops the work."""
    previews: Previews = request.app.state.previews
    trial = Trial(
        steps=tuple(Step(each.op, each.args) for each in body.operations),
        version=body.version,
        at_s=body.at_s,
        length_s=body.seconds,
        place=body.place,
    )
    told = await unless_gone(request, previews.heard(user.id, session_id, trial))
    return Listening(
        at_s=told["at_s"],
        seconds=told["length_s"],
        after_s=told["after_s"],
        before=told["before"],
        after=told["after"],
        removed=told["removed"],
        removed_is=told["what"],
        removed_s=told["removed_s"],
        lufs=told["lufs"],
        gain_before_db=told["gain_before_db"],
        gain_after_db=told["gain_after_db"],
        steps=told["steps"],
        warnings=[InWords(**words) for words in told["notes"]],
    )
