"""The shapes of what compatible routes answer, for OpenAPI: the envelope, its errors, and what it holds."""

from http import HTTPStatus
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, Field

DataT = TypeVar("DataT")


class Envelope(BaseModel, Generic[DataT]):
    """Success."""

    code: Literal[0]
    message: str = Field(examples=["ok"])
    data: DataT


class Refusal(BaseModel):
    """An error: `code` says which (API reference, codes), `message` says it in words."""

    code: int = Field(examples=[1002])
    message: str = Field(examples=["This session was not found. Create a new one."])
    detail: str | None = None
    data: dict[str, Any] | None = None


class IssuedToken(BaseModel):
    """A token, which is shown this once."""

    token: str
    user_id: str
    credits: int = Field(examples=[100])
    expires_at: str | None


class ClaimToken(BaseModel):
    """Opens one session in a browser and nothing else."""

    claim_token: str
    expires_in: int = Field(description="Seconds.", examples=[604800])


class Balance(BaseModel):
    """Credits; `total` is the sum of the other two."""

    available: int
    frozen: int
    total: int


class NewSessionIds(BaseModel):
    """What the session is called by."""

    task_id: str
    session_id: str
    user_id: str


class UploadedFile(BaseModel):
    """A file of the session; what does not apply to its kind is missing."""

    file_id: str = Field(examples=["file-1"])
    name: str
    kind: Literal["video", "audio", "image"]
    duration_ms: int
    size: int
    width: int | None = None
    height: int | None = None
    frame_rate: float | None = None
    sample_rate: int | None = None
    channels: int | None = None


class Uploaded(BaseModel):
    """In the order they came."""

    files: list[UploadedFile]


class StateOfSession(BaseModel):
    """Everything a client may want to look at; `draft` may be sent back with an export."""

    draft: dict[str, Any]
    summary: str
    video_infos: list[UploadedFile]
    canvas_config: dict[str, Any]
    generated_media: list[dict[str, Any]]


class Latest(BaseModel):
    """The state, and a number that moves on with every change of it."""

    user_id: str
    state: StateOfSession
    version: int


class Submitted(BaseModel):
    """A render that is queued, or was before."""

    code: Literal[0]
    id: str
    status: Literal["pending", "processing", "completed", "failed"]


class RenderedFile(BaseModel):
    """Where the file is: an address that is good for an hour and needs no token."""

    url: str
    size: int
    duration_ms: int


class RenderState(Submitted):
    """How far it is."""

    progress: int = Field(ge=0, le=100)
    eta_s: float | None = None
    output: RenderedFile | None = None
    error: str | None = None


class AgentSession(BaseModel):
    """A session as the Agent Development Kit knows it."""

    id: str
    appName: str  # noqa: N815 - its names
    userId: str  # noqa: N815
    state: dict[str, Any]
    events: list[dict[str, Any]]
    lastUpdateTime: float  # noqa: N815


def told(model: Any, *refusals: int) -> dict[int | str, dict[str, Any]]:
    """What a route answers, for its decorator: `model` with 200, and these errors."""
    return {200: {"model": model, "description": "Success."}, **refusing(*refusals)}


def refusing(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """These errors only."""
    return {status: {"model": Refusal, "description": HTTPStatus(status).phrase} for status in statuses}


FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file.", "content": {"*/*": {}}},
    206: {"description": "The part of it that was asked for.", "content": {"*/*": {}}},
    416: {"description": "There is no such part."},
}
NOTHING: dict[int | str, dict[str, Any]] = {
    200: {"description": "Success.", "content": {"application/json": {"schema": {"type": "null"}}}}
}
STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Events, each `data: <json>` on one line.",
        "content": {"text/event-stream": {"example": 'id: 1\ndata: {"id":"evt_1","author":"saycut"}\n\n'}},
    }
}
_LINKS = {
    "type": "object",
    "required": ["urls"],
    "properties": {
        "urls": {"type": "array", "minItems": 1, "maxItems": 50, "items": {"type": "string"}},
        "source_type": {"type": "string", "enum": ["url"]},
    },
}
_FILES = {
    "type": "object",
    "required": ["files"],
    "properties": {"files": {"type": "array", "items": {"type": "string", "format": "binary"}}},
}
UPLOAD = {
    "requestBody": {
        "required": True,
        "content": {"multipart/form-data": {"schema": _FILES}, "application/json": {"schema": _LINKS}},
    }
}
RENDER = {
    "requestBody": {
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["id", "sessionId"],
                    "properties": {
                        "id": {"type": "string", "minLength": 1, "maxLength": 64},
                        "sessionId": {"type": "string", "minLength": 1, "maxLength": 64},
                        "draft": {"type": "object", "description": "As the state gave it, or edited."},
                        "output": {
                            "type": "object",
                            "properties": {
                                "format": {"type": "string", "default": "mp4"},
                                "quality": {"type": "string", "default": "high"},
                            },
                        },
                    },
                },
                "example": {"id": "render_1", "sessionId": "ses_5pNnQd2kTzq1bW7x", "draft": {}},
            }
        }
    },
    "parameters": [
        {"name": name, "in": "header", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in ("X-Skill-Source", "X-Skill-Version", "X-Skill-Platform")
    ],
}
CLIENT = {
    "parameters": [
        {
            "name": "X-Client-Id",
            "in": "header",
            "required": True,
            "schema": {"type": "string", "format": "uuid"},
        }
    ]
}
