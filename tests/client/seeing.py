"""What a person saw, and that it held nothing private."""

import json
import re
from collections.abc import Sequence

from saycut.client import Conversation, Delivered, Question, Shown, Suggestions

_PRIVATE = re.compile(
    r"authorization|bearer\s|x-client-id|x-skill-|last-event-id|content-type|traceback|\"code\"|\{\s*\"|"
    r"\btask_id\b|\bsession_id\b|invocation",
    re.IGNORECASE,
)


def words_of(one: Shown) -> list[str]:
    """Every text of a value that a door may show."""
    told = [one.text]
    if isinstance(one, Question | Suggestions):
        told += one.choices
    if isinstance(one, Delivered):
        told.append(str(one.path))
    return told


def text_of(shown: Sequence[Shown]) -> str:
    return "\n".join(text for one in shown for text in words_of(one))


def nothing_private(shown: Sequence[Shown], conversation: Conversation) -> None:
    """No token, header or JSON, in whatever a door could show."""
    text = text_of(shown)
    assert not _PRIVATE.search(text), _PRIVATE.search(text)
    secrets = conversation._connection.secrets
    assert secrets
    for secret in secrets:
        assert secret not in text
        assert secret not in repr(shown)
    for line in text.splitlines():
        try:
            value = json.loads(line)
        except ValueError:
            continue
        assert not isinstance(value, dict | list), line
