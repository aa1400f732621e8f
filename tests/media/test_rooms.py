"""The room's own rules: the parent never holds FFmpeg, and only this room knows its options."""

import subprocess
import sys
from pathlib import Path

import pytest

import saycut

SOURCE = Path(saycut.__file__).parent
MODULES = sorted(f"saycut.media.{path.stem}" for path in (SOURCE / "media").glob("[a-z]*.py"))


def test_no_module_of_the_parent_imports_av() -> None:
    code = (
        "import importlib, sys\n"
        f"for name in {MODULES!r}:\n"
        "    importlib.import_module(name)\n"
        "print(sorted(name for name in ('av', 'PIL.Image', 'soxr') if name in sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: str(path.relative_to(SOURCE)))
def test_av_is_imported_in_child_programs_only(path: Path) -> None:
    lines = [line.strip() for line in path.read_text("utf-8").splitlines()]
    uses_av = any(line.startswith(("import av", "from av")) for line in lines)
    assert not uses_av or path.parent == SOURCE / "media" / "child"


def test_the_launcher_needs_nothing_but_the_standard_library() -> None:
    launcher = SOURCE / "media" / "launcher.py"
    done = subprocess.run(
        [sys.executable, "-I", "-S", str(launcher), "--isolation"], capture_output=True, text=True, check=True
    )
    assert '"network"' in done.stdout
