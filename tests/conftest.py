"""Fixtures shared by all rooms."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

# The gate draws the same examples every time, so that it says the same of the same code; `make soak`
# draws others (`--hypothesis-profile search`), and what it finds becomes an example of its own.
# No deadlines: a slow shared machine is no failure.
settings.register_profile("gate", derandomize=True, deadline=None)
settings.register_profile("search", print_blob=True, deadline=None)
settings.load_profile("gate")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def material(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example's clips (talk, vlog, lav, voiceover, song) and a music folder; do not write here."""
    folder = tmp_path_factory.mktemp("material")
    script = ROOT / "examples" / "make_talking_clip.py"
    subprocess.run([sys.executable, str(script), str(folder)], check=True, capture_output=True)
    (folder / "music").mkdir()
    shutil.copy(folder / "song.wav", folder / "music" / "song.wav")
    return folder
