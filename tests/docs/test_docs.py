"""Every command that the README and the docs show is run, in a folder with the example's material."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)


def commands(page: Path) -> list[str]:
    blocks = FENCE.findall(page.read_text("utf-8"))
    return [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ ")]


# Whose commands take a quarter of a minute or more: they are run by make soak.
LONG = ("swap-the-music.md", "talk-it-through.md", "clean-a-recording.md")


def shown(page: Path) -> object:
    marks = [pytest.mark.soak] if page.name in LONG else []
    return pytest.param(page, id=str(page.relative_to(ROOT)), marks=marks)


@pytest.mark.parametrize("page", [shown(p) for p in PAGES if commands(p)])
def test_every_command_shown_works(page: Path, material: Path, tmp_path: Path) -> None:
    folder = tmp_path / "here"
    shutil.copytree(material, folder)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for command in commands(page):
        done = subprocess.run(
            ["/bin/sh", "-c", command],
            cwd=folder,
            env={
                **os.environ,
                "PATH": path,
                "HOME": str(tmp_path),
                "XDG_CONFIG_HOME": "",
                "XDG_DATA_HOME": "",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stderr}"


def test_links_between_pages_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.relative_to(ROOT)} → {target}"
