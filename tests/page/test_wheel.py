"""A wheel has its page in it; a release without one is not made."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("src", "web", "hatch_build.py", "pyproject.toml", "README.md", "LICENSE", "NOTICE")


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """What a build needs, without a built page."""
    folder = tmp_path / "sources"
    folder.mkdir()
    unwanted = shutil.ignore_patterns("node_modules", "__pycache__")
    for name in PARTS:
        path = ROOT / name
        if path.is_dir():
            shutil.copytree(path, folder / name, ignore=unwanted)
        else:
            shutil.copy(path, folder / name)
    shutil.rmtree(folder / "src" / "saycut" / "http" / "page", ignore_errors=True)
    return folder


def wheel(sources: Path, out: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "-w", str(out), str(sources)]
    return subprocess.run(
        command, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


def without_node(tmp_path: Path) -> str:
    """A PATH on which there is everything that a build needs, and no npm."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "env", "git"):
        found = shutil.which(name)
        if found is not None:
            (folder / name).symlink_to(found)
    return str(folder)


@pytest.mark.soak
def test_a_wheel_has_its_page(sources: Path, tmp_path: Path) -> None:
    if shutil.which("npm") is None:
        pytest.skip("NODE ABSENT: no wheel with a page was built")
    done = wheel(sources, tmp_path, SAYCUT_RELEASE="1")
    assert done.returncode == 0, done.stderr
    (made,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(made).namelist()
    assert "saycut/http/page/index.html" in names
    assert sum(name.startswith("saycut/http/page/") for name in names) >= 4


@pytest.mark.soak
def test_without_node_an_install_works_and_a_release_does_not(sources: Path, tmp_path: Path) -> None:
    path = without_node(tmp_path)
    refused = wheel(sources, tmp_path, SAYCUT_RELEASE="1", PATH=path)
    assert refused.returncode != 0
    assert "npm is not on the PATH" in refused.stdout + refused.stderr
    assert wheel(sources, tmp_path, PATH=path).returncode == 0
    (made,) = tmp_path.glob("*.whl")
    assert "saycut/http/page.py" in zipfile.ZipFile(made).namelist()
