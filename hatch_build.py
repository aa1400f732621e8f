"""Builds the page (`web/`) into the package when a wheel is built, also by an install from source.

Never for an editable install: there `make web` builds it when it is wanted. Where Node.js is absent the
package comes without the page, says so, and works as an API. `SAYCUT_RELEASE=1` makes that an error: what
is published has its page.
"""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PAGE = Path("src/saycut/http/page")
ENTRY = PAGE / "index.html"
WEB = Path("web")
INSTALL = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
BUILD = ("npm", "run", "build")


class PageMissing(Exception):
    """A release without its page."""


class PageHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs before files are gathered."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """`version` is "editable" for an editable install. Raises PageMissing."""
        if version == "editable":
            return
        why_not = built(Path(self.root))
        if (Path(self.root) / ENTRY).exists():
            build_data["artifacts"].append(f"/{PAGE}/*")  # ignored by git, and yet a part of the package
            return
        said = f"The page is not part of this build: {why_not}. The API works without it."
        if os.environ.get("SAYCUT_RELEASE"):
            raise PageMissing(said)
        self.app.display_warning(said)


def built(root: Path) -> str | None:
    """Build the page where that is possible; else why it is not. One that lies there already may be used."""
    if not (root / WEB / "package-lock.json").exists():
        return "web/ is not here"
    if shutil.which("npm") is None:
        return "npm is not on the PATH (install Node.js 20.19 or newer)"
    for command in (INSTALL, BUILD):
        done = subprocess.run(command, cwd=root / WEB, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            return f"`{' '.join(command)}` failed: {(done.stderr or done.stdout).strip()[-400:]}"
    return None
