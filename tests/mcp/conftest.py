"""Tests here are coroutines."""

import shutil
from pathlib import Path

import pytest

from tests.factory import make


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder that an agent may use, with a clip in it, and what it may not use beside."""
    made = tmp_path / "root"
    (made / "sub").mkdir(parents=True)
    shutil.copy(make("cfr30"), made / "clip.mp4")
    shutil.copy(make("cfr30"), tmp_path / "private.mp4")
    return made


@pytest.fixture
def clip() -> Path:
    return make("cfr30")
