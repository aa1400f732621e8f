"""Events of a turn in the wire format of the Agent Development Kit (API.md, `/run_sse`).

Our own data goes into `customMetadata` or `actions.stateDelta`; clients reject unknown keys elsewhere.
"""

import secrets
import time
from typing import Any

AUTHOR = "saycut"


def text(turn_id: str, said: str, **more: Any) -> dict[str, Any]:
    """Words for the person."""
    return _event(turn_id, {"role": "model", "parts": [{"text": said}]}, **more)


def call(turn_id: str, number: int, op: str, args: dict[str, Any]) -> dict[str, Any]:
    """An operation that begins."""
    part = {"functionCall": {"id": call_id(turn_id, number), "name": op, "args": args}}
    return _event(turn_id, {"role": "model", "parts": [part]})


def response(turn_id: str, number: int, op: str, measured: dict[str, Any]) -> dict[str, Any]:
    """What an operation measured."""
    part = {"functionResponse": {"id": call_id(turn_id, number), "name": op, "response": measured}}
    return _event(turn_id, {"role": "user", "parts": [part]})


def progress(turn_id: str, stage: str, fraction: float) -> dict[str, Any]:
    """How far the work is; says nothing to people by itself.

    `partial`, so that no client takes it for the last word of the turn or keeps it.
    """
    how_far = {"progress": {"stage": stage, "fraction": round(fraction, 3)}}
    return _event(turn_id, None, partial=True, customMetadata=how_far)


def said(turn_id: str, words: str, at_s: float) -> dict[str, Any]:
    """What the person said; not part of the stream, but of the session's history."""
    event = _event(turn_id, {"role": "user", "parts": [{"text": words}]})
    return {**event, "id": f"{turn_id}-said", "author": "user", "timestamp": at_s}


def error(turn_id: str, code: str, message: str, **metadata: Any) -> dict[str, Any]:
    """Something that could not be done."""
    more = {"customMetadata": metadata} if metadata else {}
    return _event(turn_id, None, errorCode=code, errorMessage=message, **more)


def call_id(turn_id: str, number: int) -> str:
    """The same for a call and its response."""
    return f"{turn_id}-{number}"


def _event(turn_id: str, content: dict[str, Any] | None, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "id": f"evt_{secrets.token_urlsafe(9)}",
        "invocationId": turn_id,
        "author": AUTHOR,
        "timestamp": time.time(),
        "actions": {
            "stateDelta": more.pop("state_delta", {}),
            "artifactDelta": {},
            "requestedAuthConfigs": {},
            "requestedToolConfirmations": {},
        },
    }
    if content is not None:
        made["content"] = content
    return {**made, **{key: value for key, value in more.items() if value is not None}}
