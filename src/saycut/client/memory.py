"""What is not finished yet, on disk, so that closing the program loses nothing: one small file each.

A render is remembered before it is asked for and forgotten when its file lies in its folder. A session is
remembered with the files that were sent into it. Neither file holds a token.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec

from saycut.client.files import written

_FOLDER = "unfinished"


@dataclass(frozen=True, slots=True)
class OpenRender:
    """A render whose file was not delivered yet. `begun_s`: seconds since 1970."""

    service: str
    render_id: str
    session_id: str
    task_id: str | None
    name: str
    suffix: str
    folder: str
    begun_s: float


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session that can be gone on with."""

    service: str
    session_id: str
    task_id: str | None
    user_id: str | None
    name: str
    files: tuple[str, ...]
    begun_s: float


OpenT = TypeVar("OpenT", OpenRender, OpenSession)
_PREFIX: dict[type, str] = {OpenRender: "render", OpenSession: "session"}


class Memory:
    """The files in the user's folder. Broken ones are passed over."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / _FOLDER

    def keep(self, what: OpenRender | OpenSession) -> None:
        """Until it is forgotten."""
        written(self._path(what), msgspec.json.encode(what).decode())

    def forget(self, what: OpenRender | OpenSession) -> None:
        """It is over."""
        self._path(what).unlink(missing_ok=True)

    def renders(self, service: str) -> list[OpenRender]:
        """Those of a service, the oldest first."""
        found = (r for r in self._all(OpenRender) if r.service == service)
        return sorted(found, key=lambda r: r.begun_s)

    def sessions(self, service: str) -> list[OpenSession]:
        """Those of a service, the newest first."""
        found = (s for s in self._all(OpenSession) if s.service == service)
        return sorted(found, key=lambda s: -s.begun_s)

    def _all(self, kind: type[OpenT]) -> list[OpenT]:
        told = []
        for path in sorted(self._folder.glob(f"{_PREFIX[kind]}-*.json")):
            try:
                told.append(msgspec.json.decode(path.read_bytes(), type=kind))
            except (OSError, msgspec.MsgspecError):
                continue
        return told

    def _path(self, what: OpenRender | OpenSession) -> Path:
        its_id = what.render_id if isinstance(what, OpenRender) else what.session_id
        name = hashlib.sha256(f"{what.service} {its_id}".encode()).hexdigest()[:24]
        return self._folder / f"{_PREFIX[type(what)]}-{name}.json"
