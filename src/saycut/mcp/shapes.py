"""What tools answer: shapes with schemas, which clients check."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from saycut.service.editing import Outlook
from saycut.service.sessions import AssetRow, SessionRow
from saycut.timeline.history import History
from saycut.timeline.summary import summary_line


class File(BaseModel):
    """A file of the session."""

    file_id: str
    name: str
    kind: Literal["video", "audio", "image"]
    duration_s: float


class Timeline(BaseModel):
    """A session as it is at `version`; every edit names the version that it is for."""

    session_id: str
    version: int
    summary: str = Field(description="What lies on the timeline, in one line.")
    duration_s: float
    files: list[File]
    undo_steps: int = Field(description="How many turns can be taken back.")
    redo_steps: int

    @classmethod
    def of(cls, session: SessionRow, history: History, rows: list[AssetRow]) -> "Timeline":
        """As the service has it."""
        return cls(
            session_id=session.id,
            version=session.version,
            summary=summary_line(history.project),
            duration_s=round(float(history.project.duration_s), 3),
            files=[
                File.model_validate(
                    {
                        "file_id": row.id,
                        "name": row.name,
                        "kind": row.info.kind,
                        "duration_s": round(float(row.info.duration_s), 3),
                    }
                )
                for row in rows
            ],
            undo_steps=history.undo_steps,
            redo_steps=history.redo_steps,
        )


class Operation(BaseModel):
    """One operation of the catalogue, with its arguments."""

    op: str
    args: dict[str, Any] = Field(default_factory=dict)


class PlannedOperation(Operation):
    """One operation, in words."""

    described: str


class Plan(BaseModel):
    """What words would do; nothing was done. Give `operations` and `version` to apply_edit."""

    session_id: str
    version: int
    kind: str = Field(description="edit, export, credits, status, upload, help, out_of_scope or clarify")
    operations: list[PlannedOperation]
    question: str | None = Field(description="What has to be asked first: plan again with the answer.")
    choices: list[str]
    refused: list[str] = Field(description="What cannot be done, and why.")
    credits: int = Field(description="What it costs; 0 on one's own machine.")

    @classmethod
    def of(cls, seen: Outlook) -> "Plan":
        """In the language of the words."""
        tongue = seen.language
        return cls(
            session_id=seen.session_id,
            version=seen.version,
            kind=seen.kind,
            operations=[
                PlannedOperation(op=step.op, args=step.args, described=words.said(tongue))
                for step, words in zip(seen.steps, seen.described, strict=True)
            ],
            question=None if seen.question is None else seen.question.said(tongue),
            choices=[choice.said(tongue) for choice in seen.choices],
            refused=[part.said(tongue) for part in seen.refused],
            credits=seen.price,
        )


class Job(BaseModel):
    """An edit or an export, and how far it is. It goes on when nobody asks."""

    job_id: str
    kind: Literal["edit", "export"]
    status: Literal["waiting", "running", "done", "failed", "cancelled"]
    session_id: str
    progress: int = Field(ge=0, le=100)
    eta_s: float | None = Field(None, description="Seconds that are left, as far as can be told.")
    said: str | None = Field(None, description="What changed, or why nothing did.")
    version: int | None = Field(None, description="Of the session now.")
    measured: list[dict[str, Any]] = Field([], description="What each operation measured.")
    error: str | None = Field(None, description="The stable code of what went wrong.")


class Exported(Job):
    """With where the file is, once it is made."""

    file: str | None = Field(None, description="The name of the file, from its root folder on.")
    uri: str | None = Field(None, description="Where the file is.")
    media_type: str | None = None
    size_bytes: int | None = None
    duration_s: float | None = None


class Preview(BaseModel):
    """What the picture or the sound beside this is of."""

    session_id: str
    version: int
    what: Literal["picture", "sound"]
    at_s: float
    media_type: str
    size_bytes: int


class Report(BaseModel):
    """What was measured on a finished file."""

    job_id: str
    receipt: dict[str, Any]
    notes: list[str]
    credits: list[dict[str, Any]] = Field(description="Every piece of music in it, and whose it is.")
