"""Renders as jobs: the list, one of them, its receipt, and stopping it."""

import json
from datetime import datetime
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response
from pydantic import BaseModel, Field

from saycut.http.asking import AskingToRead, AskingToWrite, Place
from saycut.http.problems import responses
from saycut.http.routes.v1.shapes import After, Limit, moment
from saycut.service import cancelling, renders, sessions
from saycut.service.project_files import project_file
from saycut.service.renders import NoReceipt, RenderRow
from saycut.studio.music import credit_text

router = APIRouter(tags=["jobs"], prefix="/jobs")
JobId = Annotated[str, Path(max_length=64, description="As it was submitted.", examples=["render_1"])]


class JobError(BaseModel):
    """Why a render failed."""

    code: str = Field(examples=["impossible"])
    message: str


class Job(BaseModel):
    """One render."""

    id: str = Field(examples=["render_1"])
    session_id: str
    status: Literal["pending", "processing", "completed", "failed", "cancelled"]
    progress: int = Field(ge=0, le=100, examples=[40])
    eta_s: float | None = Field(description="Seconds that are left, as far as can be told.", examples=[12.5])
    stage: str | None = Field(
        description="What is done just now; null when it waits or is over.", examples=["encode"]
    )
    name: str | None = Field(description="Of the file.", examples=["clip.mp4"])
    duration_ms: int | None
    download: str | None = Field(description="Where the file is, while it is there.")
    error: JobError | None
    created_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, row: RenderRow) -> "Job":
        """As it is in the database."""
        done = row.status == "completed" and row.sha256 is not None  # old results are let go
        told = json.loads(row.error) if row.error else None
        return cls.model_validate(
            {
                "id": row.id,
                "session_id": row.session_id,
                "status": row.status,
                "progress": row.progress,
                "eta_s": row.eta_s,
                "stage": row.stage,
                "name": row.name,
                "duration_ms": row.duration_ms,
                "download": f"/api/render/proxy/{quote(row.id, safe='')}/download" if done else None,
                "error": None if told is None else {"code": told["code"], "message": told["en"]},
                "created_at": moment(row.created_at_s),
                "ended_at": None if row.ended_at_s is None else moment(row.ended_at_s),
            }
        )


class Jobs(BaseModel):
    """The newest first."""

    jobs: list[Job]
    next: str | None = Field(description="Ask for more with `after`; null at the end.")


class Receipt(BaseModel):
    """What was measured on the result (see the reference of receipts)."""

    receipt: dict[str, Any] = Field(
        examples=[{"duration_before_s": 3.0, "duration_after_s": 3.0, "lufs_after": -14.0, "video": "copied"}]
    )
    notes: list[list[str]] = Field(description="What was said about it, each in English and Chinese.")
    credits: list[dict[str, Any]] = Field(description="Every piece of music in it, and whose it is.")


class Credited(BaseModel):
    """Whose the music is."""

    music: list[dict[str, Any]] = Field(
        examples=[[{"title": "Dawn", "author": "Saycut", "licence": "CC0-1.0", "source": "composed"}]]
    )


@router.get("", responses=responses(401, 404, 422), operation_id="list_jobs")
def list_jobs(
    user: AskingToRead,
    place: Place,
    session_id: Annotated[str | None, Query(max_length=64)] = None,
    limit: Limit = 50,
    after: After = None,
) -> Jobs:
    """The renders of the user, the newest first."""
    with place.database.reading() as connection:
        if session_id is not None:
            session_id = sessions.of_user(connection, user.id, session_id).id
        rows = renders.all_of_user(connection, user.id, limit, session_id=session_id, after=after)
    return Jobs(jobs=[Job.of(row) for row in rows], next=rows[-1].id if len(rows) == limit else None)


@router.get("/{job_id}", responses=responses(401, 404, 422), operation_id="get_job")
def get_job(job_id: JobId, user: AskingToRead, place: Place) -> Job:
    """How far it is."""
    with place.database.reading() as connection:
        return Job.of(renders.of_user(connection, user.id, job_id))


@router.get("/{job_id}/receipt", responses=responses(401, 404, 409, 422), operation_id="get_receipt")
def get_receipt(job_id: JobId, user: AskingToRead, place: Place) -> Receipt:
    """What was measured on the finished file."""
    with place.database.reading() as connection:
        row = renders.of_user(connection, user.id, job_id)
    if row.receipt is None:
        raise NoReceipt()
    return Receipt.model_validate_json(row.receipt)


@router.get(
    "/{job_id}/credits",
    response_class=Response,
    responses={
        200: {
            "description": "A file.",
            "content": {
                "application/json": {"schema": Credited.model_json_schema()},
                "text/plain": {"schema": {"type": "string"}},
            },
        },
        **responses(401, 404, 409, 422),
    },
    operation_id="get_credits_file",
)
def get_credits_file(
    job_id: JobId, user: AskingToRead, place: Place, form: Literal["json", "text"] = "json"
) -> Response:
    """Every piece of music in a finished file, and whose it is: as JSON, or as text to paste where it is
    posted."""
    with place.database.reading() as connection:
        row = renders.of_user(connection, user.id, job_id)
    if row.receipt is None:
        raise NoReceipt()
    music = json.loads(row.receipt)["credits"]
    if form == "text":
        return _named(credit_text(music).encode(), row, "credits.txt", "text/plain; charset=utf-8")
    data = json.dumps({"music": music}, ensure_ascii=False, indent=2) + "\n"
    return _named(data.encode(), row, "credits.json", "application/json")


@router.get(
    "/{job_id}/project",
    response_class=Response,
    responses={
        200: {"description": "A recipe.", "content": {"application/json": {"schema": {"type": "object"}}}},
        **responses(401, 404, 409, 422),
    },
    operation_id="get_project_file",
)
def get_project_file(job_id: JobId, user: AskingToRead, place: Place) -> Response:
    """What led to a finished file, as a recipe: `saycut apply` carries it out on other files, `saycut replay`
    makes the same file again, where that can be promised, and proves it."""
    with place.database.reading() as connection:
        row = renders.of_user(connection, user.id, job_id)
    return _named(project_file(row), row, "recipe.json", "application/json")


def _named(data: bytes, row: RenderRow, suffix: str, media_type: str) -> Response:
    """A download called after the result."""
    name = quote(f"{row.name or 'video.mp4'}.{suffix}")
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(data, media_type=media_type, headers=headers)


@router.post("/{job_id}/cancel", responses=responses(401, 404, 422), operation_id="cancel_job")
def cancel_job(job_id: JobId, user: AskingToWrite, place: Place) -> Job:
    """Stop it; the encoder is gone within two seconds. A render that is over stays what it is."""
    return Job.of(cancelling.cancel_render(place, user.id, job_id))
