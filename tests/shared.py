"""Where the real material lies, and a loud skip when it does not."""

import os
from pathlib import Path

import pytest

_CANDIDATES = (
    Path(os.environ["SAYCUT_SHARED"]) if "SAYCUT_SHARED" in os.environ else None,
    Path(__file__).resolve().parents[2] / "shared",
)


def shared_data(relative: str) -> Path:
    """The path of `relative` in the shared data folder; skips the test when it is not there."""
    for root in _CANDIDATES:
        if root is not None and (root / "data" / relative).exists():
            return root / "data" / relative
    pytest.skip(f"SHARED DATA ABSENT: {relative} (set SAYCUT_SHARED to the folder that holds data/)")
