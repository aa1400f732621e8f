"""The labelled sentences of this folder: rows as in the schema of the utterances."""

import json
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "sentences"


@cache
def rows() -> tuple[dict[str, Any], ...]:
    """Every row of every file, in the order of the files."""
    return tuple(
        json.loads(line)
        for path in sorted(_FOLDER.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    )
