"""Small files of the user's own, written whole or not at all, readable by nobody else."""

import os
import tempfile
from pathlib import Path


def written(path: Path, text: str) -> None:
    """Put `text` into the file at `path`, mode 0600, by rename. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # 0600 from its first byte
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
