"""A disk that fills up while Saycut works: the right exit code, one sentence, nothing left behind."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.factory import make


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with 96 kB."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=96k", "tmpfs", str(place)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("MOUNT REFUSED: a full disk needs a small file system of its own (run as root)")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def edit(source: Path, words: str, out: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "saycut", "edit", str(source), "--say", words, "-o", str(out)]
    return subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, **environment}, check=False
    )


@pytest.mark.parametrize("words", ["mute it", "cut the first 0.2 seconds", "make it louder"])
def test_no_room_for_the_result(words: str, small_disk: Path) -> None:
    done = edit(make("long_gop"), words, small_disk / "o.mp4")
    assert done.returncode == 5, done.stderr
    assert "no room left" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(small_disk.iterdir()) == []


def test_no_room_for_the_work_files(small_disk: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    done = edit(make("cfr30"), "make it louder", out / "o.mp4", TMPDIR=str(small_disk))
    assert done.returncode == 5, done.stderr
    assert "no room left" in done.stderr
    assert list(out.iterdir()) == []
    assert list(small_disk.iterdir()) == []


def test_an_older_result_survives_a_full_disk(small_disk: Path) -> None:
    out = small_disk / "o.mp4"
    out.write_bytes(b"what was there before")
    assert edit(make("long_gop"), "mute it", out).returncode == 5
    assert out.read_bytes() == b"what was there before"
