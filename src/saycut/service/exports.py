"""Asking for a file: which project, in which format; and addresses of results that need no token."""

import hashlib
import hmac
import json
import time
from typing import Any, Literal, get_args

from saycut.service import project_files, renders, sessions
from saycut.service.accounts import User
from saycut.service.errors import BadBody, ExportBlocked
from saycut.service.renders import RenderRow
from saycut.service.workplace import Workplace
from saycut.timeline.draft import project_from_draft
from saycut.timeline.history import History
from saycut.timeline.project import Project
from saycut.timeline.stored import to_text
from saycut.timeline.value import but

Format = Literal["mp4", "mov", "mkv", "webm", "gif", "wav", "mp3", "m4a", "flac", "ogg"]
FORMATS: tuple[str, ...] = get_args(Format)
_ADDRESS_S = 3600
_TYPES = {
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "mkv": "video/x-matroska",
    "webm": "video/webm",
    "gif": "image/gif",
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "flac": "audio/flac",
    "ogg": "audio/ogg",
}


def submit(
    workplace: Workplace,
    user: User,
    body: dict[str, Any],
    attribution: dict[str, str],
    version: int | None = None,
) -> RenderRow:
    """A queued render (API.md); the same id and body again is the same render. With `version` only of the
    session at that one.

    Raises ExportBlocked, BadBody, BadDraft, SessionNotFound, Conflict, TooMany, StaleVersion.
    """
    if not user.plan.exports:
        raise ExportBlocked(reason="This plan has no exports.", reason_zh="当前套餐不支持导出。")
    render_id, session_id = _text(body, "id"), _text(body, "sessionId")
    body_sha256 = renders.body_hash(body)
    with workplace.database.writing() as connection:
        row = renders.known(connection, user.id, render_id, body_sha256)
        if row is None:
            session = sessions.of_user(connection, user.id, session_id)
            if version is not None:
                sessions.check_version(session, version)
            history = sessions.history(connection, session)
            project = _asked_for(body.get("draft"), history)
            _ready(project)
            # Of a draft that was edited elsewhere nobody knows how it came about.
            is_ours = project == history.project
            steps = sessions.measured(connection, session) if is_ours else []
            wanted, options = _of_quality(project, body.get("output")), _options(body, session.name)
            small, name = wanted != project, options["name"]
            recipe = (
                project_files.asked_of(connection, session, history, steps, name=name, small=small)
                if is_ours
                else None
            )
            asked = {
                "session_id": session.id,
                "body_sha256": body_sha256,
                "project": to_text(wanted),
                "options": json.dumps({**options, "steps": steps, "recipe": recipe}, ensure_ascii=False),
                "attribution": json.dumps(attribution),
            }
            row = renders.begin(connection, user.id, render_id, asked, user.plan)
            workplace.jobs.render(connection, row.workflow_id, user.id)
    return row


def signed_address(workplace: Workplace, row: RenderRow, base: str) -> str:
    """Where the file of a render is for an hour, for whoever has the address; `base` is where the service was
    asked, for one that knows no public address."""
    until = int(time.time()) + _ADDRESS_S
    root = (workplace.settings.public_url or base).rstrip("/")
    signature = _signature(workplace, row.workflow_id, until)
    return f"{root}/api/files/{row.workflow_id}?until={until}&signature={signature}"


def media_type(name: str) -> str:
    """Of a result of that name."""
    return _TYPES.get(name.rsplit(".", 1)[-1], "application/octet-stream")


def is_signed(workplace: Workplace, workflow_id: str, until: int, signature: str) -> bool:
    """Whether that is an address of ours that still holds."""
    return until >= time.time() and _same(signature, _signature(workplace, workflow_id, until))


def _text(body: dict[str, Any], field: str) -> str:
    value = body.get(field)
    if not isinstance(value, str) or not 1 <= len(value) <= 64:
        raise BadBody(field=field, reason="a short text is needed here", reason_zh="此处需要一段短文本")
    return value


def _asked_for(draft: object, history: History) -> Project:
    """What the client sends is what is rendered; without a draft, what the session shows. Raises BadDraft."""
    if draft is None or draft == {}:
        return history.project
    known = {asset.id: asset for entry in history.entries for asset in entry.project.assets}
    return project_from_draft(draft, known)


def _of_quality(project: Project, output: object) -> Project:
    """Clients of the cloud service always say "high", which is how we encode anyway; "low" makes it small."""
    asked = output.get("quality") if isinstance(output, dict) else None
    if asked not in ("low", "small"):
        return project
    return but(project, output=but(project.output, quality="small"))


def _ready(project: Project) -> None:
    if project.main is None or not project.main.segments:
        raise BadBody(
            field="draft.t", reason="there is nothing on the timeline yet", reason_zh="时间线上还没有内容"
        )


def _options(body: dict[str, Any], session_name: str) -> dict[str, str]:
    output = body.get("output") or {}
    asked = output.get("format", "mp4") if isinstance(output, dict) else "mp4"
    if asked not in FORMATS:
        raise BadBody(
            field="output.format",
            reason=f"one of {', '.join(FORMATS)} is needed here",
            reason_zh=f"应为 {'、'.join(FORMATS)} 之一",
        )
    return {"format": asked, "name": f"{session_name or 'video'}.{asked}"}


def _signature(workplace: Workplace, workflow_id: str, until: int) -> str:
    said = f"{workflow_id}:{until}".encode()
    return hmac.new(workplace.secret, said, hashlib.sha256).hexdigest()


def _same(said: str, meant: str) -> bool:
    """Compared in a time that tells nothing; what is said may be anything."""
    return hmac.compare_digest(said.encode(errors="replace"), meant.encode())
