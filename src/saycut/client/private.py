"""What must never be shown: tokens, headers, JSON. A service that sends them by mistake is not repeated."""

import json
import re

_FENCED = re.compile(r"```[\w-]*\n.*?(?:```|\Z)", re.DOTALL)
_HEADER = re.compile(
    r"^\s*(?:authorization|cookie|set-cookie|content-type|x-[\w-]+|last-event-id)\s*:.*$", re.I | re.M
)
_TOKEN = re.compile(
    r"\bBearer\s+[\w.~+/=-]{6,}|\beyJ[\w-]{8,}\.[\w.-]+|\b(?:sk|nmv|sct|tok)_[\w-]{16,}", re.I
)
_OPENS = re.compile(r"[{\[]")
_LONGEST_JSON = 200_000


def shareable(text: str, secrets: tuple[str, ...] = ()) -> str:
    """`text` without anything of the kind. `secrets` are known ones, removed wherever they stand."""
    text = _FENCED.sub("", text)
    text = _HEADER.sub("", _without_json(text))
    for secret in secrets:
        text = text.replace(secret, "…") if secret else text
    text = _TOKEN.sub("…", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")


def _without_json(text: str) -> str:
    """Objects, and lists of objects, taken out wherever they stand; "[laughs]" and "{name}" are words."""
    decoder, at, kept = json.JSONDecoder(), 0, []
    while (found := _OPENS.search(text, at)) is not None:
        kept.append(text[at : found.start()])
        try:
            value, end = decoder.raw_decode(text[: found.start() + _LONGEST_JSON], found.start())
            is_data = bool(value) and (
                isinstance(value, dict) or any(isinstance(v, dict | list) for v in value)
            )
        except (ValueError, RecursionError):
            is_data, end = False, found.end()
        if not is_data:
            end = found.end()
            kept.append(found.group())
        at = end
    return "".join(kept) + text[at:]
