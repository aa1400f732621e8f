"""The page on teaching phrases does what it says: its tables, and nothing else, change what is understood."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "how-to" / "teach-a-phrase.md"
BLOCK = re.compile(r"^```toml\n# (?P<file>\S+), (?P<how>[^\n]+)\n(?P<rows>.*?)^```", re.MULTILINE | re.DOTALL)
PROMISE = re.compile(r"^# now understood: (.+) → (.+)$", re.MULTILINE)


def blocks() -> list[re.Match[str]]:
    return list(BLOCK.finditer(PAGE.read_text("utf-8")))


def taught(package: Path, block: re.Match[str]) -> None:
    """Change the table as the block says."""
    table = package / "saycut" / "language" / "lexicon" / block["file"]
    if not block["how"].startswith("added to "):
        old = table.read_text("utf-8") + "\n" if table.exists() else ""
        table.write_text(old + block["rows"], "utf-8")
        return
    row = re.escape(block["how"].removeprefix("added to "))
    added = block["rows"].split("[", 1)[1].split("]", 1)[0]
    changed, count = re.subn(
        rf"(^{row}\nsays = \[)", rf"\g<1>{added}, ", table.read_text("utf-8"), flags=re.M
    )
    assert count == 1
    table.write_text(changed, "utf-8")


def understood(package: Path, text: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-m", "saycut", "understand", text, "--json"],
        env={**os.environ, "PYTHONPATH": str(package)},
        capture_output=True,
        text=True,
        check=True,
    )
    return [step["op"] for step in msgspec.json.decode(done.stdout)["ops"]]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package whose tables may be changed."""
    folder = tmp_path_factory.mktemp("package")
    shutil.copytree(ROOT / "src" / "saycut", folder / "saycut", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@pytest.mark.parametrize("block", blocks(), ids=lambda block: block["file"])
def test_a_table_of_the_page_teaches_what_it_promises(package: Path, block: re.Match[str]) -> None:
    promise = PROMISE.search(block["rows"])
    assert promise is not None
    text, ops = promise[1], promise[2].split(", ")

    assert understood(package, text) != ops
    taught(package, block)
    assert understood(package, text) == ops
