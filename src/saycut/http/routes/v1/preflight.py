"""Pre-flight: what is to be known before a file is made, in words."""

from typing import Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field, field_validator

from saycut.http.asking import AskingToRead
from saycut.http.leaving import unless_gone
from saycut.http.problems import responses
from saycut.http.routes.v1.edits import InWords
from saycut.http.routes.v1.shapes import Id
from saycut.operations.level import PLATFORM_LUFS
from saycut.operations.platforms import PRESETS
from saycut.service.exports import Format
from saycut.service.preflights import Preflights
from saycut.studio import preflight

router = APIRouter(tags=["jobs"], prefix="/sessions/{session_id}")
_PLATFORMS = tuple(dict.fromkeys((*PRESETS, *PLATFORM_LUFS)))


class Choice(BaseModel):
    """What the file is to be."""

    platform: str | None = Field(
        None,
        max_length=40,
        description=f"One of {', '.join(_PLATFORMS)}; as it is when left out.",
        examples=["youtube"],
    )
    format: Format = "mp4"
    quality: Literal["high", "low"] = "high"

    @field_validator("platform")
    @classmethod
    def known(cls, platform: str | None) -> str | None:
        """Platforms are known by their names."""
        if platform is not None and platform not in _PLATFORMS:
            raise ValueError(f"one of {', '.join(_PLATFORMS)} is needed here")
        return platform


class Check(BaseModel):
    """One thing to know, with the figures that are in the words."""

    what: preflight.What
    verdict: preflight.Verdict = Field(
        description="good; look: somebody may not want that; stop: making the file would fail."
    )
    words: InWords
    figures: dict[str, Any] = Field(examples=[{"lufs": -23.9, "target_lufs": -14.0, "gain_db": 9.9}])


class Preflight(BaseModel):
    """The checks in the order in which they are read; estimates say that they are."""

    session_id: str
    version: int = Field(description="Of the session that this is about.", examples=[7])
    checks: list[Check]


@router.post("/preflight", responses=responses(401, 404, 422, 503), operation_id="preflight")
async def preflight_of(session_id: Id, body: Choice, request: Request, user: AskingToRead) -> Preflight:
    """What the session as it stands would be as a file of that choice: loudness and true peak (measured on
    all of it where that is cheap, else on windows), what the export does about them, length, shape, captions,
    licences, size, time and room. Nothing is made; who goes away stops it."""
    made: Preflights = request.app.state.preflights
    choice = preflight.Choice(platform=body.platform, format=body.format, quality=body.quality)
    found = await unless_gone(request, made.made(user.id, session_id, choice))
    return Preflight(
        session_id=session_id,
        version=found.version,
        checks=[
            Check(
                what=check.what,
                verdict=check.verdict,
                words=InWords.of(check.words),
                figures=check.figures,
            )
            for check in found.checks
        ],
    )
