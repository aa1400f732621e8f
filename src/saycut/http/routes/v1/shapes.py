"""What several routes of `/api/v1/` have in common."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Path, Query

Id = Annotated[
    str, Path(max_length=64, description="A session, by its id or by the name its client gave it.")
]
Limit = Annotated[int, Query(ge=1, le=200, description="At most so many.")]
After = Annotated[
    str | None, Query(max_length=64, description="Go on after this one: the `next` of the last answer.")
]


def moment(time_s: float) -> datetime:
    """A time as clients read it (RFC 3339, UTC)."""
    return datetime.fromtimestamp(time_s, UTC)
