"""Who we are to a service: a client id and an anonymous token, in a file only its owner can read.

    {"https://service": {"client_id": "…", "token": "…", "expires_at": "…"}}

Id and token of one service lie together, so that losing one is losing both: a service gives one token per
client and week. No service ever sees what belongs to another.
"""

import json
import sys
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from saycut.client.files import written

_NAME = "client.json"


def config_folder(environ: Mapping[str, str]) -> Path:
    """Where this user's settings of Saycut lie."""
    if environ.get("XDG_CONFIG_HOME"):
        return Path(environ["XDG_CONFIG_HOME"]) / "saycut"
    if sys.platform == "win32" and environ.get("APPDATA"):
        return Path(environ["APPDATA"]) / "saycut"
    home = Path(environ.get("HOME") or Path.home())
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "saycut"
    return home / ".config" / "saycut"


class Identity:
    """What is known of us at one service, on disk."""

    def __init__(self, folder: Path, service: str, client_id: str | None = None) -> None:
        self._path = folder / _NAME
        self._service = service
        self._given = client_id

    def client_id(self) -> str:
        """The id that tells this machine's user apart; made when there is none."""
        if self._given is not None:
            return self._given
        known = self._known().get("client_id")
        return known if isinstance(known, str) and known else self.new_client_id()

    def new_client_id(self) -> str:
        """Another id, kept. What was known under the one before is forgotten."""
        made = str(uuid.uuid4())
        self._given = None
        self._keep({"client_id": made})
        return made

    def token(self) -> str | None:
        """The token of the last time, whether or not it is still good."""
        known = self._known().get("token")
        return known if isinstance(known, str) and known else None

    def keep_token(self, token: str, expires_at: str | None) -> None:
        """For the next time."""
        self._keep({"client_id": self.client_id(), "token": token, "expires_at": expires_at})

    def forget_token(self) -> None:
        """It is not good any more."""
        self._keep({"client_id": self.client_id()})

    def _known(self) -> dict[str, Any]:
        known = self._all().get(self._service)
        return known if isinstance(known, dict) else {}

    def _all(self) -> dict[str, Any]:
        try:
            everything = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return everything if isinstance(everything, dict) else {}

    def _keep(self, known: dict[str, Any]) -> None:
        everything = {**self._all(), self._service: known}
        written(self._path, json.dumps(everything, indent=1))
