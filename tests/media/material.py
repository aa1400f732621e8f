"""Sources for the tests of this room, opened once."""

from functools import lru_cache
from pathlib import Path

from saycut.media.info import Source
from saycut.media.probe import open_source
from tests.factory import make
from tests.factory.spec import Spec
from tests.shared import shared_data


@lru_cache(maxsize=256)
def made(spec: Spec | str) -> Source:
    """A factory file, probed."""
    return open_source(make(spec))


def real(name: str) -> Source:
    """One of the 46 real files, probed; skips when the shared data is absent."""
    return open_real(shared_data(f"media/{name}"))


@lru_cache(maxsize=64)
def open_real(path: Path) -> Source:
    return open_source(path)
