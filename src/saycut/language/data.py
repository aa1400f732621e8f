"""The tables of the lexicon, read once from the TOML files beside the code."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "lexicon"


@cache
def table(name: str) -> dict[str, Any]:
    """One table, for example `names.toml`."""
    return tomllib.loads((_FOLDER / name).read_text(encoding="utf-8"))


def tables(folder: str) -> list[tuple[str, dict[str, Any]]]:
    """Every table of a folder with its file name, in the order of the names."""
    return [(path.stem, table(f"{folder}/{path.name}")) for path in sorted((_FOLDER / folder).glob("*.toml"))]
