"""Events of the Agent Development Kit, read as far as a conversation needs them and no further.

Whatever a service puts where something else belongs is passed over, never an error.
"""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Heard:
    """What one event says."""

    text: str = ""
    partial: bool = False
    invocation_id: str | None = None
    calls: tuple[str, ...] = ()  # operations that began
    done: tuple[str, ...] = ()  # operations that answered
    error_code: str | None = None
    error_text: str = ""
    crashed: bool = False
    progress: tuple[str, float] | None = None  # stage, fraction
    choices: tuple[str, ...] = ()
    register_url: str | None = None


def heard(event: Json) -> Heard:
    """The event as far as it is understood."""
    if "error" in event and "content" not in event:
        return Heard(crashed=True)
    parts = _parts(event)
    metadata = event.get("customMetadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    code = event.get("errorCode")
    user = _object(event, "content").get("role") == "user"
    return Heard(
        text="" if user else "".join(p["text"] for p in parts if _is_shown(p)),
        partial=event.get("partial") is True,
        invocation_id=_text(event, "invocationId"),
        calls=_names(parts, "functionCall"),
        done=_names(parts, "functionResponse"),
        error_code=None if code in (None, "", 0) else str(code),
        error_text=_text(event, "errorMessage") or "",
        progress=_progress(metadata.get("progress")),
        choices=_texts(metadata.get("choices")),
        register_url=_text(metadata, "register_url"),
    )


def _parts(event: Json) -> list[Json]:
    parts = _object(event, "content").get("parts")
    return [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []


def _is_shown(part: Json) -> bool:
    """Whether a part is words for the person: thoughts are a model's own."""
    return isinstance(part.get("text"), str) and part.get("thought") is not True


def _names(parts: list[Json], kind: str) -> tuple[str, ...]:
    return tuple(
        str(_object(part, kind).get("name", "")) for part in parts if isinstance(part.get(kind), dict)
    )


def _progress(told: object) -> tuple[str, float] | None:
    if not isinstance(told, dict):
        return None
    stage, fraction = told.get("stage"), told.get("fraction")
    if not isinstance(stage, str) or not isinstance(fraction, int | float):
        return None
    return stage, min(max(float(fraction), 0.0), 1.0)


def _texts(value: object) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def _object(value: Json, key: str) -> Json:
    inner = value.get(key)
    return inner if isinstance(inner, dict) else {}


def _text(value: Json, key: str) -> str | None:
    inner = value.get(key)
    return inner if isinstance(inner, str) and inner else None
