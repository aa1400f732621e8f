"""What a page draws of the files of a session."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from saycut.http.answers import UploadedFile
from saycut.http.asking import AskingToRead, Place
from saycut.http.leaving import unless_gone
from saycut.http.problems import responses
from saycut.http.routes.v1.shapes import Id
from saycut.service import sessions
from saycut.service.glances import AssetNotFound, Glances
from saycut.service.levels import Levels
from saycut.service.sessions import AssetRow
from saycut.service.uploads import described

router = APIRouter(tags=["assets"], prefix="/sessions/{session_id}")
_STEADY = {"Cache-Control": "private, max-age=86400, immutable"}


Count = Annotated[Literal["64", "128", "256", "512", "1024", "2048", "4096"], Query()]


class Assets(BaseModel):
    """In the order they came."""

    assets: list[UploadedFile]


class Loudness(BaseModel):
    """How loud it is along its length."""

    peaks: list[float] = Field(
        description="The RMS level of each of as many equal stretches, full scale 1.", examples=[[0.1, 0.25]]
    )


class Peaks(Loudness):
    """Of a file."""

    file_id: str = Field(examples=["file-1"])
    duration_ms: int = Field(examples=[3000])
    exact: bool = Field(description="Whether the whole was heard, not a moment of each stretch.")


@router.get("/assets", responses=responses(401, 404, 422), operation_id="list_assets")
def list_assets(session_id: Id, user: AskingToRead, place: Place) -> Assets:
    """The files of a session."""
    with place.database.reading() as connection:
        session = sessions.of_user(connection, user.id, session_id)
        rows = sessions.assets_of(connection, session.id)
    return Assets(assets=[UploadedFile.model_validate(described(row)) for row in rows])


def _asset(
    session_id: Id,
    asset_id: Annotated[str, Path(max_length=64, examples=["file-1"])],
    user: AskingToRead,
    place: Place,
) -> AssetRow:
    with place.database.reading() as connection:
        session = sessions.of_user(connection, user.id, session_id)
        rows = sessions.assets_of(connection, session.id)
    found = next((row for row in rows if row.id == asset_id), None)
    if found is None:
        raise AssetNotFound()
    return found


AskedFor = Annotated[AssetRow, Depends(_asset)]


@router.get("/assets/{asset_id}/peaks", responses=responses(401, 404, 422), operation_id="get_peaks")
async def get_peaks(
    asset: AskedFor,
    request: Request,
    count: Count = "1024",
    soon: Annotated[bool, Query(description="Rather about right than late.")] = False,
) -> Peaks:
    """For drawing a waveform."""
    glances, exact = _glances(request), True
    if soon:
        levels, exact = await glances.sketch(asset, int(count))
    else:
        levels = await glances.peaks(asset, int(count))
    length_ms = described(asset)["duration_ms"]
    return Peaks(file_id=asset.id, duration_ms=length_ms, peaks=levels, exact=exact)


@router.get("/peaks", responses=responses(401, 404, 422, 503), operation_id="get_result_peaks")
async def get_result_peaks(
    session_id: Id,
    request: Request,
    user: AskingToRead,
    count: Count = "1024",
    at_place: Annotated[
        int | None,
        Query(ge=0, le=1 << 30, alias="place", description="Of a state in the history; else the present one"),
    ] = None,
) -> Loudness:
    """The same of the result, before its final level. The whole is listened to: this takes a while, and is
    given up when nobody waits for it."""
    levels: Levels = request.app.state.levels
    made = await unless_gone(request, levels.made(user.id, session_id, at_place, int(count)))
    return Loudness(peaks=made)


@router.get(
    "/assets/{asset_id}/thumbnail",
    response_class=Response,
    responses={
        200: {"description": "A JPEG.", "content": {"image/jpeg": {}}},
        **responses(401, 404, 422),
    },
    operation_id="get_thumbnail",
)
async def get_thumbnail(
    asset: AskedFor,
    request: Request,
    percent: Annotated[int, Query(ge=0, le=99, description="How far into the file.")] = 10,
    side: Annotated[Literal["160", "320", "640"], Query(description="Pixels of the longer side.")] = "320",
) -> Response:
    """A small picture of what is seen there; of a sound its cover."""
    data = await _glances(request).thumbnail(asset, percent, int(side))
    return Response(data, media_type="image/jpeg", headers=_STEADY)


def _glances(request: Request) -> Glances:
    made: Glances = request.app.state.glances
    return made
